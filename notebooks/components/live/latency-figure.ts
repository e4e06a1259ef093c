import * as Plot from "npm:@observablehq/plot";
import { element } from "../element.js";
import { formatCompact, formatNumber } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import { LATENCY_EDGES } from "./latency-meter.js";
import type { LiveMarket } from "./live.js";

const HEIGHT = 190;

/** How long trades took from their receipt by the server to this page. */
export function latencyFigure(live: LiveMarket): HTMLElement {
  const { latency } = live;
  const { counts, total } = latency;
  const offset = live.clockOffset;
  const labels = [...LATENCY_EDGES.map(edgeLabel), `> ${edgeLabel(LATENCY_EDGES.at(-1) ?? 0)}`];
  const rows = labels.map((label, bin) => ({ label, trades: counts[bin] ?? 0 }));
  const body =
    total === 0
      ? element("p", { class: "muted", style: `min-height:${HEIGHT}px` }, "No trade came in since the page was opened.")
      : responsive(HEIGHT, (width) => plot(rows, width), "Trades by delay");
  const error = offset ? `; clocks compared by round trips, ± ${formatNumber(offset.errorMs, 0)} ms` : "";
  return figureFrame({
    title:
      total === 0
        ? "Delay"
        : `Half of the trades within ${quantileLabel(latency.quantile(0.5))}, 99% within ${quantileLabel(latency.quantile(0.99))}`,
    subtitle: `trades by delay from receipt by the server to this page, milliseconds up to${error}`,
    body,
    provenance: {
      source: "measured in this page",
      asOf: "",
      rows: total,
      dataset: "market",
      excluded: "what came from the exchange to the server is not in it",
    },
    fileName: "latency",
    data: () => ({ up_to_ms: labels, trades: rows.map(({ trades }) => trades) }),
  });
}

function plot(rows: readonly { label: string; trades: number }[], width: number): Node {
  return Plot.plot({
    width,
    height: HEIGHT,
    marginLeft: 36,
    marginRight: 4,
    marginTop: 8,
    marginBottom: 22,
    x: { domain: rows.map(({ label }) => label), label: null, tickSize: 0, padding: 0.12, tickFormat: everyOther },
    y: { label: null, ticks: 4, tickSize: 0, grid: true, tickFormat: formatCompact },
    style: { fontSize: "11px", background: "none" },
    marks: [
      Plot.barY(rows, {
        x: "label",
        y: "trades",
        fill: "var(--information)",
        title: ({ label, trades }: (typeof rows)[number]) => `up to ${label}\n${formatNumber(trades, 0)} trades`,
      }),
      Plot.ruleY([0], { stroke: "var(--line)" }),
    ],
  });
}

/** All labels would not fit a narrow figure. */
function everyOther(label: string, at: number): string {
  return at % 2 === 0 ? label : "";
}

function edgeLabel(ms: number): string {
  return ms >= 1_000 ? `${ms / 1_000} s` : String(ms);
}

function quantileLabel(ms: number): string {
  if (!Number.isFinite(ms)) return "more than 5 s";
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}
