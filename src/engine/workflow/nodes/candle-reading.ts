import { WorkbenchError } from "../../errors.js";
import type { CandleSeries } from "../../market-data/candle-columns.js";
import type { CandleInterval } from "../../market-data/candle-interval.js";
import type { StepContext } from "../node-handler.js";
import type { SeriesValue, TableValue } from "../port-value.js";

/** Requests of one step at the same time. */
const PARALLEL_REQUESTS = 8;

/** The last candles of a symbol. @throws SYMBOL_UNKNOWN, SERIES_TOO_SHORT without any */
export async function candlesOf(
  symbol: string,
  { interval, count }: { readonly interval: CandleInterval; readonly count: number },
  { services, asOfMs, signal }: StepContext,
): Promise<CandleSeries> {
  const candles = await services.marketData.candles({ symbol, interval, count, asOfMs }, signal);
  if (candles.length > 0) return candles;
  throw new WorkbenchError("SERIES_TOO_SHORT", `no ${interval} candles of ${symbol} (accepted: at least one)`, {
    details: { symbol, interval },
  });
}

export function seriesOfCandles(symbol: string, { openedAtMs }: CandleSeries, values: Float64Array): SeriesValue {
  return { timesMs: openedAtMs, values, symbol };
}

/** Candles of several symbols, a few at a time, in their order. */
export async function candlesOfMany(
  symbols: readonly string[],
  options: { readonly interval: CandleInterval; readonly count: number },
  context: StepContext,
): Promise<readonly CandleSeries[]> {
  const all: CandleSeries[] = [];
  for (let first = 0; first < symbols.length; first += PARALLEL_REQUESTS) {
    const some = symbols.slice(first, first + PARALLEL_REQUESTS);
    all.push(...(await Promise.all(some.map((symbol) => candlesOf(symbol, options, context)))));
  }
  return all;
}

/** `time` and a column of closes per symbol, at the times at which every symbol has a close. */
export function commonCloses(symbols: readonly string[], all: readonly CandleSeries[]): TableValue {
  const closes = all.map(({ openedAtMs, close }) => {
    const byTime = new Map<number, number>();
    close.forEach((value, row) => {
      if (!Number.isNaN(value)) byTime.set(openedAtMs[row]!, value);
    });
    return byTime;
  });
  const times = [...(closes[0]?.keys() ?? [])].filter((time) => closes.every((byTime) => byTime.has(time)));
  const columns = symbols.map((name, i) => ({ name, cells: times.map((time) => closes[i]!.get(time)!) }));
  return { columns: [{ name: "time", cells: times }, ...columns], rowCount: times.length };
}
