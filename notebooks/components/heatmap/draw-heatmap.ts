import { formatChange } from "../format/number-format.js";
import { colorTokens } from "../look/color-tokens.js";
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

/** Draws all tiles on a canvas of `width` × `height` CSS pixels, sharp on the screen it is for. */
export function drawHeatmap(
  canvas: HTMLCanvasElement,
  shares: readonly HeatmapShare[],
  layout: HeatmapLayout,
  { width, height, limit }: { width: number; height: number; limit: number },
): void {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  if (!context) return;
  const tokens = colorTokens();
  const family = getComputedStyle(document.body).fontFamily;
  context.scale(ratio, ratio);
  context.fillStyle = tokens.panel;
  context.fillRect(0, 0, width, height);
  context.textBaseline = "middle";
  shares.forEach((share, index) => {
    const tile = layout.tiles[index];
    if (tile && tile.width > 0) drawTile(context, share, tile, divergingColor(share.change, limit, tokens), family);
  });
  context.font = `600 11px ${family}`;
  context.textAlign = "left";
  context.fillStyle = tokens.muted;
  for (const { name, area, hasLabel } of layout.sectors) {
    if (hasLabel) context.fillText(fitText(context, name, area.width - 8), area.x + 4, area.y + 10);
  }
}

function drawTile(
  context: CanvasRenderingContext2D,
  { symbol, change }: HeatmapShare,
  { x, y, width, height }: Rectangle,
  color: string,
  family: string,
): void {
  context.fillStyle = color;
  context.fillRect(x, y, Math.max(width - 1, 0.5), Math.max(height - 1, 0.5));
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
