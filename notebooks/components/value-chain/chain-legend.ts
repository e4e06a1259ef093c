import { element, svgElement } from "../element.js";
import type { ColorKey } from "./chain-palette.js";
import { SIGN_DASHES } from "./chain-scene.js";

const SIGNS = [
  { sign: 1, className: "gain", label: "▲ moves it the same way" },
  { sign: -1, className: "loss", label: "▼ the opposite way" },
  { sign: 0, className: "muted", label: "• either way" },
] as const;

/** What the colours of nodes and the strokes of edges say. */
export function chainLegend(keys: readonly ColorKey[], sizeInWords: string): HTMLElement {
  return element(
    "div",
    { class: "chain-legend" },
    element(
      "ul",
      { "aria-label": "Colours of the nodes" },
      keys.map(({ label, color }) => element("li", {}, swatch(color), label)),
    ),
    element(
      "ul",
      { "aria-label": "Edges" },
      SIGNS.map(({ sign, className, label }) => element("li", { class: className }, stroke(sign), label)),
      element("li", { class: "muted" }, sizeInWords),
    ),
  );
}

function swatch(color: string): HTMLElement {
  return element("span", { class: "chain-swatch", style: `background:${color}`, "aria-hidden": "true" });
}

function stroke(sign: -1 | 0 | 1): HTMLElement {
  const line = svgElement("path", {
    d: "M0,5H20",
    stroke: "currentColor",
    "stroke-width": 1.6,
    "stroke-dasharray": SIGN_DASHES[sign]?.join(" "),
  });
  const head = svgElement("path", { d: "M20,1.5L27,5L20,8.5Z", fill: "currentColor" });
  return element("span", { "aria-hidden": "true" }, svgElement("svg", { width: 28, height: 10 }, line, head));
}
