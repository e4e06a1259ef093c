import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { tradingDaysBetween } from "../../../src/engine/simulated-market/trading-days.js";
import { tradingDate, tradingDateOf } from "../../../src/engine/units/trading-date.js";

const SHARED_DATA = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));

const datesBetween = (...args: Parameters<typeof tradingDaysBetween>) =>
  Array.from(tradingDaysBetween(...args), tradingDateOf);

function realDates(path: string, symbol: string, from: string): string[] {
  const lines = gunzipSync(readFileSync(SHARED_DATA + path))
    .toString("utf8")
    .split("\n");
  return lines
    .map((line) => line.split(","))
    .filter(([time = "", name]) => name === symbol && time >= from)
    .map(([time = ""]) => time);
}

describe("tradingDaysBetween(calendar, from, to)", () => {
  it("leaves out weekends, Tết and its substitute days", () => {
    expect(datesBetween("hose", tradingDate("2026-02-12"), tradingDate("2026-02-24"))).toEqual([
      "2026-02-12",
      "2026-02-13",
      "2026-02-23",
      "2026-02-24",
    ]);
  });

  it("knows the fixed holidays of years that are not announced yet", () => {
    const dates = datesBetween("hose", tradingDate("2029-04-27"), tradingDate("2029-05-02"));
    expect(dates).toEqual(["2029-04-27", "2029-05-02"]);
  });

  it("is empty when the end comes before the beginning", () => {
    expect(datesBetween("global", tradingDate("2026-02-12"), tradingDate("2026-02-11"))).toEqual([]);
  });

  describe.skipIf(!existsSync(SHARED_DATA))("against real files in ../shared/data (skipped without them)", () => {
    const from = tradingDate("2021-01-01");

    it("is the dates of VNINDEX from 2021 to 2026-08-21", () => {
      const dates = realDates("equities/vn_indexes_daily_2004_2026.csv.gz", "VNINDEX", from);
      expect(datesBetween("hose", from, tradingDate("2026-08-21"))).toEqual(dates);
    });

    it("is the dates of iron ore from 2021 to 2026-04-01", () => {
      const dates = realDates("commodities/cn_futures_daily.csv.gz", "DCE.I", from);
      expect(datesBetween("chinese-futures", from, tradingDate("2026-04-01"))).toEqual(dates);
    });
  });
});
