import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { PriceSeries } from "../../../src/engine/market-data/price-series.js";
import { tradingDate, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";

const SHARED_DATA = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));

export const hasSharedData = existsSync(`${SHARED_DATA}reference/iron_hpg_ccf.csv`);

/** Suffix for the name of a suite that needs the data, so that a skipped one says why. */
export const SHARED_DATA_NOTE = hasSharedData ? "" : " (skipped: no ../shared/data beside the repository)";

export function readSharedCsv(path: string): string[][] {
  const bytes = readFileSync(SHARED_DATA + path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
}

/** Daily closes of one symbol. */
export function readSharedCloses(path: string, symbol: string): PriceSeries {
  const [header, ...rows] = readSharedCsv(path);
  const closeColumn = header!.indexOf("close");
  const own = rows.filter((row) => row[1] === symbol);
  return {
    openedAtMs: Float64Array.from(own, (row) => tradingDateToEpochMs(tradingDate(row[0]!))),
    prices: Float64Array.from(own, (row) => Number(row[closeColumn])),
  };
}
