import { element } from "../element.js";
import { formatChange } from "../format/number-format.js";

/** The colour scale with its ends and middle named; the ends stand for everything beyond them too. */
export function heatmapLegend(limit: number): HTMLElement {
  const marks = [-limit, -limit / 2, 0, limit / 2, limit];
  return element(
    "div",
    {
      class: "heatmap-legend",
      role: "img",
      "aria-label": `colour from ${formatChange(-limit, 0)} to ${formatChange(limit, 0)}`,
    },
    element("div", { class: "heatmap-legend-scale" }),
    element(
      "div",
      { class: "heatmap-legend-marks number" },
      marks.map((mark, index) => {
        const beyond = index === 0 ? "≤ " : index === marks.length - 1 ? "≥ " : "";
        return element("span", {}, `${beyond}${formatChange(mark, Number.isInteger(mark * 100) ? 0 : 1)}`);
      }),
    ),
  );
}
