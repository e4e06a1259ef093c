import type { Positions } from "./positions.js";

export type Direction = "left" | "right" | "up" | "down";

const VECTORS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, 1],
  down: [0, -1],
};

/**
 * The neighbour to which an arrow key leads from `node`: the one that lies most in that direction, near ones before
 * far ones; `undefined` when none lies within 80 degrees of it.
 */
export function neighbourTowards(
  node: number,
  direction: Direction,
  neighbours: Iterable<number>,
  { x, y }: Positions,
): number | undefined {
  const [towardsX, towardsY] = VECTORS[direction];
  const [fromX, fromY] = [x[node] ?? 0, y[node] ?? 0];
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const neighbour of neighbours) {
    const [dx, dy] = [(x[neighbour] ?? 0) - fromX, (y[neighbour] ?? 0) - fromY];
    const distance = Math.hypot(dx, dy);
    const cosine = (dx * towardsX + dy * towardsY) / distance;
    if (!(cosine > 0.17)) continue;
    const cost = distance / cosine ** 2;
    if (cost < least) [best, least] = [neighbour, cost];
  }
  return best;
}
