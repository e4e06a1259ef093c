import type { CandleColumns } from "../engine/market-data/candle-columns.js";
import { DAILY_SECONDS } from "../engine/market-data/candle-interval.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../engine/market-data/instrument-symbol.js";
import { MS_PER_DAY } from "../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS, tradingDayNumberOf } from "../engine/units/trading-date.js";
import {
  dayColumnBuilder,
  Float64ColumnBuilder,
  Int32ColumnBuilder,
  TextColumnBuilder,
  TimestampColumnBuilder,
} from "./copy-binary/column-builders.js";
import { CopyColumnDecoder } from "./copy-binary/copy-decoder.js";
import { type EncodedColumn, encodeCopyChunks } from "./copy-binary/copy-encoder.js";
import type { DatabaseSession } from "./database.js";
import { ensureWeeklyPartitions } from "./partitions.js";
import { instantLiteral, textListLiteral } from "./sql-literal.js";

export interface CandleTarget {
  readonly dataset: Dataset;
  readonly intervalSeconds: number;
  readonly batchId: number;
}

/** What became of each row of a batch; the arrays hold row numbers of the batch. */
export interface CandleWriteResult {
  readonly inserted: Int32Array;
  /** Already stored with the same values by an earlier import. */
  readonly identical: Int32Array;
  /** Stored by an earlier import with other values; the stored candle was kept. */
  readonly conflicting: Int32Array;
  /** The same symbol and time earlier in this import; the first row was kept. */
  readonly duplicate: Int32Array;
  /** Symbols of the batch that have candles of an earlier import. */
  readonly storedBefore: ReadonlySet<InstrumentSymbol>;
}

const VALUE_COLUMNS = ["open", "high", "low", "close", "volume"] as const;

/**
 * Stores the candles that are new. Rows need a close. Nothing stored is ever changed.
 *
 * New rows go straight into the table by COPY: what is stored in the batch's range is read first and compared
 * here, which is several times faster than INSERT … ON CONFLICT and tells identical from conflicting rows.
 */
export async function writeCandles(
  session: DatabaseSession,
  candles: CandleColumns,
  target: CandleTarget,
): Promise<CandleWriteResult> {
  const stored = await readStored(session, candles, target);
  const seen = timesAscend(candles) ? undefined : new Set<number>();
  const inserted = new RowNumbers(candles.length);
  const identical = new RowNumbers(candles.length);
  const conflicting = new RowNumbers(candles.length);
  const duplicate = new RowNumbers(candles.length);
  for (let row = 0; row < candles.length; row++) {
    const key = rowKey(candles.symbolCodes[row]!, candles.openedAtMs[row]!);
    if (seen?.has(key)) {
      duplicate.push(row);
      continue;
    }
    seen?.add(key);
    const at = stored.find(key);
    if (at === undefined) inserted.push(row);
    else if (stored.batchIds[at] === target.batchId) duplicate.push(row);
    else if (stored.equals(at, candles, row)) identical.push(row);
    else conflicting.push(row);
  }
  if (inserted.values.length > 0) await insertCandles(session, candles, inserted.values, target);
  return {
    inserted: inserted.values,
    identical: identical.values,
    conflicting: conflicting.values,
    duplicate: duplicate.values,
    storedBefore: stored.symbolsOfEarlierImports,
  };
}

/** Row numbers in the order they are given, at most `capacity` of them. */
class RowNumbers {
  readonly #rows: Int32Array;
  #length = 0;

  constructor(capacity: number) {
    this.#rows = new Int32Array(capacity);
  }

  push(row: number): void {
    this.#rows[this.#length++] = row;
  }

  get values(): Int32Array {
    return this.#rows.subarray(0, this.#length);
  }
}

/** True when no candle comes before, or in the same second as, an earlier one of its symbol: then none comes twice. */
function timesAscend({ length, symbols, symbolCodes, openedAtMs }: CandleColumns): boolean {
  const latestSeconds = new Float64Array(symbols.length).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < length; row++) {
    const code = symbolCodes[row]!;
    const second = Math.floor(openedAtMs[row]! / 1_000);
    if (!(second > latestSeconds[code]!)) return false;
    latestSeconds[code] = second;
  }
  return true;
}

/** Symbol code and second in one exact integer: 2^53 leaves 2^20 codes for seconds up to the year 2242. */
function rowKey(symbolCode: number, openedAtMs: number): number {
  return symbolCode * 8_589_934_592 + Math.floor(openedAtMs / 1_000);
}

async function insertCandles(
  session: DatabaseSession,
  candles: CandleColumns,
  rows: Int32Array,
  { dataset, intervalSeconds, batchId }: CandleTarget,
): Promise<void> {
  const daily = intervalSeconds === DAILY_SECONDS;
  if (!daily) {
    const instants = Float64Array.from(rows, (row) => candles.openedAtMs[row]!);
    await ensureWeeklyPartitions(session, "market_candles_intraday", instants);
  }
  const time: EncodedColumn[] = daily
    ? [{ type: "date", values: tradingDayNumbers(candles.openedAtMs) }]
    : [
        { type: "constant-int4", value: intervalSeconds },
        { type: "timestamptz", values: candles.openedAtMs },
      ];
  const columns: EncodedColumn[] = [
    { type: "text", dictionary: candles.symbols, codes: candles.symbolCodes },
    { type: "constant-bool", value: dataset === "simulated" },
    ...time,
    ...VALUE_COLUMNS.map((name): EncodedColumn => ({ type: "float8", values: candles[name] })),
    { type: "constant-int4", value: batchId },
  ];
  const [table, timeColumns] = daily
    ? ["market_candles_daily", "trading_date"]
    : ["market_candles_intraday", "interval_seconds, time"];
  await session.copyIn(
    `COPY ${table} (symbol, simulated, ${timeColumns}, ${VALUE_COLUMNS.join(", ")}, batch_id) FROM STDIN (FORMAT binary)`,
    encodeCopyChunks(columns, { rowCount: rows.length, rowOrder: rows }),
  );
}

