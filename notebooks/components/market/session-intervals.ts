import { formatChange } from "../format/number-format.js";
import { formatMinute, minuteOfDay } from "./session-clock.js";

/** Candles of one session, row by row: several symbols at one time, times in epoch milliseconds. */
export interface SessionCandles {
  readonly symbols: readonly (string | null)[];
  readonly times: ArrayLike<number>;
  readonly closes: ArrayLike<number>;
  readonly volumes: ArrayLike<number>;
}

/** Five minutes of the session. */
export interface SessionInterval {
  /** Beginning, in minutes after 00:00 Asia/Ho_Chi_Minh. */
  readonly minute: number;
  /** The index at the end of the interval; `NaN` where it has no candle. */
  readonly close: number;
  /** Change of the index from its previous close, as a fraction. */
  readonly change: number;
  /** Shares traded, summed over all equities. */
  readonly volume: number;
  /** Of the equities that have traded so far, the fraction whose last price stands above its previous close. */
  readonly rising: number;
}

/**
 * The session time by time: the index against its previous close, and volume and breadth of the equities, which are
 * the symbols with an entry in `previousCloses`.
 */
export function sessionIntervals(
  { symbols, times, closes, volumes }: SessionCandles,
  index: { readonly symbol: string; readonly previousClose: number },
  previousCloses: ReadonlyMap<string, number>,
): SessionInterval[] {
  const rowsAt = new Map<number, number[]>();
  for (let row = 0; row < symbols.length; row++) {
    const time = times[row] ?? Number.NaN;
    const rows = rowsAt.get(time);
    if (rows) rows.push(row);
    else rowsAt.set(time, [row]);
  }
  const lastCloses = new Map<string, number>();
  return [...rowsAt]
    .sort(([a], [b]) => a - b)
    .map(([time, rows]): SessionInterval => {
      let [close, volume] = [Number.NaN, 0];
      for (const row of rows) {
        const symbol = symbols[row] ?? "";
        if (symbol === index.symbol) close = closes[row] ?? Number.NaN;
        if (!previousCloses.has(symbol)) continue;
        volume += volumes[row] || 0;
        lastCloses.set(symbol, closes[row] ?? Number.NaN);
      }
      const change = close / index.previousClose - 1;
      return { minute: minuteOfDay(time), close, change, volume, rising: risingShare(lastCloses, previousCloses) };
    });
}

/** `VNINDEX ended −0.60%, between −0.71% at 14:20 and +0.12% at 09:15`: where the day ended and how far it went. */
export function sessionTitle(index: string, intervals: readonly SessionInterval[], isRunning = false): string {
  const known = intervals.filter(({ change }) => Number.isFinite(change));
  const ascending = [...known].sort((a, b) => a.change - b.change);
  const [lowest, highest, last] = [ascending[0], ascending.at(-1), known.at(-1)];
  if (!lowest || !highest || !last) return `${index} has no candle in this session`;
  const at = ({ change, minute }: SessionInterval) => `${formatChange(change)} at ${formatMinute(minute)}`;
  const where = `${index} ${isRunning ? "stands at" : "ended"} ${formatChange(last.change)}`;
  if (known.length === 1) return where;
  return `${where}, between ${at(lowest)} and ${at(highest)}`;
}

function risingShare(last: ReadonlyMap<string, number>, previous: ReadonlyMap<string, number>): number {
  const moves = [...last]
    .map(([symbol, close]) => close - (previous.get(symbol) ?? Number.NaN))
    .filter(Number.isFinite);
  return moves.filter((move) => move > 0).length / moves.length;
}
