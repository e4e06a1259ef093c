import { describe, expect, it } from "vitest";
import { type ConnectionEnd, delayAfter, isNoFailure } from "../../../src/feeds/dnse-open-api/connection-end.js";

function delay(end: Partial<ConnectionEnd>, { livedMs = 60_000, failures = 1 } = {}): number {
  const whole: ConnectionEnd = { kind: "lost", reason: "", hasWorked: false, ...end };
  return delayAfter(whole, { livedMs, failures, random: () => 0.5 });
}

describe("delayAfter(end, { livedMs, failures, random })", () => {
  it("grows with failures, and is longest for refused credentials", () => {
    expect([1, 2, 3].map((failures) => delay({ kind: "lost" }, { failures }))).toEqual([1_000, 2_000, 4_000]);
    expect(delay({ kind: "refused" })).toBe(60_000);
    expect(delay({ kind: "refused", clockOffsetMs: 90_000 })).toBe(1_000);
    expect(delay({ kind: "busy" })).toBe(15_000);
    expect(delay({ kind: "busy" }, { failures: 6 })).toBe(32_000);
  });

  it("is nothing when the feed wants a new connection, unless the server ends each at once", () => {
    expect(delay({ kind: "asked" }, { livedMs: 0 })).toBe(0);
    expect(delay({ kind: "renewed" })).toBe(0);
    expect(delay({ kind: "renewed" }, { livedMs: 50, failures: 3 })).toBe(4_000);
    expect(isNoFailure({ kind: "renewed", reason: "", hasWorked: true }, 50)).toBe(false);
  });
});
