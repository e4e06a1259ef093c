import { describe, expect, it } from "vitest";
import { DNSE_UNITS } from "../../../src/feeds/dnse/dnse-units.js";
import { createUnitCheck } from "../../../src/feeds/dnse/unit-check.js";

/** The broker's sample: 1,184,240 tens of shares at about 24.25 thousand are 287.17 billion VND. */
const IN_TENS = {
  T: "t",
  marketId: "STO",
  boardId: "G1",
  symbol: "HPG",
  matchPrice: 24.35,
  matchQtty: 40,
  totalVolumeTraded: 1_184_240,
  grossTradeAmount: 287.17458,
};

const IN_SHARES = { ...IN_TENS, totalVolumeTraded: 11_842_400, matchQtty: 400 };

/** What the check says of the same message, again and again. */
function opinions(message: unknown, units = DNSE_UNITS): (number | undefined)[] {
  const check = createUnitCheck(units);
  return Array.from({ length: 100 }, () => check(message)).filter((opinion) => opinion !== undefined);
}

describe("createUnitCheck(units)", () => {
  it("agrees with trades that count as the settings say", () => {
    expect(opinions(IN_TENS)).toEqual([]);
    expect(opinions(IN_SHARES, { ...DNSE_UNITS, tickFactor: 1 })).toEqual([]);
  });

  it("contradicts the settings once when trades count otherwise", () => {
    expect(opinions(IN_SHARES)).toEqual([expect.closeTo(1, 1)]);
    expect(opinions(IN_TENS, { ...DNSE_UNITS, tickFactor: 1 })).toEqual([expect.closeTo(10, 0)]);
  });

  it("has no opinion of odd lots, derivatives, and messages that show nothing", () => {
    expect(opinions({ ...IN_SHARES, boardId: "G4" })).toEqual([]);
    expect(opinions({ ...IN_SHARES, marketId: "DVX" })).toEqual([]);
    expect(opinions({ ...IN_SHARES, boardId: "G9" })).toEqual([]);
    expect(opinions({ ...IN_SHARES, grossTradeAmount: undefined })).toEqual([]);
    for (const message of [null, [], "tick", {}]) expect(opinions(message)).toEqual([]);
  });
});
