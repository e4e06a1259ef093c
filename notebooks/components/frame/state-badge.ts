import { element, svgElement } from "../element.js";

export type DataState = "snapshot" | "live" | "stale" | "offline" | "replaying" | "closed" | "simulated";

const LABELS: Readonly<Record<DataState, string>> = {
  snapshot: "Snapshot",
  live: "Live",
  stale: "Stale",
  offline: "Offline",
  replaying: "Replaying",
  closed: "Market closed",
  simulated: "Simulated",
};

/** Shapes on a 10 × 10 field, so that the states are told apart without colour. */
const SHAPES: Readonly<Record<DataState, string>> = {
  snapshot: "M1.5 1.5h7v7h-7z",
  live: "M5 1a4 4 0 1 0 0 8a4 4 0 1 0 0-8z",
  stale: "M5 1l4.5 8h-9z",
  offline: "M2 2l6 6M8 2l-6 6",
  replaying: "M5 1.5v7l-4.5-3.5zM9.5 1.5v7l-4.5-3.5z",
  closed: "M1.5 5h7M1.5 2.5v5M8.5 2.5v5",
  simulated: "M1 5c1.4-5 2.6-5 4 0s2.6 5 4 0",
};

const FILLED: ReadonlySet<DataState> = new Set(["live", "stale", "replaying"]);

/** A small badge for the state of the data behind a page or a figure. */
export function stateBadge(state: DataState, detail = ""): HTMLElement {
  const isFilled = FILLED.has(state);
  const mark = svgElement(
    "svg",
    { width: 10, height: 10, viewBox: "0 0 10 10", "aria-hidden": "true" },
    svgElement("path", {
      d: SHAPES[state],
      fill: isFilled ? "currentColor" : "none",
      stroke: isFilled ? "none" : "currentColor",
      "stroke-width": 1.5,
      "stroke-linecap": "round",
    }),
  );
  return element(
    "span",
    { class: `badge badge-${state}` },
    mark,
    detail ? `${LABELS[state]} · ${detail}` : LABELS[state],
  );
}
