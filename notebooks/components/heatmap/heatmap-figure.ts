import { element } from "../element.js";
import { formatChange, formatMoney, formatNumber, formatPrice } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { symmetricLimit } from "../look/diverging-color.js";
import { type ChangePeriod, periodInWords } from "../market/change-period.js";
import { marketBreadth } from "../market/market-breadth.js";
import { equitiesOf, type MarketSnapshot, type SnapshotRow, sharesProvenance } from "../market/market-snapshot.js";
import { NO_SECTOR } from "../market/no-sector.js";
import { symbolHref } from "../navigation/symbol-link.js";
import { sortableTable } from "../table/sortable-table.js";
import { heatmap } from "./heatmap.js";
import { heatmapLegend } from "./heatmap-legend.js";
import { substitutionNote, type TileSize, tileWeights } from "./tile-weights.js";

const LIMIT_STEPS = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 1] as const;
const SIZE_IN_WORDS: Readonly<Record<TileSize, string>> = {
  "market-cap": "size: market capitalisation",
  "traded-value": "size: value traded on the last day",
  equal: "all shares the same size",
};

/** The heatmap in its frame, with legend, what is to be known about the sizes, and the same figures as a table. */
export function heatmapFigure(snapshot: MarketSnapshot, period: ChangePeriod, size: TileSize): Node {
  const shares = equitiesOf(snapshot).sort((a, b) => b.marketCap - a.marketCap || a.symbol.localeCompare(b.symbol));
  if (shares.length === 0) return document.createDocumentFragment();
  const sizes = tileWeights(shares, size);
  const limit = symmetricLimit(
    shares.map((share) => share.changes[period]),
    LIMIT_STEPS,
  );
  const { advancers, decliners } = marketBreadth(
    shares.map((share) => ({ change: share.changes[period], recentCloses: [] })),
  );
  const note = substitutionNote(sizes, size);
  const body = element(
    "div",
    {},
    heatmap(shares, { period, weights: sizes.weights, limit }),
    element(
      "div",
      { class: "heatmap-notes" },
      heatmapLegend(limit),
      note && element("p", { class: "muted" }, `${note}.`),
    ),
    shareTable(shares, period),
  );
  return figureFrame({
    title: `${formatNumber(advancers, 0)} shares rose, ${formatNumber(decliners, 0)} fell`,
    subtitle: `colour: change ${periodInWords(period)}; ${SIZE_IN_WORDS[size]}`,
    body,
    provenance: sharesProvenance(snapshot),
    fileName: `heatmap-${period}`,
    data: () => ({
      symbol: shares.map(({ symbol }) => symbol),
      sector: shares.map(({ sector }) => sector),
      change: shares.map((share) => share.changes[period]),
      market_cap: shares.map(({ marketCap }) => marketCap),
      traded_value: shares.map(({ tradedValue }) => tradedValue),
    }),
  });
}

function shareTable(shares: readonly SnapshotRow[], period: ChangePeriod): HTMLElement {
  const details = element("details", { class: "heatmap-table" }, element("summary", {}, "The same as a table"));
  details.addEventListener(
    "toggle",
    () => {
      const table = sortableTable({
        rows: shares,
        caption: `Shares with their change ${periodInWords(period)}`,
        noun: "share",
        sort: { key: "change", direction: "descending" },
        columns: [
          {
            key: "symbol",
            label: "Symbol",
            kind: "symbol",
            value: ({ symbol }) => symbol,
            show: ({ symbol }) => element("a", { href: symbolHref(symbol) }, symbol),
          },
          {
            key: "sector",
            label: "Sector",
            kind: "text",
            value: ({ sector }) => sector,
            show: ({ sector }) => sector ?? NO_SECTOR,
          },
          {
            key: "change",
            label: `Change ${periodInWords(period)}`,
            kind: "number",
            value: ({ changes }) => changes[period],
            show: ({ changes }) => formatChange(changes[period]),
          },
          {
            key: "close",
            label: "Last",
            kind: "number",
            value: ({ close }) => close,
            show: ({ close, currency }) => formatPrice(close, currency),
          },
          {
            key: "cap",
            label: "Market cap",
            kind: "number",
            value: ({ marketCap }) => marketCap,
            show: ({ marketCap, currency }) => formatMoney(marketCap, currency),
          },
          {
            key: "traded",
            label: "Traded value",
            kind: "number",
            value: ({ tradedValue }) => tradedValue,
            show: ({ tradedValue, currency }) => formatMoney(tradedValue, currency),
          },
        ],
      });
      details.append(table);
    },
    { once: true },
  );
  return details;
}
