import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { formatDay } from "../format/date-format.js";
import { staleState } from "../frame/state-block.js";
import type { MarketSnapshot } from "../market/market-snapshot.js";

/** Weekends and most holidays are shorter than this. */
const TOLERATED_DAYS = 5;

/** A notice when a symbol's last day lies well before the market's: its changes are not today's. */
export function behindMarketNotice(symbol: string, { rows, marketDayMs }: MarketSnapshot): Node {
  const dayMs = rows.find((row) => row.symbol === symbol)?.dayMs ?? Number.NaN;
  if (!(marketDayMs - dayMs > TOLERATED_DAYS * MS_PER_DAY)) return document.createDocumentFragment();
  return staleState({
    asOf: formatDay(dayMs),
    reason: `The market's last day is ${formatDay(marketDayMs)}. Changes and the current fall are those of the older day.`,
  });
}
