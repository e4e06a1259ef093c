import { element } from "../element.js";
import type { ChangePeriod } from "./change-period.js";
import { driversOf, indexesOf, instrumentCards } from "./index-cards.js";
import type { MarketSnapshot } from "./market-snapshot.js";

const CARDS_IN_ROW = 6;
/** As many cards as stand beside the session at its height. */
const CARDS_BESIDE_SESSION = 3;

/**
 * Indexes, then what drives them from outside. Where the session by minutes is known it takes the width and the
 * indexes stand beside it; without it they are a row of their own.
 */
export function marketTop(snapshot: MarketSnapshot, period: ChangePeriod, session: Node | undefined): Node {
  const shown = { period, marketDayMs: snapshot.marketDayMs };
  const [indexes, drivers] = [indexesOf(snapshot), driversOf(snapshot)];
  const fragment = document.createDocumentFragment();
  if (session) {
    const beside = instrumentCards("Indexes", indexes.slice(0, CARDS_BESIDE_SESSION), shown);
    fragment.append(element("div", { class: "session-row" }, beside, session));
    fragment.append(instrumentCards("Commodities and currencies", drivers.slice(0, CARDS_IN_ROW), shown));
  } else if (indexes.length + drivers.length <= CARDS_IN_ROW) {
    fragment.append(instrumentCards("Indexes, commodities and currencies", [...indexes, ...drivers], shown));
  } else {
    fragment.append(instrumentCards("Indexes", indexes.slice(0, CARDS_IN_ROW), shown));
    fragment.append(instrumentCards("Commodities and currencies", drivers.slice(0, CARDS_IN_ROW), shown));
  }
  return fragment;
}
