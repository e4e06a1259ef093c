import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { directionClass, directionMark, formatChange, formatPrice } from "../format/number-format.js";
import { symbolHref } from "../navigation/symbol-link.js";
import { sparkline } from "../table/sparkline.js";
import { type ChangePeriod, periodInWords } from "./change-period.js";
import { isBehind, type MarketSnapshot, type SnapshotRow } from "./market-snapshot.js";

/** Indexes and the drivers outside the market, in the order in which a Vietnamese desk looks at them. */
const FIRST = ["VNINDEX", "VN30", "HNXINDEX", "UPCOMINDEX", "VNMID", "VNSML"] as const;
const DRIVERS = ["DCE.I", "SHFE.RB", "SHFE.HC", "DCE.JM", "BRENT", "USDVND", "USDVND.Y"] as const;
const CARDS_IN_ROW = 6;

/** The index the headline speaks of: VNINDEX where it exists, else the first index there is. */
export function leadingIndex(snapshot: MarketSnapshot): SnapshotRow | undefined {
  return ordered(snapshot, ({ assetClass }) => assetClass === "index", FIRST)[0];
}

/** A row of index cards and a row of commodities and currencies: last value, change, 60 closes. */
export function indexCards(snapshot: MarketSnapshot, period: ChangePeriod): DocumentFragment {
  const indexes = ordered(snapshot, ({ assetClass }) => assetClass === "index", FIRST);
  const drivers = ordered(snapshot, ({ assetClass }) => !["index", "equity"].includes(assetClass), DRIVERS);
  const fitsOneRow = indexes.length + drivers.length <= CARDS_IN_ROW;
  const rows = fitsOneRow
    ? [{ label: "Indexes, commodities and currencies", cards: [...indexes, ...drivers] }]
    : [
        { label: "Indexes", cards: indexes.slice(0, CARDS_IN_ROW) },
        { label: "Commodities and currencies", cards: drivers.slice(0, CARDS_IN_ROW) },
      ];
  const fragment = document.createDocumentFragment();
  for (const { label, cards } of rows) {
    if (cards.length === 0) continue;
    const items = cards.map((row) => card(row, period, snapshot.marketDayMs));
    fragment.append(element("section", { class: "index-cards", "aria-label": label }, items));
  }
  return fragment;
}

function card(row: SnapshotRow, period: ChangePeriod, marketDayMs: number): HTMLElement {
  const change = row.changes[period];
  const behind = isBehind(row, marketDayMs);
  return element(
    "a",
    { class: `index-card ${behind ? "stale" : ""}`, href: symbolHref(row.symbol), title: row.name ?? row.symbol },
    element("span", { class: "index-card-name" }, row.symbol),
    element("span", { class: "index-card-date" }, row.dayMs !== marketDayMs && formatDay(row.dayMs)),
    element("span", { class: "index-card-value number" }, formatPrice(row.close, row.currency)),
    element(
      "span",
      { class: `index-card-change number ${directionClass(change)}`, title: periodInWords(period) },
      `${directionMark(change)} ${formatChange(change)}`,
    ),
    sparkline(row.recentCloses, { width: 136, height: 28 }),
  );
}

function ordered(
  snapshot: MarketSnapshot,
  accepts: (row: SnapshotRow) => boolean,
  first: readonly string[],
): SnapshotRow[] {
  const rank = ({ symbol }: SnapshotRow) => (first.includes(symbol) ? first.indexOf(symbol) : first.length);
  return snapshot.rows.filter(accepts).sort((a, b) => rank(a) - rank(b) || a.symbol.localeCompare(b.symbol));
}
