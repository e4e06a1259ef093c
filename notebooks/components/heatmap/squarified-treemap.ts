export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides `area` among `weights`, index for index, each piece with an area in proportion to its weight and as
 * near to a square as the greedy rule of Bruls, Huizing and van Wijk (2000) makes it. Weights that are zero,
 * negative or `NaN` get an empty rectangle.
 */
export function squarifiedTreemap(weights: ArrayLike<number>, area: Rectangle): Rectangle[] {
  const order = Array.from(weights, (_, index) => index)
    .filter((index) => (weights[index] ?? 0) > 0)
    .sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  const pieces = Array.from(weights, (): Rectangle => ({ x: area.x, y: area.y, width: 0, height: 0 }));
  const total = order.reduce((sum, index) => sum + (weights[index] ?? 0), 0);
  const scale = (area.width * area.height) / total;
  let free = area;
  let start = 0;
  while (start < order.length && free.width > 0 && free.height > 0) {
    const side = Math.min(free.width, free.height);
    const end = rowEnd(order, weights, start, scale, side);
    free = placeRow(order.slice(start, end), weights, scale, free, pieces);
    start = end;
  }
  return pieces;
}

/** One past the last piece of the row that begins at `start`: pieces join while the worst shape in it improves. */
function rowEnd(order: readonly number[], weights: ArrayLike<number>, start: number, scale: number, side: number) {
  let end = start;
  let rowArea = 0;
  let largest = 0;
  let worst = Number.POSITIVE_INFINITY;
  while (end < order.length) {
    const pieceArea = (weights[order[end] ?? 0] ?? 0) * scale;
    if (end === start) largest = pieceArea;
    const joined = rowArea + pieceArea;
    const thickness = joined / side;
    const shape = Math.max(thickness ** 2 / pieceArea, largest / thickness ** 2);
    if (shape > worst) break;
    worst = shape;
    rowArea = joined;
    end++;
  }
  return end;
}

/** Lays a row along the shorter side of `free` and returns what is left. */
function placeRow(
  row: readonly number[],
  weights: ArrayLike<number>,
  scale: number,
  free: Rectangle,
  pieces: Rectangle[],
): Rectangle {
  const rowWeight = row.reduce((sum, index) => sum + (weights[index] ?? 0), 0);
  const isColumn = free.width >= free.height;
  const [side, depth] = isColumn ? [free.height, free.width] : [free.width, free.height];
  const thickness = Math.min((rowWeight * scale) / side, depth);
  let offset = 0;
  for (const index of row) {
    const length = (side * (weights[index] ?? 0)) / rowWeight;
    pieces[index] = isColumn
      ? { x: free.x, y: free.y + offset, width: thickness, height: length }
      : { x: free.x + offset, y: free.y, width: length, height: thickness };
    offset += length;
  }
  return isColumn
    ? { x: free.x + thickness, y: free.y, width: Math.max(0, free.width - thickness), height: free.height }
    : { x: free.x, y: free.y + thickness, width: free.width, height: Math.max(0, free.height - thickness) };
}
