import { describe, expect, it } from "vitest";
import { isOwnWebSocket } from "../../src/server/security-headers.js";

describe("isOwnWebSocket({host, origin})", () => {
  it("is true for a page of this server, and for a program that is no browser", () => {
    expect(isOwnWebSocket({ host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" })).toBe(true);
    expect(isOwnWebSocket({ host: "localhost:3000" })).toBe(true);
  });

  it("is false for a page elsewhere, on another port too, and for a rebound name", () => {
    expect(isOwnWebSocket({ host: "127.0.0.1:3000", origin: "https://evil.example" })).toBe(false);
    expect(isOwnWebSocket({ host: "127.0.0.1:3000", origin: "http://127.0.0.1:8000" })).toBe(false);
    expect(isOwnWebSocket({ host: "evil.example:3000", origin: "http://evil.example:3000" })).toBe(false);
    expect(isOwnWebSocket({})).toBe(false);
  });
});
