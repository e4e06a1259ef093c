import { Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { surveyCloses } from "../../../src/import/reading/survey-closes.js";
import { dailyMapping } from "../support/price-rows.js";
import { temporaryFiles } from "../support/temporary-files.js";

const { write } = temporaryFiles();
const COLUMNS = { time: "time", symbol: "symbol", close: "close" };

describe("surveyCloses(path, mapping)", () => {
  it("keeps the 1st, 2nd, 4th, 8th, … close of each symbol, unscaled", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `2024-03-05,${i < 10 ? "HPG" : "VNM"},${i}`);
    const path = write("sorted.csv", ["time,symbol,close", ...rows].join("\n"));
    const closes = await surveyCloses(path, dailyMapping({ columns: COLUMNS, priceScale: 1000 }));
    expect(Object.fromEntries(closes)).toEqual({ HPG: [0, 1, 3, 7], VNM: [10, 11, 13, 17] });
  });

  it("counts closes, not rows without one, and passes over rows that are no candles", async () => {
    const rows = ["2024-03-05,HPG,NaN", "2024-03-06,HPG,5", "2024-03-07,HPG", "2024-03-08,h,7", "2024-03-09,VNM,"];
    const path = write("gaps.csv", ["time,symbol,close", ...rows].join("\n"));
    const closes = await surveyCloses(path, dailyMapping({ columns: COLUMNS }));
    expect(Object.fromEntries(closes)).toEqual({ HPG: [5] });
  });

  it("knows one symbol when the mapping names it", async () => {
    const mapping = dailyMapping({ columns: { time: "time", close: "close" }, symbol: "HPG" });
    const closes = await surveyCloses(write("one.csv", "time,close\n2024-03-05,26.8\n"), mapping);
    expect(Object.fromEntries(closes)).toEqual({ HPG: [26.8] });
  });

  it("gives the same for Arrow as for CSV", async () => {
    const table = new Table({
      time: vectorFromArray(["2024-03-05", "2024-03-06", "2024-03-07"], new Utf8()),
      symbol: vectorFromArray(["HPG", "VNM", "HPG"], new Utf8()),
      close: vectorFromArray([26.8, 65, 27]),
    });
    const mapping = dailyMapping({ format: { container: "arrow" }, columns: COLUMNS });
    const closes = await surveyCloses(write("prices.arrow", tableToIPC(table, "stream")), mapping);
    expect(Object.fromEntries(closes)).toEqual({ HPG: [26.8, 27], VNM: [65] });
  });
});
