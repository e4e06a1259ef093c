import type { Finding } from "../engine/data-quality/finding.js";
import {
  conflictingRowFinding,
  duplicateRowFinding,
  missingCloseFinding,
  type SkippedRows,
} from "../engine/data-quality/row-findings.js";
import type { CandleColumns } from "../engine/market-data/candle-columns.js";
import { INTERVAL_SECONDS } from "../engine/market-data/candle-interval.js";
import type { Instrument } from "../engine/market-data/instrument.js";
import { inferInstrumentConventions } from "../engine/market-data/instrument-conventions.js";
import type { InstrumentSymbol } from "../engine/market-data/instrument-symbol.js";
import { type EpochMs, epochMs } from "../engine/units/epoch-ms.js";
import { currencyCode } from "../engine/units/money.js";
import { writeCandles } from "../store/candle-writer.js";
import type { DatabaseSession } from "../store/database.js";
import { replaceFindings } from "../store/queries/finding-queries.js";
import type { ImportBatchCounts } from "../store/queries/import-batch-queries.js";
import { upsertInstruments } from "../store/queries/instrument-queries.js";
import { markRollupsDirty } from "../store/rollups.js";
import { checkStoredSeries } from "./check-stored-series.js";
import type { ImportMapping } from "./mapping/import-mapping.js";
import { NewSeries } from "./new-series.js";
import { readAhead } from "./read-ahead.js";
import { type ReadPricesOptions, readPrices } from "./reading/read-prices.js";
import type { RejectedRowsFile } from "./rejected-rows.js";

/** Small enough for the database to have work soon, large enough for the round trips of a batch not to count. */
const BATCH_ROWS = 32_768;
/** 48 bytes each while the file is read. */
const MAX_ROWS_AT_HAND = 2_000_000;

/** Stores the candles of a price file within the caller's transaction and checks their quality. */
export async function importPrices(
  session: DatabaseSession,
  path: string,
  mapping: ImportMapping,
  { batchId, rejected, reading }: { batchId: number; rejected: RejectedRowsFile; reading: ReadPricesOptions },
): Promise<{ counts: Omit<ImportBatchCounts, "rowsRejected">; findings: Finding[]; hasChanged: boolean }> {
  const intervalSeconds = INTERVAL_SECONDS[mapping.interval];
  const target = { dataset: "market", intervalSeconds, batchId } as const;
  const skipped = {
    duplicate: new RowsBySymbol(),
    conflicting: new RowsBySymbol(),
    missingClose: new RowsBySymbol(),
  };
  const inserted = new RowsBySymbol();
  const seen = new RowsBySymbol();
  const newSeries = new NewSeries({ maxRows: MAX_ROWS_AT_HAND });
  const names = new Map<InstrumentSymbol, string>();
  let rowsIdentical = 0;

  for await (const batch of readAhead(readPrices(path, mapping, { batchRows: BATCH_ROWS, ...reading }))) {
    rejected.add(batch.rejected);
    for (const [symbol, name] of batch.names) names.set(symbol, name);
    seen.add(batch.candles);
    const { complete, incomplete } = splitByClose(batch.candles);
    if (incomplete) skipped.missingClose.add(incomplete);
    const result = await writeCandles(session, complete, target);
    inserted.add(complete, result.inserted);
    newSeries.add(complete, result.inserted, result.storedBefore);
    skipped.duplicate.add(complete, result.duplicate);
    skipped.conflicting.add(complete, result.conflicting);
    rowsIdentical += result.identical.length;
  }

  const symbols = seen.rows.map(({ symbol }) => symbol);
  await upsertInstruments(
    session,
    symbols.map((symbol) => instrumentOf(symbol, names.get(symbol), mapping)),
    {
      dataset: "market",
      described: false,
    },
  );
  const findings = [
    ...skipped.duplicate.rows.map(duplicateRowFinding),
    ...skipped.conflicting.rows.map(conflictingRowFinding),
    ...skipped.missingClose.rows.map(missingCloseFinding),
  ];
  const changed = inserted.rows.map(({ symbol }) => symbol);
  if (changed.length > 0) {
    const atHand = newSeries.complete();
    findings.push(...(await checkStoredSeries(session, { ...target, symbols: changed, atHand })));
    if (mapping.interval !== "1d") await markRollupsDirty(session, inserted.rows);
  }
  const newFileFindings = await replaceFindings(session, changed, findings, target);
  return {
    findings,
    hasChanged: inserted.count > 0 || newFileFindings > 0,
    counts: {
      rowsRead: seen.count + rejected.count,
      rowsNew: inserted.count,
      rowsIdentical,
      rowsConflicting: skipped.conflicting.count,
      rowsLeftOut: skipped.duplicate.count + skipped.missingClose.count,
      symbolCount: symbols.length,
      firstMs: seen.count === 0 ? undefined : Math.min(...seen.rows.map(({ fromMs }) => fromMs)),
      lastMs: seen.count === 0 ? undefined : Math.max(...seen.rows.map(({ toMs }) => toMs)),
    },
  };
}

/** Adds up rows by symbol: how many, and from when to when. */
class RowsBySymbol {
  readonly #bySymbol = new Map<InstrumentSymbol, { fromMs: EpochMs; toMs: EpochMs; count: number }>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get rows(): SkippedRows[] {
    return Array.from(this.#bySymbol, ([symbol, rows]) => ({ symbol, ...rows }));
  }

  add(candles: CandleColumns, rows?: Int32Array): void {
    const count = rows?.length ?? candles.length;
    for (let i = 0; i < count; i++) {
      const row = rows ? rows[i]! : i;
      const symbol = candles.symbols[candles.symbolCodes[row]!]!;
      const time = epochMs(candles.openedAtMs[row]!);
      const known = this.#bySymbol.get(symbol);
      if (known) {
        if (time < known.fromMs) known.fromMs = time;
        if (time > known.toMs) known.toMs = time;
        known.count++;
      } else {
        this.#bySymbol.set(symbol, { fromMs: time, toMs: time, count: 1 });
      }
    }
    this.#count += count;
  }
}

/** Rows with a close and, if there are any, rows without. */
function splitByClose(candles: CandleColumns): { complete: CandleColumns; incomplete?: CandleColumns } {
  const without: number[] = [];
  for (let row = 0; row < candles.length; row++) if (Number.isNaN(candles.close[row])) without.push(row);
  if (without.length === 0) return { complete: candles };
  const missing = new Set(without);
  const others = Array.from({ length: candles.length }, (_, row) => row).filter((row) => !missing.has(row));
  return { complete: pick(candles, others), incomplete: pick(candles, without) };
}

function pick(candles: CandleColumns, rows: readonly number[]): CandleColumns {
  const column = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  return {
    length: rows.length,
    symbols: candles.symbols,
    symbolCodes: Int32Array.from(rows, (row) => candles.symbolCodes[row]!),
    openedAtMs: column(candles.openedAtMs),
    open: column(candles.open),
    high: column(candles.high),
    low: column(candles.low),
    close: column(candles.close),
    volume: column(candles.volume),
  };
}

function instrumentOf(symbol: InstrumentSymbol, name: string | undefined, mapping: ImportMapping): Instrument {
  const conventions = inferInstrumentConventions(symbol, { exchange: mapping.exchange });
  return {
    symbol,
    name: name ?? symbol,
    sector: undefined,
    industry: undefined,
    marketCap: undefined,
    marketCapDate: undefined,
    ...conventions,
    assetClass: mapping.assetClass ?? conventions.assetClass,
    currency: mapping.currency === undefined ? conventions.currency : currencyCode(mapping.currency),
  };
}
