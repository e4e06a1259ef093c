import * as Plot from "npm:@observablehq/plot";
import { directionClass, formatChange } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { responsive } from "../responsive.js";
import { NO_SECTOR } from "./no-sector.js";
import type { SectorPerformance } from "./sector-performance.js";

const MIN_ROW_HEIGHT = 22;
const MAX_ROW_HEIGHT = 36;
/** Height of the figures beside this one, which a short list of sectors fills too. */
const PREFERRED_HEIGHT = 380;
const LABEL_WIDTH = 140;
/** Room beside the longest bars for their values, in pixels. */
const VALUE_WIDTH = 44;
const LABEL_LENGTH = 21;

interface SectorBarsOptions {
  readonly provenance: Provenance;
  readonly period: string;
  readonly weighting: "median" | "cap-weighted";
}

/** Which sectors lead and which lag: one bar a sector, best first and the unknown one last, with its value beside it. */
export function sectorBars(
  sectors: readonly SectorPerformance[],
  { provenance, period, weighting }: SectorBarsOptions,
): Node {
  if (sectors.length === 0) return document.createDocumentFragment();
  const changeOf = (sector: SectorPerformance) =>
    weighting === "median" ? sector.medianChange : sector.weightedChange;
  const known = sectors.filter((sector) => Number.isFinite(changeOf(sector)));
  const isUnknown = ({ sector }: SectorPerformance) => Number(sector === NO_SECTOR);
  const shown = known.sort((a, b) => isUnknown(a) - isUnknown(b) || changeOf(b) - changeOf(a));
  const named = shown.filter(({ sector }) => sector !== NO_SECTOR);
  const rising = named.filter((sector) => changeOf(sector) > 0).length;
  const rowHeight = Math.min(Math.max(PREFERRED_HEIGHT / shown.length, MIN_ROW_HEIGHT), MAX_ROW_HEIGHT);
  const height = Math.round(shown.length * rowHeight) + 8;
  const measure = weighting === "median" ? "median change of a share" : "change weighted by market cap";
  return figureFrame({
    title: named.length === 0 ? "No sector is known" : `${rising} of ${named.length} sectors rose`,
    subtitle: `${measure}, ${period}`,
    body: responsive(height, (width) => plotBars(shown, changeOf, width, height), `Sectors by ${measure}, ${period}`),
    provenance,
    fileName: "sectors",
    data: () => ({
      sector: shown.map(({ sector }) => sector),
      median_change: shown.map(({ medianChange }) => medianChange),
      weighted_change: shown.map(({ weightedChange }) => weightedChange),
      shares: shown.map(({ shares }) => shares),
    }),
  });
}

function plotBars(
  sectors: readonly SectorPerformance[],
  changeOf: (sector: SectorPerformance) => number,
  width: number,
  height: number,
): Node {
  const lowest = Math.min(0, ...sectors.map(changeOf));
  const highest = Math.max(0, ...sectors.map(changeOf));
  const pad = ((highest - lowest || 0.001) * VALUE_WIDTH) / Math.max(width - LABEL_WIDTH - 2 * VALUE_WIDTH, 40);
  const label = (value: number) => formatChange(value, 1);
  return Plot.plot({
    width,
    height,
    marginLeft: LABEL_WIDTH,
    marginRight: 8,
    marginTop: 0,
    marginBottom: 8,
    x: { domain: [lowest < 0 ? lowest - pad : 0, highest > 0 ? highest + pad : 0], axis: null },
    y: { domain: sectors.map(({ sector }) => sector), label: null, padding: 0.25 },
    style: { fontSize: "12px", background: "none", overflow: "visible" },
    marks: [
      Plot.barX(sectors, {
        x: changeOf,
        y: "sector",
        fill: (sector: SectorPerformance) => `var(--${changeOf(sector) < 0 ? "loss" : "gain"})`,
        title: (sector: SectorPerformance) =>
          `${sector.sector}\n${label(changeOf(sector))}\n${sector.rising} of ${sector.shares} shares rose`,
      }),
      Plot.ruleX([0], { stroke: "var(--muted)", strokeWidth: 1 }),
      ...[-1, 1].map((side) =>
        Plot.text(
          sectors.filter((sector) => (changeOf(sector) < 0 ? -1 : 1) === side),
          {
            x: changeOf,
            y: "sector",
            text: (sector: SectorPerformance) => label(changeOf(sector)),
            dx: 4 * side,
            textAnchor: side < 0 ? "end" : "start",
            fill: (sector: SectorPerformance) =>
              directionClass(changeOf(sector)) === "flat" ? "var(--muted)" : "var(--text)",
          },
        ),
      ),
      Plot.axisY({
        tickSize: 0,
        label: null,
        fill: "var(--text)",
        tickFormat: (sector: string) => shorten(sector),
        title: (sector: string) => sector,
      }),
    ],
  });
}

function shorten(label: string): string {
  return label.length > LABEL_LENGTH ? `${label.slice(0, LABEL_LENGTH - 1).trimEnd()}…` : label;
}
