/** A node on the screen with its name, in pixels; y grows downwards. */
export interface LabelledNode {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Width of the written name. */
  readonly width: number;
}

export interface PlacedLabel {
  /** Index among the nodes given. */
  readonly node: number;
  /** Left end and middle line of the name. */
  readonly x: number;
  readonly y: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const GAP = 4;
/** Side of the squares that say which boxes can touch at all. */
const CELL = 64;

/**
 * Places names beside their nodes, right, left, below or above, so that none covers another name or a node. Nodes
 * come in the order of their importance: a name that finds no free place is left out.
 */
export function placeLabels(
  nodes: readonly LabelledNode[],
  { lineHeight, width, height }: { lineHeight: number; width: number; height: number },
): PlacedLabel[] {
  const taken = new Map<number, Box[]>();
  nodes.forEach(({ x, y, radius }) => {
    take(taken, { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
  });
  const placed: PlacedLabel[] = [];
  nodes.forEach((node, index) => {
    const { x, y, radius } = node;
    if (x < -radius || y < -radius || x > width + radius || y > height + radius) return;
    const beside = radius + GAP;
    const places = [
      { x: x + beside, y },
      { x: x - beside - node.width, y },
      { x: x - node.width / 2, y: y + radius + lineHeight / 2 + 1 },
      { x: x - node.width / 2, y: y - radius - lineHeight / 2 - 1 },
    ];
    for (const place of places) {
      const half = lineHeight / 2;
      const box = { left: place.x, right: place.x + node.width, top: place.y - half, bottom: place.y + half };
      const isInside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      if (!isInside || touches(taken, box)) continue;
      take(taken, box);
      placed.push({ node: index, ...place });
      return;
    }
  });
  return placed;
}

function take(taken: Map<number, Box[]>, box: Box): void {
  for (const cell of cellsOf(box)) {
    const boxes = taken.get(cell);
    if (boxes) boxes.push(box);
    else taken.set(cell, [box]);
  }
}

function touches(taken: ReadonlyMap<number, readonly Box[]>, box: Box): boolean {
  for (const cell of cellsOf(box)) {
    for (const other of taken.get(cell) ?? []) {
      if (box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom) {
        return true;
      }
    }
  }
  return false;
}

function* cellsOf({ left, right, top, bottom }: Box): Generator<number> {
  for (let column = Math.floor(left / CELL); column <= Math.floor(right / CELL); column++) {
    for (let row = Math.floor(top / CELL); row <= Math.floor(bottom / CELL); row++) yield column * 65_536 + row;
  }
}
