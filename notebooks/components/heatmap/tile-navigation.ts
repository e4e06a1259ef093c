import type { Rectangle } from "./squarified-treemap.js";

export type Direction = "left" | "right" | "up" | "down";

/**
 * The tile a reader reaches from tile `from` by an arrow key: among the tiles whose centre lies in that
 * direction, the nearest one, where a step aside counts double. `from` itself when there is none.
 */
export function neighbouringTile(tiles: readonly Rectangle[], from: number, direction: Direction): number {
  const start = tiles[from];
  if (!start) return from;
  let best = from;
  let bestDistance = Number.POSITIVE_INFINITY;
  tiles.forEach((tile, index) => {
    if (index === from || tile.width === 0) return;
    const { ahead, aside } = offset(start, tile, direction);
    if (ahead <= 0.5) return;
    const distance = ahead + 2 * aside;
    if (distance < bestDistance) [best, bestDistance] = [index, distance];
  });
  return best;
}

/** The tile that holds a point, or −1. */
export function tileAt(tiles: readonly Rectangle[], x: number, y: number): number {
  return tiles.findIndex((tile) => x >= tile.x && x < tile.x + tile.width && y >= tile.y && y < tile.y + tile.height);
}

/** How far the tile's centre lies ahead of the start's, and how far beside the start's own extent it begins. */
function offset(start: Rectangle, tile: Rectangle, direction: Direction): { ahead: number; aside: number } {
  const isHorizontal = direction === "left" || direction === "right";
  const sign = direction === "right" || direction === "down" ? 1 : -1;
  const centre = (rectangle: Rectangle) =>
    isHorizontal ? rectangle.x + rectangle.width / 2 : rectangle.y + rectangle.height / 2;
  const across = (rectangle: Rectangle) =>
    isHorizontal ? rectangle.y + rectangle.height / 2 : rectangle.x + rectangle.width / 2;
  const halfExtent = (isHorizontal ? tile.height : tile.width) / 2;
  return {
    ahead: sign * (centre(tile) - centre(start)),
    aside: Math.max(0, Math.abs(across(tile) - across(start)) - halfExtent),
  };
}
