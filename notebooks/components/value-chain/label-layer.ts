import { colorTokens } from "../look/color-tokens.js";
import { type LabelledNode, placeLabels } from "./label-placement.js";

const LINE_HEIGHT = 14;
const MOST_LABELS = 140;

/** A node as it is on the screen now. */
export interface ScreenNode {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Written whatever it covers, in the colour of text rather than of notes. */
  readonly stands: boolean;
}

export interface WrittenLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly stands: boolean;
}

export function labelFont(): string {
  return `500 11px ${getComputedStyle(document.documentElement).getPropertyValue("--sans-serif")}`;
}

const widths = new Map<string, number>();

/** The names that find a free place among nodes given by importance; those that stand out come first. */
export function labelsOnScreen(
  context: CanvasRenderingContext2D,
  nodes: readonly ScreenNode[],
  size: { readonly width: number; readonly height: number },
): WrittenLabel[] {
  const ordered = [...nodes.filter(({ stands }) => stands), ...nodes.filter(({ stands }) => !stands)];
  context.font = labelFont();
  const measured = ordered.map(({ label, x, y, radius }): LabelledNode => {
    let width = widths.get(label);
    if (width === undefined) {
      width = context.measureText(label).width;
      if (document.fonts.check(context.font)) widths.set(label, width);
    }
    return { x, y, radius, width };
  });
  return placeLabels(measured, { lineHeight: LINE_HEIGHT, ...size })
    .slice(0, MOST_LABELS)
    .map(({ node, x, y }) => ({ text: ordered[node]?.label ?? "", stands: ordered[node]?.stands ?? false, x, y }));
}

/** Writes the names with a rim in the panel's colour, so that edges do not run through them. */
export function writeLabels(context: CanvasRenderingContext2D, labels: readonly WrittenLabel[]): void {
  const { panel, text } = colorTokens();
  context.font = labelFont();
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = panel;
  context.fillStyle = text;
  for (const label of labels) {
    context.strokeText(label.text, label.x, label.y + 0.5);
    context.fillText(label.text, label.x, label.y + 0.5);
  }
}
