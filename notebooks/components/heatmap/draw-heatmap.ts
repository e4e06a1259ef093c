import { formatChange } from "../format/number-format.js";
import { type ColorTokens, colorTokens } from "../look/color-tokens.js";
import { divergingColor, readableTextOn } from "../look/diverging-color.js";
import type { HeatmapLayout } from "./heatmap-layout.js";
import type { Rectangle } from "./squarified-treemap.js";

export interface HeatmapShare {
  readonly symbol: string;
  readonly sector: string;
  readonly change: number;
}

const MIN_TEXT_SIZE = 8;
const MAX_TEXT_SIZE = 22;
/** Width of a bold capital, in units of the type size. */
const CHARACTER_WIDTH = 0.76;

/** A canvas on which all tiles have been drawn, and on which single ones can be drawn again. */
export interface DrawnHeatmap {
  /** Draws tiles again with the changes that their shares have now; nothing else of the canvas is touched. */
  recolor(indexes: Iterable<number>): void;
}

/** Draws all tiles on a canvas of `width` × `height` CSS pixels, sharp on the screen it is for. */
export function drawHeatmap(
  canvas: HTMLCanvasElement,
  shares: readonly HeatmapShare[],
  layout: HeatmapLayout,
  { width, height, limit, isMuted }: { width: number; height: number; limit: number; isMuted: boolean },
): DrawnHeatmap | undefined {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  if (!context) return undefined;
  const tokens = isMuted ? mutedTokens(colorTokens()) : colorTokens();
  const family = getComputedStyle(document.body).fontFamily;
  context.scale(ratio, ratio);
  context.fillStyle = tokens.panel;
  context.fillRect(0, 0, width, height);
  context.textBaseline = "middle";
  const recolor = (indexes: Iterable<number>) => {
    for (const index of indexes) {
      const [share, tile] = [shares[index], layout.tiles[index]];
      if (!share || !tile || tile.width === 0) continue;
      drawTile(context, share, tile, divergingColor(share.change, limit, tokens), family);
    }
  };
  recolor(shares.keys());
  context.font = `600 11px ${family}`;
  context.textAlign = "left";
  context.fillStyle = tokens.muted;
  for (const { name, area, hasLabel } of layout.sectors) {
    if (hasLabel) context.fillText(fitText(context, name, area.width - 8), area.x + 4, area.y + 10);
  }
  return { recolor };
}

/** Old numbers keep their place and their sign, and lose their colour. */
function mutedTokens(tokens: ColorTokens): ColorTokens {
  return { ...tokens, gain: tokens.muted, loss: tokens.line };
}

function drawTile(
  context: CanvasRenderingContext2D,
  { symbol, change }: HeatmapShare,
  { x, y, width, height }: Rectangle,
  color: string,
  family: string,
): void {
  // On whole pixels: a tile drawn again must not creep into the gap beside it.
  const [left, top, right, bottom] = [x, y, x + width, y + height].map(Math.round) as [number, number, number, number];
  context.fillStyle = color;
  context.fillRect(left, top, Math.max(right - left - 1, 0.5), Math.max(bottom - top - 1, 0.5));
  const size = Math.min(MAX_TEXT_SIZE, (width - 6) / (symbol.length * CHARACTER_WIDTH), (height - 4) / 1.3);
  if (size < MIN_TEXT_SIZE) return;
  const changeSize = Math.max(MIN_TEXT_SIZE, Math.min(13, size * 0.72));
  const hasChange = height >= size + changeSize + 10 && width >= changeSize * 4.2;
  const middle = y + height / 2;
  context.textAlign = "center";
  context.fillStyle = readableTextOn(color);
  context.font = `600 ${size}px ${family}`;
  context.fillText(symbol, x + width / 2, hasChange ? middle - changeSize * 0.6 : middle);
  if (!hasChange) return;
  context.font = `400 ${changeSize}px ${family}`;
  context.fillText(formatChange(change, 1), x + width / 2, middle + size * 0.6);
}

function fitText(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length - 1;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length).trimEnd()}…`;
}
