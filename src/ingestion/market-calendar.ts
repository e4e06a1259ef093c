import type { Logger } from "pino";
import { type Calendar, calendarFrom, type ListedDates } from "../engine/live-market/session-schedule.js";
import { MS_PER_DAY } from "../engine/units/epoch-ms.js";
import { type TradingDate, tradingDateOf } from "../engine/units/trading-date.js";
import type { MarketFeed } from "../feeds/market-feed.js";
import type { Database } from "../store/database.js";

export interface MarketCalendarOptions {
  readonly database: Database;
  readonly feed: MarketFeed | undefined;
  readonly logger: Logger;
}

/** How long a start waits for the broker's list. */
const BROKER_ANSWER_MS = 3_000;
/** Index candles tell of days up to the last of them; earlier than this, nobody asks. */
const INDEX_HISTORY_MS = 400 * MS_PER_DAY;

/**
 * Which days the market trades: as the broker announces, where the feed knows; else by the days on which the leading
 * index has a stored candle; else by the shipped facts.
 */
export async function openMarketCalendar({ database, feed, logger }: MarketCalendarOptions): Promise<Calendar> {
  const [broker, indexBars] = await Promise.all([brokerDates(feed, logger), indexDates(database)]);
  return calendarFrom({ broker, indexBars });
}

async function brokerDates(feed: MarketFeed | undefined, logger: Logger): Promise<ListedDates | undefined> {
  if (feed?.history === undefined || feed.dataset === "simulated") return undefined;
  try {
    return listed(await feed.history.workingDates(AbortSignal.timeout(BROKER_ANSWER_MS)));
  } catch (error) {
    logger.warn({ err: error }, "the broker's working dates are not known; index candles and shipped facts decide");
    return undefined;
  }
}

async function indexDates(database: Database): Promise<ListedDates | undefined> {
  const rows = await database.query<{ date: string }>(
    `SELECT trading_date::text AS date FROM market_candles_daily
      WHERE symbol = 'VNINDEX' AND NOT simulated AND trading_date >= $1::date ORDER BY trading_date`,
    [tradingDateOf(Date.now() - INDEX_HISTORY_MS)],
  );
  return listed(rows.map(({ date }) => date as TradingDate));
}

function listed(dates: readonly TradingDate[]): ListedDates | undefined {
  const sorted = [...dates].sort();
  const [from, to] = [sorted[0], sorted.at(-1)];
  return from === undefined || to === undefined ? undefined : { dates: new Set(sorted), from, to };
}
