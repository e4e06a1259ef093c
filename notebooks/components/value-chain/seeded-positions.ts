import type { Positions } from "./positions.js";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Starting positions of a force layout, spread evenly over a disc of radius 100. A node's place depends on its id
 * alone, so that a graph with one more node looks much like the one before. Two ids that hash alike are `index` apart.
 */
export function seededPositions(ids: readonly string[]): Positions {
  const x = new Float64Array(ids.length);
  const y = new Float64Array(ids.length);
  ids.forEach((id, index) => {
    const angle = 2 * Math.PI * unitHash(`${id}/angle`);
    const radius = 100 * Math.sqrt(unitHash(`${id}/radius`));
    x[index] = radius * Math.cos(angle) + index * 1e-6;
    y[index] = radius * Math.sin(angle);
  });
  return { x, y };
}

/** FNV-1a of 32 bits (Fowler, Noll, Vo) with a final mix, as a number from 0 to below 1. */
function unitHash(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
