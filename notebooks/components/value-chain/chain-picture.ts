import { svgElement } from "../element.js";
import { colorTokens } from "../look/color-tokens.js";
import type { ScenePart } from "./chain-canvas.js";
import { type ChainScene, type Emphasis, SIGN_DASHES, signColor } from "./chain-scene.js";
import { labelFont, labelsOnScreen } from "./label-layer.js";
import { mixedColor } from "./mixed-color.js";
import { fitPositions } from "./positions.js";

const MARGIN = 44;
const HEAD = 7;

interface PictureOptions {
  readonly width: number;
  readonly height: number;
  readonly emphasis?: Emphasis | undefined;
  readonly onChoose?: (part: ScenePart) => void;
}

/** The scene as a drawing of lines: for prints, downloads, and browsers without WebGL. */
export function chainPicture(scene: ChainScene, { width, height, emphasis, onChoose }: PictureOptions): SVGSVGElement {
  const places = picturePlaces(scene, width, height);
  const tokens = colorTokens();
  const isDimmed = (set: "nodes" | "edges", index: number) => emphasis !== undefined && !emphasis[set].has(index);
  const edges = scene.chain.edges.map(({ sign }, edge) => {
    const ends = arrow(places[scene.sources[edge] ?? 0], places[scene.targets[edge] ?? 0]);
    const color = mixedColor(signColor(sign, tokens), tokens.panel, isDimmed("edges", edge) ? 0.12 : 0.7);
    return svgElement(
      "g",
      { class: "chain-edge", onclick: () => onChoose?.({ kind: "edge", index: edge }) },
      onChoose && svgElement("path", { d: ends.body, stroke: "transparent", "stroke-width": 10 }),
      svgElement("path", { d: ends.body, stroke: color, "stroke-dasharray": SIGN_DASHES[sign]?.join(" ") }),
      svgElement("path", { d: ends.head, fill: color, stroke: "none" }),
    );
  });
  const nodes = places.map(({ x, y, radius }, node) => {
    const color = scene.appearance.colors[node] ?? tokens.muted;
    return svgElement("circle", {
      class: "chain-node",
      cx: round(x),
      cy: round(y),
      r: round(radius),
      fill: isDimmed("nodes", node) ? mixedColor(color, tokens.panel, 0.16) : color,
      stroke: node === emphasis?.center ? tokens.text : "none",
      "stroke-width": 2,
      onclick: () => onChoose?.({ kind: "node", index: node }),
    });
  });
  return svgElement(
    "svg",
    { class: "chain-picture", width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    svgElement("g", { fill: "none", "stroke-width": 1.2 }, edges),
    svgElement("g", {}, nodes),
    svgElement(
      "g",
      { fill: tokens.text, style: `font:${labelFont()}`, "pointer-events": "none" },
      names(scene, places, { width, height, emphasis }),
    ),
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

function picturePlaces({ chain, positions, appearance }: ChainScene, width: number, height: number): Place[] {
  const [innerWidth, innerHeight] = [width - 2 * MARGIN, height - 2 * MARGIN];
  const fitted = fitPositions(positions, innerWidth / innerHeight);
  return chain.nodes.map((_, node) => ({
    x: width / 2 + (fitted.x[node] ?? 0) * innerHeight,
    y: height / 2 - (fitted.y[node] ?? 0) * innerHeight,
    radius: appearance.radii[node] ?? 4,
  }));
}

function names(scene: ChainScene, places: readonly Place[], { width, height, emphasis }: PictureOptions) {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return [];
  const shown = scene.byImportance.filter((node) => emphasis === undefined || emphasis.nodes.has(node));
  const nodes = shown.map((node) => ({
    ...(places[node] ?? { x: 0, y: 0, radius: 0 }),
    label: scene.labels[node] ?? "",
    stands: node === emphasis?.center,
  }));
  const { panel } = colorTokens();
  const halo = { stroke: panel, "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" };
  return labelsOnScreen(context, nodes, { width, height }).map(({ text, x, y }) =>
    svgElement("text", { x: round(x), y: round(y), "dominant-baseline": "central", ...halo }, text),
  );
}

function arrow(from: Place = { x: 0, y: 0, radius: 0 }, to: Place = from): { body: string; head: string } {
  const span = Math.hypot(to.x - from.x, to.y - from.y);
  if (span === 0) return { body: "", head: "" };
  const [ux, uy] = [(to.x - from.x) / span, (to.y - from.y) / span];
  const rim = Math.max(span - to.radius - 1, 0);
  const base = Math.max(rim - HEAD, 0);
  const point = (along: number, side = 0) =>
    `${round(from.x + ux * along - uy * side)},${round(from.y + uy * along + ux * side)}`;
  const half = HEAD * 0.42;
  return { body: `M${point(0)}L${point(base)}`, head: `M${point(base, half)}L${point(base, -half)}L${point(rim)}Z` };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
