import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { directionClass, formatChange, formatMoney, formatPrice } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { followFace, markFigure, showSource } from "../live/live-badge.js";
import { liveFace } from "../live/live-face.js";
import type { LiveSnapshot } from "../live/live-snapshot.js";
import { whileShown } from "../live/shown-element.js";
import { symbolHref } from "../navigation/symbol-link.js";
import { exportedColumns, sortableTable, type TableColumn } from "../table/sortable-table.js";
import { sparkline } from "../table/sparkline.js";
import { CHANGE_PERIODS, type ChangePeriod } from "./change-period.js";
import { isBehind, type MarketSnapshot, type SnapshotRow } from "./market-snapshot.js";

/** The groups the table can be narrowed to. */
export const INSTRUMENT_GROUPS = [
  { value: "all", label: "All" },
  { value: "shares", label: "Shares" },
  { value: "indexes", label: "Indexes" },
  { value: "commodities", label: "Commodities" },
  { value: "currencies", label: "Currencies" },
] as const;

type InstrumentGroup = (typeof INSTRUMENT_GROUPS)[number]["value"];

const GROUP_OF: Readonly<Record<SnapshotRow["assetClass"], InstrumentGroup>> = {
  equity: "shares",
  index: "indexes",
  "commodity-future": "commodities",
  "commodity-spot": "commodities",
  fx: "currencies",
  crypto: "currencies",
  other: "all",
};

const UPDATE_MS = 250;

/**
 * Every instrument with its last close, changes over all periods, 60 closes, value traded and market cap. While the
 * market moves the numbers change in their cells, and the rows stay where they are.
 */
export function instrumentTable(now: LiveSnapshot, group: InstrumentGroup, period: ChangePeriod): Node {
  const snapshot: MarketSnapshot = now.market;
  if (snapshot.rows.length === 0) return document.createDocumentFragment();
  const rows = snapshot.rows.filter(({ assetClass }) => group === "all" || GROUP_OF[assetClass] === group);
  const columns = instrumentColumns(() => now.market.marketDayMs);
  const table = sortableTable({
    columns,
    rows,
    caption: "Instruments with last close and changes",
    sort: { key: period, direction: "descending" },
    noun: "instrument",
    height: 640,
    identity: ({ symbol }) => symbol,
  });
  const figure = figureFrame({
    title: "All instruments",
    subtitle: "last close in the instrument's currency, change in %, 60 closes; muted where the last day is older",
    body: table,
    provenance: snapshot.provenance,
    fileName: "instruments",
    hasPicture: false,
    data: () =>
      exportedColumns(
        columns,
        rows.map((row) => now.row(row.symbol) ?? row),
      ),
  });
  followChanges(figure, now, table.update);
  followFace(now.live, figure, () => {
    markFigure(figure, liveFace(now.live.state.value, Date.now()));
    showSource(figure, now.market.provenance);
  });
  return figure;
}

/** Hands over the rows that changed, four times a second at most: a reader could not follow more. */
function followChanges(figure: Element, now: LiveSnapshot, update: (changed: readonly SnapshotRow[]) => void): void {
  let waiting = new Set<string>();
  let isShowAsked = false;
  const show = () => {
    isShowAsked = false;
    const symbols = waiting;
    waiting = new Set();
    update(Array.from(symbols, (symbol) => now.row(symbol) ?? []).flat());
  };
  whileShown<ReadonlySet<string>>(
    figure,
    (listener) => now.live.changes.add(listener),
    (changed) => {
      for (const symbol of changed) waiting.add(symbol);
      if (!isShowAsked) setTimeout(show, UPDATE_MS);
      isShowAsked = true;
    },
  );
  whileShown<void>(
    figure,
    (listener) => now.live.restarts.add(listener),
    () => update(now.market.rows),
  );
}

/** Large changes are read, not compared digit by digit. */
function decimalsOf(change: number): number {
  return Math.abs(change) >= 0.1 ? 1 : 2;
}

/** The last close; with a mark and its day where the market has moved on since. */
function lastClose(row: SnapshotRow, marketDayMs: number): string | Node {
  const price = formatPrice(row.close, row.currency);
  if (!isBehind(row, marketDayMs)) return price;
  const day = `last day ${formatDay(row.dayMs)}`;
  return element("span", { class: "behind", title: day, "aria-label": `${price}, ${day}` }, price);
}

function instrumentColumns(marketDayMs: () => number): TableColumn<SnapshotRow>[] {
  const changeColumns = CHANGE_PERIODS.map(
    ({ value: period, label, inWords }): TableColumn<SnapshotRow> => ({
      key: period,
      label,
      kind: "number",
      hint: `change ${inWords}`,
      value: (row) => row.changes[period],
      show: (row) => formatChange(row.changes[period], decimalsOf(row.changes[period])),
      className: (row) => (isBehind(row, marketDayMs()) ? "muted" : directionClass(row.changes[period])),
    }),
  );
  return [
    {
      key: "symbol",
      label: "Symbol",
      kind: "symbol",
      value: ({ symbol }) => symbol,
      show: ({ symbol }) => element("a", { href: symbolHref(symbol) }, symbol),
    },
    { key: "name", label: "Name", kind: "text", isSecondary: true, value: ({ name }) => name },
    {
      key: "close",
      label: "Last",
      kind: "number",
      value: ({ close }) => close,
      show: (row) => lastClose(row, marketDayMs()),
    },
    ...changeColumns,
    {
      key: "closes",
      label: "60 closes",
      kind: "picture",
      value: () => null,
      show: ({ recentCloses }) => sparkline(recentCloses, { width: 72 }),
    },
    {
      key: "traded_value",
      label: "Traded",
      kind: "number",
      hint: "close × volume of the last day",
      value: ({ tradedValue }) => tradedValue,
      show: ({ tradedValue, currency }) => formatMoney(tradedValue, currency),
    },
    {
      key: "market_cap",
      label: "Market cap",
      kind: "number",
      value: ({ marketCap }) => marketCap,
      show: ({ marketCap, currency }) => formatMoney(marketCap, currency),
    },
    { key: "sector", label: "Sector", kind: "text", isHidden: true, value: ({ sector }) => sector },
    {
      key: "date",
      label: "Last day",
      kind: "number",
      isHidden: true,
      value: ({ dayMs }) => dayMs,
      show: ({ dayMs }) => formatDay(dayMs),
      exported: ({ dayMs }) => formatDay(dayMs),
    },
  ];
}
