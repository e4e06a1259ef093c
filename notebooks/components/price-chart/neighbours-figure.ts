import { element } from "../element.js";
import { directionClass, formatChange, formatMoney } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { MarketSnapshot, SnapshotRow } from "../market/market-snapshot.js";
import { symbolHref } from "../navigation/symbol-link.js";
import { sortableTable } from "../table/sortable-table.js";
import { sparkline } from "../table/sparkline.js";

const KIND_IN_WORDS: Readonly<Record<SnapshotRow["assetClass"], string>> = {
  equity: "shares without a sector",
  index: "indexes",
  "commodity-future": "commodity futures",
  "commodity-spot": "commodities",
  fx: "currencies",
  crypto: "crypto-currencies",
  other: "instruments",
};

/** The others of the same sector (of the same kind, where there is no sector), largest first. */
export function neighboursFigure(symbol: string, snapshot: MarketSnapshot): Node {
  const own = snapshot.rows.find((row) => row.symbol === symbol);
  if (!own) return document.createDocumentFragment();
  const isNeighbour = (row: SnapshotRow) =>
    row.assetClass === own.assetClass && row.sector === own.sector && row.symbol !== symbol;
  const neighbours = snapshot.rows.filter(isNeighbour);
  const group = own.sector ?? `other ${KIND_IN_WORDS[own.assetClass]}`;
  const change = (label: string, period: "1d" | "1m" | "1y") => ({
    key: period,
    label,
    kind: "number" as const,
    value: (row: SnapshotRow) => row.changes[period],
    show: (row: SnapshotRow) => formatChange(row.changes[period], 1),
    className: (row: SnapshotRow) => directionClass(row.changes[period]),
  });
  return figureFrame({
    title: `Beside it: ${group}`,
    subtitle: `${neighbours.length} others; change over a day, a month, a year; 60 closes`,
    body: sortableTable({
      rows: neighbours,
      caption: `Shares beside ${symbol}`,
      noun: "neighbour",
      height: 279,
      isSearchable: false,
      sort: own.marketCap > 0 ? { key: "cap", direction: "descending" } : { key: "symbol", direction: "ascending" },
      columns: [
        {
          key: "symbol",
          label: "Symbol",
          kind: "symbol",
          value: (row) => row.symbol,
          show: (row) => element("a", { href: symbolHref(row.symbol), title: row.name }, row.symbol),
        },
        change("1D", "1d"),
        change("1M", "1m"),
        change("1Y", "1y"),
        { key: "closes", label: "", kind: "picture", value: () => null, show: (row) => sparkline(row.recentCloses) },
        {
          key: "cap",
          label: "Market cap",
          kind: "number",
          value: (row) => row.marketCap,
          show: (row) => formatMoney(row.marketCap, row.currency),
        },
      ],
    }),
    provenance: { ...snapshot.provenance, rows: neighbours.length },
    fileName: `neighbours-${symbol}`,
    hasPicture: false,
  });
}
