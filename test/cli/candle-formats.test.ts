import { tableFromIPC } from "apache-arrow";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { type CandleFacts, formatCandles } from "../../src/cli/candle-formats.js";
import { METADATA_KEYS, readFigureMetadata } from "../../src/contracts/figure-metadata.js";
import { candlesOf } from "../store/candle-series.js";

const NOTHING = Number.NaN;
const FACTS: CandleFacts = {
  symbol: "HPG",
  interval: "1d",
  dataset: "market",
  source: "vendor X",
  excluded: "Quarantined and left out: HPG on 2026-04-08",
};
const DAILY = candlesOf([
  ["HPG", "2026-04-09", 27_400, 27_600, 27_350, 27_550, 1_200_000],
  ["HPG", "2026-04-10", NOTHING, NOTHING, NOTHING, 27_900.5, NOTHING],
]);
const FIVE_MINUTES = candlesOf([["HPG", "2026-04-10T02:15:00Z", 1, 2, 0.5, 1.5, 10]]);

describe("formatCandles(candles, facts, format)", () => {
  it("writes CSV with the header that quantflow import reads; what is absent is empty", () => {
    expect(formatCandles(DAILY, FACTS, "csv")).toBe(
      "time,symbol,open,high,low,close,volume\n2026-04-09,HPG,27400,27600,27350,27550,1200000\n2026-04-10,HPG,,,,27900.5,\n",
    );
  });

  it("writes one JSON document with the facts and the candles; what is absent is null", () => {
    expect(JSON.parse(formatCandles(DAILY, FACTS, "json") as string)).toEqual({
      ...FACTS,
      candles: [
        { time: "2026-04-09", open: 27_400, high: 27_600, low: 27_350, close: 27_550, volume: 1_200_000 },
        { time: "2026-04-10", open: null, high: null, low: null, close: 27_900.5, volume: null },
      ],
    });
  });

  it("gives an intraday candle its opening instant in UTC", () => {
    const facts = { ...FACTS, interval: "5m" } as const;
    expect(formatCandles(FIVE_MINUTES, facts, "csv")).toContain("\n2026-04-10T02:15:00.000Z,HPG,1,2,0.5,1.5,10\n");
  });

  it("writes an Arrow stream that says where its data come from", () => {
    const table = tableFromIPC(formatCandles(DAILY, FACTS, "arrow") as Uint8Array);
    expect(table.schema.fields.map(({ name }) => name)).toEqual([
      "time",
      "symbol",
      "open",
      "high",
      "low",
      "close",
      "volume",
    ]);
    expect(Array.from(table.getChild("close")!)).toEqual([27_550, 27_900.5]);
    expect(Array.from(table.getChild("symbol")!)).toEqual(["HPG", "HPG"]);
    expect(readFigureMetadata(table.schema.metadata)).toEqual({
      source: "vendor X",
      asOf: "2026-04-10",
      rows: 2,
      dataset: "market",
      excluded: FACTS.excluded,
    });
  });

  it("writes Parquet with the same columns and facts", async () => {
    const bytes = formatCandles(DAILY, FACTS, "parquet") as Uint8Array;
    const file = bytes.slice().buffer;
    const rows = await parquetReadObjects({ file });
    expect(rows.map(({ symbol, close }) => [symbol, close])).toEqual([
      ["HPG", 27_550],
      ["HPG", 27_900.5],
    ]);
    const facts = new Map(parquetMetadata(file).key_value_metadata?.map(({ key, value }) => [key, value]));
    expect(facts.get(METADATA_KEYS.source)).toBe("vendor X");
    expect(facts.get(METADATA_KEYS.asOf)).toBe("2026-04-10");
  });

  it("writes files without rows that keep their columns", () => {
    const none = candlesOf([]);
    expect(formatCandles(none, FACTS, "csv")).toBe("time,symbol,open,high,low,close,volume\n");
    expect(tableFromIPC(formatCandles(none, FACTS, "arrow") as Uint8Array).numRows).toBe(0);
  });
});
