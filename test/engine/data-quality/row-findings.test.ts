import { describe, expect, it } from "vitest";
import {
  conflictingRowFinding,
  duplicateRowFinding,
  missingCloseFinding,
} from "../../../src/engine/data-quality/row-findings.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { tradingDate, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";

const rows = {
  symbol: instrumentSymbol("GVR"),
  fromMs: tradingDateToEpochMs(tradingDate("2018-03-21")),
  toMs: tradingDateToEpochMs(tradingDate("2020-05-15")),
  count: 530,
};

describe("duplicateRowFinding(rows)", () => {
  it("says which row was kept", () => {
    expect(duplicateRowFinding(rows)).toEqual({
      ...rows,
      kind: "duplicate-row",
      severity: "warning",
      message:
        "530 rows repeat a time already read from the same file from 2018-03-21 to 2020-05-15; the first was kept.",
    });
  });
});

describe("conflictingRowFinding(rows)", () => {
  it("says which row was kept", () => {
    expect(conflictingRowFinding(rows)).toMatchObject({
      kind: "conflicting-row",
      message: expect.stringContaining("the stored one was kept"),
    });
  });
});

describe("missingCloseFinding(rows)", () => {
  it("names the day of a single row", () => {
    expect(missingCloseFinding({ ...rows, toMs: rows.fromMs, count: 1 })).toMatchObject({
      kind: "missing-close",
      message: "1 row without a close on 2018-03-21; a candle needs one, so nothing was stored.",
    });
  });
});
