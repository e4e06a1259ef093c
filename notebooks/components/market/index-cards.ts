import { element } from "../element.js";
import { formatDay, formatDayOfYear } from "../format/date-format.js";
import { directionClass, directionMark, formatChange, formatPrice } from "../format/number-format.js";
import { symbolHref } from "../navigation/symbol-link.js";
import { sparkline } from "../table/sparkline.js";
import { type ChangePeriod, periodInWords } from "./change-period.js";
import { isBehind, type MarketSnapshot, type SnapshotRow } from "./market-snapshot.js";

/** Indexes and the drivers outside the market, in the order in which a Vietnamese desk looks at them. */
const FIRST = ["VNINDEX", "VN30", "HNXINDEX", "UPCOMINDEX", "VNMID", "VNSML"] as const;
const DRIVERS = ["DCE.I", "SHFE.RB", "SHFE.HC", "DCE.JM", "BRENT", "USDVND", "USDVND.Y"] as const;

/** Indexes as a Vietnamese desk looks at them: VNINDEX first, where it exists. */
export function indexesOf(snapshot: MarketSnapshot): SnapshotRow[] {
  return ordered(snapshot, ({ assetClass }) => assetClass === "index", FIRST);
}

/** What drives the market from outside: commodities and currencies. */
export function driversOf(snapshot: MarketSnapshot): SnapshotRow[] {
  return ordered(snapshot, ({ assetClass }) => !["index", "equity"].includes(assetClass), DRIVERS);
}

/** The index the headline speaks of: VNINDEX where it exists, else the first index there is. */
export function leadingIndex(snapshot: MarketSnapshot): SnapshotRow | undefined {
  return indexesOf(snapshot)[0];
}

/** Cards with last value, change and 60 closes; nothing without rows. */
export function instrumentCards(
  label: string,
  rows: readonly SnapshotRow[],
  { period, marketDayMs }: { period: ChangePeriod; marketDayMs: number },
): Node {
  if (rows.length === 0) return document.createDocumentFragment();
  return element(
    "section",
    { class: "index-cards", "aria-label": label },
    rows.map((row) => card(row, period, marketDayMs)),
  );
}

function card(row: SnapshotRow, period: ChangePeriod, marketDayMs: number): HTMLElement {
  const change = row.changes[period];
  const behind = isBehind(row, marketDayMs);
  return element(
    "a",
    { class: `index-card ${behind ? "stale" : ""}`, href: symbolHref(row.symbol), title: row.name ?? row.symbol },
    element(
      "span",
      { class: "index-card-head" },
      element("span", { class: "index-card-name" }, row.symbol),
      row.dayMs !== marketDayMs &&
        element(
          "span",
          { class: "index-card-date", title: `last day ${formatDay(row.dayMs)}` },
          formatDayOfYear(row.dayMs),
        ),
    ),
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
