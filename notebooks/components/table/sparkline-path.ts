/**
 * SVG path of a line through `values`, from left to right over `width` and from lowest to highest over `height`.
 * Gaps (`NaN`) break the line; a flat series runs through the middle; fewer than two values give an empty path.
 */
export function sparklinePath(values: ArrayLike<number>, width: number, height: number): string {
  const known = Array.from(values).filter(Number.isFinite);
  if (known.length < 2) return "";
  const lowest = Math.min(...known);
  const span = Math.max(...known) - lowest;
  const step = width / (values.length - 1);
  let path = "";
  let isDrawing = false;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      isDrawing = false;
      continue;
    }
    const y = span > 0 ? height - ((value - lowest) / span) * height : height / 2;
    path += `${isDrawing ? "L" : "M"}${round(index * step)},${round(y)}`;
    isDrawing = true;
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
