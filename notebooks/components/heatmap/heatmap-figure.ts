import { element } from "../element.js";
import { formatChange, formatMoney, formatNumber, formatPrice } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { followFace, markFigure, showSource } from "../live/live-badge.js";
import { liveFace } from "../live/live-face.js";
import type { LiveSnapshot } from "../live/live-snapshot.js";
import { whileShown } from "../live/shown-element.js";
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

const TITLE_EVERY_MS = 1_000;

/**
 * The heatmap in its frame, with legend, what is to be known about the sizes, and the same figures as a table. While
 * the market moves the tiles change their colours in place; sizes stay those of the snapshot.
 */
export function heatmapFigure(now: LiveSnapshot, period: ChangePeriod, size: TileSize): Node {
  const snapshot: MarketSnapshot = now.market;
  const shares = equitiesOf(snapshot).sort((a, b) => b.marketCap - a.marketCap || a.symbol.localeCompare(b.symbol));
  if (shares.length === 0) return document.createDocumentFragment();
  const sizes = tileWeights(shares, size);
  const limit = symmetricLimit(
    shares.map((share) => share.changes[period]),
    LIMIT_STEPS,
  );
  const plate = heatmap(shares, { period, weights: sizes.weights, limit });
  const table = shareTable(() => current(shares, now), period);
  const note = substitutionNote(sizes, size);
  const body = element(
    "div",
    {},
    plate.node,
    element(
      "div",
      { class: "heatmap-notes" },
      heatmapLegend(limit),
      note && element("p", { class: "muted" }, `${note}.`),
    ),
    table.node,
  );
  const figure = figureFrame({
    title: titleOf(shares, period),
    subtitle: `colour: change ${periodInWords(period)}; ${SIZE_IN_WORDS[size]}`,
    body,
    provenance: sharesProvenance(snapshot),
    fileName: `heatmap-${period}`,
    data: () => {
      const rows = current(shares, now);
      return {
        symbol: rows.map(({ symbol }) => symbol),
        sector: rows.map(({ sector }) => sector),
        change: rows.map((share) => share.changes[period]),
        market_cap: rows.map(({ marketCap }) => marketCap),
        traded_value: rows.map(({ tradedValue }) => tradedValue),
      };
    },
  });
  followMarket(figure, now, (changed) => {
    plate.update(changed);
    table.update(changed);
  });
  followTitle(figure, now, () => titleOf(current(shares, now), period));
  followFace(now.live, figure, () => {
    const face = liveFace(now.live.state.value, Date.now());
    markFigure(figure, face);
    showSource(figure, sharesProvenance(now.market));
    plate.mute(face?.badge === "stale" || face?.badge === "offline");
  });
  return figure;
}

/** Calls back with the rows that changed, at each frame in which some did; with all of them when all begins anew. */
function followMarket(figure: Element, now: LiveSnapshot, update: (changed: readonly SnapshotRow[]) => void): void {
  const rowsOf = (symbols: Iterable<string>) => Array.from(symbols, (symbol) => now.row(symbol) ?? []).flat();
  whileShown<ReadonlySet<string>>(
    figure,
    (listener) => now.live.changes.add(listener),
    (changed) => update(rowsOf(changed)),
  );
  whileShown<void>(
    figure,
    (listener) => now.live.restarts.add(listener),
    () => update(now.market.rows),
  );
}

function followTitle(figure: Element, now: LiveSnapshot, title: () => string): void {
  const heading = figure.querySelector(".figure-title");
  let lastMs = 0;
  whileShown<ReadonlySet<string>>(
    figure,
    (listener) => now.live.changes.add(listener),
    () => {
      if (!heading || performance.now() - lastMs < TITLE_EVERY_MS) return;
      lastMs = performance.now();
      const text = title();
      if (heading.textContent !== text) heading.textContent = text;
    },
  );
}

function titleOf(shares: readonly SnapshotRow[], period: ChangePeriod): string {
  const { advancers, decliners } = marketBreadth(
    shares.map((share) => ({ change: share.changes[period], recentCloses: [] })),
  );
  return `${formatNumber(advancers, 0)} shares rose, ${formatNumber(decliners, 0)} fell`;
}

function current(shares: readonly SnapshotRow[], now: LiveSnapshot): SnapshotRow[] {
  return shares.map((share) => now.row(share.symbol) ?? share);
}

function shareTable(shares: () => readonly SnapshotRow[], period: ChangePeriod) {
  const details = element("details", { class: "heatmap-table" }, element("summary", {}, "The same as a table"));
  let update: (changed: readonly SnapshotRow[]) => void = () => {};
  details.addEventListener(
    "toggle",
    () => {
      const table = sortableTable({
        rows: shares(),
        identity: ({ symbol }) => symbol,
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
      update = (changed) => table.update(changed);
    },
    { once: true },
  );
  return { node: details, update: (changed: readonly SnapshotRow[]) => update(changed) };
}
