import { type ImportMapping, parseImportMapping } from "../../../src/import/mapping/import-mapping.js";
import type { PriceBatch, RejectedRow } from "../../../src/import/reading/price-batch.js";

export interface PriceRow {
  readonly symbol: string;
  readonly openedAt: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly line: number;
}

/** All batches as rows, which tests can compare at a glance. */
export async function collectRows(
  batches: AsyncIterable<PriceBatch>,
): Promise<{ rows: PriceRow[]; rejected: RejectedRow[]; batchCount: number; names: Record<string, string> }> {
  const rows: PriceRow[] = [];
  const rejected: RejectedRow[] = [];
  let names: Record<string, string> = {};
  let batchCount = 0;
  for await (const batch of batches) {
    batchCount++;
    rejected.push(...batch.rejected);
    names = Object.fromEntries(batch.names);
    const { candles } = batch;
    for (let i = 0; i < candles.length; i++) {
      rows.push({
        symbol: candles.symbols[candles.symbolCodes[i]!]!,
        openedAt: new Date(candles.openedAtMs[i]!).toISOString(),
        open: candles.open[i]!,
        high: candles.high[i]!,
        low: candles.low[i]!,
        close: candles.close[i]!,
        volume: candles.volume[i]!,
        line: batch.lines[i]!,
      });
    }
  }
  return { rows, rejected, batchCount, names };
}

/** A mapping of daily prices whose columns carry the names of the fields. */
export function dailyMapping(changes: Record<string, unknown> = {}): ImportMapping {
  const fields = ["time", "symbol", "open", "high", "low", "close", "volume"];
  return parseImportMapping({
    kind: "prices",
    format: { container: "csv" },
    columns: Object.fromEntries(fields.map((field) => [field, field])),
    source: "test",
    ...changes,
  });
}
