import { describe, expect, it } from "vitest";
import { nonceSource, signedHeaders, streamAuthentication } from "../../../src/feeds/dnse-open-api/signing.js";

const SIGNING = {
  apiKey: "key",
  apiSecret: "secret",
  dateHeader: "Date",
  dateZone: "+0000",
  apiVersion: "2026-05-07",
} as const;

const AT_MS = Date.UTC(2026, 0, 16, 7, 11, 30);
const NONCE = "00000000000000000000000000000001";

describe("signedHeaders(method, path, signing, nowMs, nonce)", () => {
  it("signs method, path, date and nonce", () => {
    // Worked out with Python's hmac and urllib.parse.quote for this secret, path, date and nonce.
    expect(signedHeaders("GET", "/accounts", SIGNING, AT_MS, NONCE)).toEqual({
      "x-api-key": "key",
      Date: "Fri, 16 Jan 2026 07:11:30 +0000",
      "X-Signature":
        'Signature keyId="key",algorithm="hmac-sha256",headers="(request-target) date",' +
        'signature="IzcCMPUXY%2B4VDzfs0qZKBSUCqf5EwTFR203ijx1ldFA%3D",nonce="00000000000000000000000000000001"',
      version: "2026-05-07",
    });
  });

  it("carries the date in another header, and in another form, when it is told to", () => {
    const headers = signedHeaders("GET", "/accounts", { ...SIGNING, dateHeader: "X-Aux-Date", dateZone: "GMT" }, AT_MS);
    expect(headers["X-Aux-Date"]).toBe("Fri, 16 Jan 2026 07:11:30 GMT");
    expect(headers["X-Signature"]).toContain('headers="(request-target) x-aux-date"');
    expect(headers.Date).toBeUndefined();
  });

  it("uses a nonce of 32 hexadecimal digits once", () => {
    const nonces = Array.from(
      { length: 100 },
      () => /nonce="([^"]*)"/.exec(signedHeaders("GET", "/", SIGNING, AT_MS)["X-Signature"]!)![1]!,
    );
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(nonces).size).toBe(100);
  });
});

describe("streamAuthentication(credentials, nowMs, nonce)", () => {
  it("signs key, seconds and nonce", () => {
    // Worked out with Python's hmac for key, secret, 1710000000 and nonce-1.
    expect(streamAuthentication({ apiKey: "key", apiSecret: "secret" }, 1_710_000_000_999, "nonce-1")).toEqual({
      action: "auth",
      api_key: "key",
      signature: "1c828afbb19b0490a2615f637f6c08e103adf1d8c2b82bd5415432f8fefb329b",
      timestamp: 1_710_000_000,
      nonce: "nonce-1",
    });
  });
});

describe("nonceSource(nowMs)", () => {
  it("counts microseconds and never repeats one, even when the clock stands still or goes back", () => {
    const times = [1_000, 1_000, 999, 2_000];
    const next = nonceSource(() => times.shift()!);
    expect([next(), next(), next(), next()]).toEqual(["1000000", "1000001", "1000002", "2000000"]);
  });
});
