import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInstant } from "../../../src/feeds/dnse/dnse-time.js";

const DAY_MS = 86_400_000;
const instant = fc.integer({ min: Date.UTC(2001, 8, 10), max: Date.UTC(2099, 11, 31) });

describe("readInstant(field, value, receivedAtMs, zone)", () => {
  it("reads the same instant from every form", () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -12, max: 12 }), (atMs, hours) => {
        const iso = new Date(atMs).toISOString();
        const shifted = new Date(atMs + hours * 3_600_000).toISOString().replace("Z", "");
        const offset = `${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00`;
        const local = new Date(atMs + 7 * 3_600_000).toISOString().replace("T", " ").replace("Z", "");
        const forms = [
          { Seconds: Math.floor(atMs / 1_000), Nanos: (atMs % 1_000) * 1_000_000 },
          { seconds: String(Math.floor(atMs / 1_000)), nanos: String((atMs % 1_000) * 1_000_000) },
          iso,
          iso.replace("T", " "),
          shifted + offset,
          shifted + offset.replace(":", ""),
          local,
          atMs,
          String(atMs),
          atMs * 1_000,
          BigInt(atMs) * 1_000_000n,
          `${BigInt(atMs) * 1_000_000n}`,
          atMs / 1_000,
          new Date(atMs),
        ];
        for (const form of forms) expect(readInstant("time", form, 0, "ict")).toBeCloseTo(atMs, 2);
        expect(readInstant("time", iso.replace("Z", ""), 0, "utc")).toBe(atMs);
      }),
    );
  });

  it("puts a time of day on the day that brings it nearest to its receipt", () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -DAY_MS / 2 + 1, max: DAY_MS / 2 - 1 }), (atMs, delayMs) => {
        const text = new Date(atMs).toISOString().slice(11, 23).replaceAll(/[:.]/g, "");
        expect(readInstant("transactTime", text, atMs + delayMs, "ict")).toBe(atMs);
      }),
    );
    expect(readInstant("transactTime", "035200011", Date.parse("2026-05-26T03:52:01Z"), "ict")).toBe(
      Date.parse("2026-05-26T03:52:00.011Z"),
    );
  });

  it.each([
    undefined,
    null,
    "",
    "now",
    "2026-13-01T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "246060000",
    -1,
    0,
    Number.NaN,
    Infinity,
    1e25,
    {},
    { Seconds: 1.5 },
    { Seconds: 1_779_762_571, Nanos: -1 },
    { Seconds: 1_779_762_571, Nanos: 1e9 },
    [1_779_762_571],
    new Date(Number.NaN),
    true,
  ])("refuses %j", (value) => {
    expect(() => readInstant("time", value, Date.UTC(2026, 0), "ict")).toThrow(/(missing|invalid) time/);
  });
});
