import { METADATA_KEYS } from "../../contracts/figure-metadata.js";
import type { CandleColumns } from "../../engine/market-data/candle-columns.js";
import { type CandleInterval, DAILY_SECONDS, INTERVAL_SECONDS } from "../../engine/market-data/candle-interval.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { tradingDateOf, tradingDayNumberOf } from "../../engine/units/trading-date.js";
import { type ArrowColumns, arrowStream, arrowTable } from "../../store/arrow/arrow-table.js";
import type { CandleAnswerFormat } from "./market-query.js";

export interface CandleAnswerFacts {
  readonly symbol: string;
  readonly interval: CandleInterval;
  readonly dataset: Dataset;
  readonly source: string;
  readonly excluded: string;
}

export const CANDLE_CONTENT_TYPES: Readonly<Record<CandleAnswerFormat, string>> = {
  json: "application/json",
  csv: "text/csv",
  arrow: "application/vnd.apache.arrow.stream",
};

const VALUE_NAMES = ["open", "high", "low", "close", "volume"] as const;

export function candleRows(candles: CandleColumns, { interval }: CandleAnswerFacts) {
  return Array.from({ length: candles.length }, (_, row) => ({
    time: timeOf(candles, row, interval),
    open: known(candles.open[row]!),
    high: known(candles.high[row]!),
    low: known(candles.low[row]!),
    close: known(candles.close[row]!),
    volume: known(candles.volume[row]!),
  }));
}

/** The file stretch by stretch, with the header that `quantflow import` reads; a value that is not there is empty. */
export async function* candleCsv(
  stretches: AsyncIterable<CandleColumns>,
  { symbol, interval }: CandleAnswerFacts,
): AsyncGenerator<string> {
  yield `time,symbol,${VALUE_NAMES.join(",")}\n`;
  for await (const candles of stretches) {
    let lines = "";
    for (let row = 0; row < candles.length; row++) {
      const values = VALUE_NAMES.map((name) => known(candles[name][row]!) ?? "");
      lines += `${timeOf(candles, row, interval)},${symbol},${values.join(",")}\n`;
    }
    yield lines;
  }
}

/** Ends an Arrow IPC stream: a continuation marker and no message. */
const END_OF_STREAM = 8;

/**
 * One Arrow IPC stream of one record batch a stretch. Each batch is made as a stream of its own, of which the schema
 * message is kept the first time only: all have the same.
 */
export async function* candleArrow(
  stretches: AsyncIterable<CandleColumns>,
  facts: CandleAnswerFacts,
): AsyncGenerator<Uint8Array> {
  const { source, dataset, excluded } = facts;
  const metadata = new Map([
    [METADATA_KEYS.source, source],
    [METADATA_KEYS.dataset, dataset],
    [METADATA_KEYS.excluded, excluded],
  ]);
  const streamOf = (candles: CandleColumns) =>
    arrowStream(arrowTable(arrowColumns(candles, facts), candles.length, metadata));
  let end = streamOf(NO_CANDLES);
  let hasBegun = false;
  for await (const candles of stretches) {
    const bytes = streamOf(candles);
    yield bytes.subarray(hasBegun ? schemaBytes(bytes) : 0, bytes.length - END_OF_STREAM);
    if (!hasBegun) end = end.subarray(end.length - END_OF_STREAM);
    hasBegun = true;
  }
  yield end;
}

/** A message without a body: marker, length of what follows, what follows. */
function schemaBytes(stream: Uint8Array): number {
  return 8 + new DataView(stream.buffer, stream.byteOffset, stream.byteLength).getInt32(4, true);
}

const NONE = new Float64Array();
const NO_CANDLES: CandleColumns = {
  length: 0,
  symbols: [],
  symbolCodes: new Int32Array(),
  openedAtMs: NONE,
  open: NONE,
  high: NONE,
  low: NONE,
  close: NONE,
  volume: NONE,
};

function arrowColumns(candles: CandleColumns, { symbol, interval }: CandleAnswerFacts): ArrowColumns {
  return {
    time: isDaily(interval)
      ? { type: "day", values: Int32Array.from(candles.openedAtMs, tradingDayNumberOf) }
      : { type: "instant", values: candles.openedAtMs },
    symbol: { type: "text", values: new Array<string>(candles.length).fill(symbol) },
    open: { type: "float64", values: candles.open },
    high: { type: "float64", values: candles.high },
    low: { type: "float64", values: candles.low },
    close: { type: "float64", values: candles.close },
    volume: { type: "float64", values: candles.volume },
  };
}

function timeOf(candles: CandleColumns, row: number, interval: CandleInterval): string {
  const openedAtMs = candles.openedAtMs[row]!;
  return isDaily(interval) ? tradingDateOf(openedAtMs) : new Date(openedAtMs).toISOString();
}

export function isDaily(interval: CandleInterval): boolean {
  return INTERVAL_SECONDS[interval] === DAILY_SECONDS;
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
