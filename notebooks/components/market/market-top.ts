import { element } from "../element.js";
import type { LiveSnapshot } from "../live/live-snapshot.js";
import type { ChangePeriod } from "./change-period.js";
import { driversOf, indexesOf, instrumentCards } from "./index-cards.js";
import type { MarketSnapshot, SnapshotRow } from "./market-snapshot.js";

const CARDS_IN_ROW = 6;
/** As many cards as stand beside the session at its height. */
const CARDS_BESIDE_SESSION = 3;

/**
 * Indexes, then what drives them from outside. Where the session by minutes is known it takes the width and the
 * indexes stand beside it; without it they are a row of their own.
 */
export function marketTop(now: LiveSnapshot, period: ChangePeriod, session: Node | undefined): Node {
  const cards = (label: string, rowsOf: (market: MarketSnapshot) => readonly SnapshotRow[]) =>
    now.draw((market) => instrumentCards(label, rowsOf(market), { period, marketDayMs: market.marketDayMs }));
  const [indexes, drivers] = [indexesOf(now.market), driversOf(now.market)];
  const fragment = document.createDocumentFragment();
  if (session) {
    const beside = cards("Indexes", (market) => indexesOf(market).slice(0, CARDS_BESIDE_SESSION));
    fragment.append(element("div", { class: "session-row" }, beside, session));
    fragment.append(cards("Commodities and currencies", (market) => driversOf(market).slice(0, CARDS_IN_ROW)));
  } else if (indexes.length + drivers.length <= CARDS_IN_ROW) {
    fragment.append(
      cards("Indexes, commodities and currencies", (market) => [...indexesOf(market), ...driversOf(market)]),
    );
  } else {
    fragment.append(cards("Indexes", (market) => indexesOf(market).slice(0, CARDS_IN_ROW)));
    fragment.append(cards("Commodities and currencies", (market) => driversOf(market).slice(0, CARDS_IN_ROW)));
  }
  return fragment;
}
