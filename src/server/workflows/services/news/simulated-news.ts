import { seededRandom } from "../../../../engine/statistics/seeded-random.js";
import { epochMs, MS_PER_DAY, MS_PER_MINUTE } from "../../../../engine/units/epoch-ms.js";
import { isWeekend, tradingDayNumberOf, tradingDayToEpochMs } from "../../../../engine/units/trading-date.js";
import type { NewsItem } from "../../../../engine/workflow/node-services.js";
import { MOST_NEWS_ITEMS, type NewsSource } from "./news-source.js";

/** Printed with every text, so that nobody takes one for news. */
export const SIMULATED_NEWS_SOURCE = "simulated";

const TITLES = [
  "reports record profit and raises its outlook",
  "wins a large contract and beats expectations",
  "announces a strong rise in orders",
  "holds its annual meeting",
  "appoints a member of the board",
  "publishes its monthly figures",
  "warns of falling margins",
  "misses expectations as costs rise",
  "faces a fine and a weak quarter",
] as const;

/** Share of working days on which a symbol has a text. */
const SHARE_OF_DAYS = 0.4;
const FIRST_MINUTE = 7 * 60;
const MINUTES = 12 * 60;

/** Invented news of the demo market: for a symbol and a day always the same, whenever it is asked for. */
export class SimulatedNews implements NewsSource {
  async read(symbol: string, { afterMs, untilMs }: { readonly afterMs: number; readonly untilMs: number }) {
    const items: NewsItem[] = [];
    const lastDay = tradingDayNumberOf(untilMs);
    const firstDay = Math.max(tradingDayNumberOf(afterMs), lastDay - 2 * MOST_NEWS_ITEMS);
    for (let day = lastDay; day >= firstDay && items.length < MOST_NEWS_ITEMS; day--) {
      const item = itemOf(symbol, day);
      if (item !== undefined && item.publishedAtMs > afterMs && item.publishedAtMs <= untilMs) items.push(item);
    }
    return items;
  }
}

function itemOf(symbol: string, day: number): NewsItem | undefined {
  const openingMs = tradingDayToEpochMs(day);
  if (isWeekend(openingMs + MS_PER_DAY / 2)) return undefined;
  const random = seededRandom(hashOf(`${symbol}:${day}`));
  if (random() >= SHARE_OF_DAYS) return undefined;
  const publishedAtMs = epochMs(openingMs + (FIRST_MINUTE + Math.floor(random() * MINUTES)) * MS_PER_MINUTE);
  const title = `${symbol} ${TITLES[Math.floor(random() * TITLES.length)]}`;
  return { publishedAtMs, title, source: SIMULATED_NEWS_SOURCE };
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
