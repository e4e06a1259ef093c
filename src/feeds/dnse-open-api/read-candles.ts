import type { Logger } from "pino";
import { MS_PER_DAY, MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { type PriceUnit, priceIn } from "../dnse/dnse-prices.js";
import { type DnsePayload, numberFrom } from "../dnse/payload-fields.js";
import type { CandleQuery, CandleResolution, DnseRestClient } from "./dnse-rest-client.js";

/** Prices in VND or points, volume in shares or contracts, the instant at which it opens. */
export interface PastCandle {
  readonly openedAtMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** The longest range the broker answers for each resolution, as far as it is known. */
const CHUNK_DAYS: Readonly<Record<CandleResolution, number>> = {
  "1": 1,
  "3": 30,
  "5": 30,
  "15": 30,
  "30": 30,
  "1H": 30,
  "1D": 120,
  "1W": 120,
};
const MOST_REPLIES_PER_CHUNK = 10_000;

/**
 * Past candles in ascending order, in chunks of time and along `nextTime` within them. A candle that cannot be read is
 * left out and logged; a close outside of low and high, as the last one of an index's day may have it, widens them.
 * @throws FEED_REFUSED, FEED_REQUEST_FAILED, CANCELLED
 */
export async function* readCandles(
  client: Pick<DnseRestClient, "candlePage">,
  { symbol, type, resolution, fromMs, toMs, signal }: CandleQuery,
  logger: Logger,
): AsyncGenerator<readonly PastCandle[], void> {
  const unit: PriceUnit = type === "STOCK" ? "thousand-vnd" : "points";
  const chunkMs = CHUNK_DAYS[resolution] * MS_PER_DAY;
  let lastMs = -Infinity;
  for (let startMs = fromMs; startMs <= toMs; startMs += chunkMs) {
    const toS = Math.floor(Math.min(toMs, startMs + chunkMs - 1) / MS_PER_SECOND);
    let fromS = Math.ceil(startMs / MS_PER_SECOND);
    for (let replies = 0; replies < MOST_REPLIES_PER_CHUNK && fromS <= toS; replies++) {
      const { columns, nextTimeS } = await client.candlePage({ symbol, type, resolution, fromS, toS, signal });
      const { candles, unreadable } = candlesOf(columns, unit);
      if (unreadable > 0) logger.warn({ symbol, resolution, unreadable }, "candles that cannot be read were left out");
      const fresh = candles.filter(({ openedAtMs }) => openedAtMs > lastMs && openedAtMs <= toMs);
      if (fresh.length > 0) {
        lastMs = fresh.at(-1)!.openedAtMs;
        yield fresh;
      }
      if (nextTimeS <= fromS) break;
      fromS = nextTimeS;
    }
  }
}

function candlesOf(columns: DnsePayload, unit: PriceUnit): { candles: PastCandle[]; unreadable: number } {
  const [times, opens, highs, lows, closes, volumes] = ["t", "o", "h", "l", "c", "v"].map((name) => columns[name]);
  const candles: PastCandle[] = [];
  if (!Array.isArray(times)) return { candles, unreadable: 0 };
  for (const [row, time] of times.entries()) {
    const at = (column: unknown) => numberFrom(Array.isArray(column) ? column[row] : undefined);
    const [seconds, open, high, low, close, volume] = [
      numberFrom(time),
      at(opens),
      at(highs),
      at(lows),
      at(closes),
      at(volumes),
    ];
    const isReadable =
      seconds > 0 &&
      [open, high, low, close].every((price) => price > 0 && price < Infinity) &&
      volume >= 0 &&
      volume < Infinity;
    if (!isReadable) continue;
    candles.push({
      openedAtMs: seconds * MS_PER_SECOND,
      open: priceIn(unit, open),
      high: priceIn(unit, Math.max(open, high, low, close)),
      low: priceIn(unit, Math.min(open, high, low, close)),
      close: priceIn(unit, close),
      volume,
    });
  }
  candles.sort((one, other) => one.openedAtMs - other.openedAtMs);
  return { candles, unreadable: times.length - candles.length };
}
