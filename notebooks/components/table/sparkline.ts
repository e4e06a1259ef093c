import { svgElement } from "../element.js";
import { directionClass, formatChange } from "../format/number-format.js";
import { sparklinePath } from "./sparkline-path.js";

const INSET = 2;

/** A word-sized line of the last closes, coloured by their overall direction, with a dot at the end. */
export function sparkline(values: ArrayLike<number>, { width = 88, height = 20 } = {}): SVGSVGElement {
  const first = values[0] ?? Number.NaN;
  const last = values[values.length - 1] ?? Number.NaN;
  const change = last / first - 1;
  const path = sparklinePath(values, width - 2 * INSET, height - 2 * INSET);
  return svgElement(
    "svg",
    {
      class: `sparkline ${directionClass(change)}`,
      width,
      height,
      viewBox: `${-INSET} ${-INSET} ${width} ${height}`,
      role: "img",
      "aria-label": `${values.length} closes, ${formatChange(change, 1)}`,
      preserveAspectRatio: "none",
    },
    svgElement("path", {
      d: path,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 1.25,
      "stroke-linejoin": "round",
      "vector-effect": "non-scaling-stroke",
    }),
  );
}