function tradingDayNumbers(openedAtMs: Float64Array): Int32Array {
  const days = new Int32Array(openedAtMs.length);
  for (let row = 0; row < days.length; row++) days[row] = tradingDayNumberOf(openedAtMs[row]!);
  return days;
}

class StoredCandles {
  readonly batchIds: Int32Array;
  readonly symbolsOfEarlierImports: ReadonlySet<InstrumentSymbol>;
  readonly #values: readonly Float64Array[];
  readonly #rowByKey: ReadonlyMap<number, number>;

  constructor(
    rowByKey: ReadonlyMap<number, number>,
    values: readonly Float64Array[],
    batchIds: Int32Array,
    symbolsOfEarlierImports: ReadonlySet<InstrumentSymbol>,
  ) {
    this.#rowByKey = rowByKey;
    this.#values = values;
    this.batchIds = batchIds;
    this.symbolsOfEarlierImports = symbolsOfEarlierImports;
  }

  find(key: number): number | undefined {
    return this.#rowByKey.size === 0 ? undefined : this.#rowByKey.get(key);
  }

  equals(at: number, candles: CandleColumns, row: number): boolean {
    return VALUE_COLUMNS.every((name, i) => {
      const stored = this.#values[i]![at]!;
      const given = candles[name][row]!;
      return stored === given || (Number.isNaN(stored) && Number.isNaN(given));
    });
  }
}

const NOTHING_STORED = new StoredCandles(new Map(), [], new Int32Array(0), new Set());

async function readStored(
  session: DatabaseSession,
  candles: CandleColumns,
  target: CandleTarget,
): Promise<StoredCandles> {
  if (candles.length === 0) return NOTHING_STORED;
  const symbols = [...new Set(candles.symbolCodes)].map((code) => candles.symbols[code]!);
  const known = await knownSymbols(session, symbols, target);
  if (known.length === 0) return NOTHING_STORED;

  const daily = target.intervalSeconds === DAILY_SECONDS;
  const [firstMs, lastMs] = timeRange(candles.openedAtMs);
  const texts = new TextColumnBuilder();
  const days = dayColumnBuilder();
  const instants = new TimestampColumnBuilder();
  const values = VALUE_COLUMNS.map(() => new Float64ColumnBuilder());
  const batchIds = new Int32ColumnBuilder();
  const decoder = new CopyColumnDecoder([texts, daily ? days : instants, ...values, batchIds]);
  const select = `${VALUE_COLUMNS.join(", ")}, batch_id`;
  const filter = `simulated = ${target.dataset === "simulated"} AND symbol = ANY(${textListLiteral(known.map(({ symbol }) => symbol))})`;
  await session.copyOut(
    daily
      ? `COPY (SELECT symbol, trading_date, ${select} FROM market_candles_daily WHERE ${filter}
                AND trading_date BETWEEN DATE '1970-01-01' + ${tradingDayNumberOf(firstMs)}
                                     AND DATE '1970-01-01' + ${tradingDayNumberOf(lastMs)}) TO STDOUT (FORMAT binary)`
      : `COPY (SELECT symbol, time, ${select} FROM market_candles_intraday WHERE ${filter}
                AND interval_seconds = ${target.intervalSeconds}
                AND time BETWEEN ${instantLiteral(firstMs)} AND ${instantLiteral(lastMs)}) TO STDOUT (FORMAT binary)`,
    decoder,
  );
  const codeBySymbol = new Map(candles.symbols.map((symbol, code) => [symbol as string, code]));
  const codes = Int32Array.from(texts.dictionary, (symbol) => codeBySymbol.get(symbol)!);
  const rowByKey = new Map<number, number>();
  for (let row = 0; row < decoder.rowCount; row++) {
    const openedAtMs = daily ? days.values[row]! * MS_PER_DAY - TRADING_UTC_OFFSET_MS : instants.values[row]!;
    rowByKey.set(rowKey(codes[texts.codes[row]!]!, openedAtMs), row);
  }
  return new StoredCandles(
    rowByKey,
    values.map((builder) => builder.values),
    batchIds.values,
    new Set(known.filter(({ earlier }) => earlier).map(({ symbol }) => symbol)),
  );
}

/** Those of `symbols` that have any stored candle of this dataset and interval, and whether of an earlier import. */
async function knownSymbols(
  session: DatabaseSession,
  symbols: readonly InstrumentSymbol[],
  { dataset, intervalSeconds, batchId }: CandleTarget,
): Promise<{ symbol: InstrumentSymbol; earlier: boolean }[]> {
  const [table, ofInterval] =
    intervalSeconds === DAILY_SECONDS
      ? ["market_candles_daily", ""]
      : ["market_candles_intraday", `AND c.interval_seconds = ${intervalSeconds}`];
  const stored = `SELECT 1 FROM ${table} c WHERE c.symbol = s.symbol AND c.simulated = $2 ${ofInterval}`;
  return session.query(
    `SELECT s.symbol, EXISTS (${stored} AND c.batch_id <> $3) AS earlier
       FROM unnest($1::text[]) AS s(symbol) WHERE EXISTS (${stored})`,
    [symbols, dataset === "simulated", batchId],
  );
}

function timeRange(instants: Float64Array): [number, number] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const instant of instants) {
    if (instant < first) first = instant;
    if (instant > last) last = instant;
  }
  return [first, last];
}
