import type { Tick } from "../../src/engine/live-market/market-event.js";
import type { InstrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import type { DatabaseSession } from "../../src/store/database.js";
import { minuteCandlesOf } from "../../src/store/queries/feed-candles.js";
import { streamTicks } from "../../src/store/queries/tick-queries.js";

/** How what is stored differs from what was traded; all zero when it does not. */
export interface DayDifference {
  readonly lost: number;
  readonly double: number;
  /** Stored with another price or quantity than it was traded at, or never traded. */
  readonly wrong: number;
  /** Minute candles that are not those of the stored trades. */
  readonly wrongCandles: number;
  /** Trades that the day's counts have stored, less those that are. */
  readonly miscounted: number;
}

/** Compares every stored trade of some symbols with those that were made, in the market's data. */
export async function compareDay(
  session: DatabaseSession,
  symbols: readonly InstrumentSymbol[],
  tradesOf: (symbol: InstrumentSymbol) => Iterable<Tick>,
): Promise<DayDifference> {
  let [lost, double, wrong, stored] = [0, 0, 0, 0];
  for (const symbol of symbols) {
    const traded = new Map<number, Tick>();
    for (const tick of tradesOf(symbol)) traded.set(tick.cumulativeVolume, tick);
    const seen = new Set<number>();
    const [first] = traded.values();
    if (!first) continue;
    const range = {
      dataset: "market",
      symbols: [symbol],
      fromMs: first.eventTimeMs,
      toMs: Date.parse("2100-01-01"),
    } as const;
    for await (const ticks of streamTicks(session, { ...range, batchSize: 20_000 })) {
      stored += ticks.length;
      for (const { cumulativeVolume, eventTimeMs, price, quantity } of ticks) {
        if (seen.has(cumulativeVolume)) double++;
        seen.add(cumulativeVolume);
        const made = traded.get(cumulativeVolume);
        if (made?.eventTimeMs !== eventTimeMs || made.price !== price || made.quantity !== quantity) wrong++;
      }
    }
    for (const volume of traded.keys()) if (!seen.has(volume)) lost++;
  }
  const [{ counted } = { counted: 0 }] = await session.query<{ counted: number }>(
    "SELECT coalesce(sum(stored), 0)::float8 AS counted FROM feed_day_counts WHERE NOT simulated",
  );
  return { lost, double, wrong, wrongCandles: await wrongCandles(session), miscounted: counted - stored };
}

/** Minute candles that are not what the stored trades of the market make, and trades' minutes without a candle. */
export async function wrongCandles(session: DatabaseSession): Promise<number> {
  const stored = `SELECT symbol, time, open, high, low, close, volume FROM market_candles_intraday
                   WHERE NOT simulated AND interval_seconds = 60`;
  const made = `SELECT symbol, time, open, high, low, close, volume FROM (${minuteCandlesOf("market", "true")}) AS made`;
  const [row] = await session.query<{ count: number }>(
    `SELECT count(*)::int AS count
       FROM ((${stored} EXCEPT ${made}) UNION ALL (${made} EXCEPT ${stored})) AS differences`,
  );
  return row!.count;
}
