import * as Plot from "npm:@observablehq/plot";
import { element } from "../element.js";
import { formatNumber, formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import { figureKey } from "./lag-plot.js";
import type { ChosenAndTested } from "./misleading-methods.js";
import type { SimulationSettings } from "./simulated-pairs.js";
import { simulationPlot, simulationProvenance } from "./simulation-plot.js";

const CURSE_HEIGHT = 300;

/** A correlation chosen for its size, against the same on days that had no part in the choice. */
export function winnersCurseFigure(rows: readonly ChosenAndTested[], settings: SimulationSettings): HTMLElement {
  const meanOf = (isRelated: boolean, field: "inSample" | "heldOut") => {
    const values = rows.filter((row) => row.isRelated === isRelated).map((row) => row[field]);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const means = [false, true].map((isRelated) => ({
    isRelated,
    inSample: meanOf(isRelated, "inSample"),
    heldOut: meanOf(isRelated, "heldOut"),
  }));
  const [noise, related] = means;
  const top = Math.max(...rows.map(({ inSample }) => inSample));
  return figureFrame({
    title: `The winner's curse: noise at its best lag shows ${formatSigned(noise?.inSample ?? Number.NaN, 3)}, and ${formatSigned(noise?.heldOut ?? Number.NaN, 3)} afterwards`,
    subtitle: `mean correlation at the lag chosen on the first 70% of days, there and on the rest; pairs related by ${formatNumber(settings.correlation, 2)}: ${formatSigned(related?.inSample ?? Number.NaN, 3)} and ${formatSigned(related?.heldOut ?? Number.NaN, 3)}`,
    body: element(
      "div",
      {},
      figureKey([
        { mark: "ring", color: "muted", label: "unrelated pairs" },
        { mark: "dot", color: "information", label: "related pairs" },
        { mark: "dashed", color: "warning", label: "as good as when it was chosen" },
      ]),
      responsive(
        CURSE_HEIGHT,
        (width) =>
          Plot.plot({
            ...simulationPlot(width),
            height: CURSE_HEIGHT,
            x: {
              domain: [0, top * 1.05],
              label: "at the chosen lag, where it was chosen",
              labelAnchor: "center",
              labelArrow: "none",
              tickSize: 0,
              ticks: 6,
            },
            y: { label: "held out", labelArrow: "none", tickSize: 0, ticks: 6, grid: true },
            marks: [
              Plot.ruleY([0], { stroke: "var(--muted)" }),
              Plot.line(
                [
                  [0, 0],
                  [top, top],
                ],
                { stroke: "var(--warning)", strokeDasharray: "4 3" },
              ),
              Plot.dot(rows, {
                x: "inSample",
                y: "heldOut",
                r: 2.5,
                stroke: ({ isRelated }) => (isRelated ? "var(--information)" : "var(--muted)"),
                fill: ({ isRelated }) => (isRelated ? "var(--information)" : "none"),
                fillOpacity: 0.4,
              }),
              Plot.dot(means, {
                x: "inSample",
                y: "heldOut",
                r: 8,
                stroke: "var(--text)",
                strokeWidth: 2,
                symbol: "times",
              }),
            ],
          }),
        "Correlation at the chosen lag, in sample and held out",
      ),
    ),
    provenance: simulationProvenance(settings, rows.length),
    fileName: "winners-curse",
    data: () => ({
      related: rows.map(({ isRelated }) => String(isRelated)),
      in_sample: rows.map(({ inSample }) => inSample),
      held_out: rows.map(({ heldOut }) => heldOut),
    }),
  });
}
