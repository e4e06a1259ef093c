/** Where the nodes stand, in the order of the graph's nodes; y grows upwards. */
export interface Positions {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A graph as a layout sees it: nodes are 0 … `nodeCount` − 1, an edge goes from `sources[i]` to `targets[i]`. */
export interface LayoutGraph {
  readonly ids: readonly string[];
  readonly sources: Int32Array;
  readonly targets: Int32Array;
}

/** Layouts are tens to thousands wide: what is closer together than this stands on one line. */
const SMALLEST_SPAN = 1e-9;

/**
 * Positions moved and scaled into a box of `aspect` (width by height) about the origin whose height is 1, each axis by
 * itself. Only nodes for which `counts` holds set the scale; others that stand outside are brought to the rim. All on
 * one point or one line stay in the middle of that axis.
 */
export function fitPositions(
  { x, y }: Positions,
  aspect: number,
  counts: (node: number) => boolean = () => true,
): Positions {
  return { x: fitAxis(x, aspect, counts), y: fitAxis(y, 1, counts) };
}

function fitAxis(values: Float64Array, length: number, counts: (node: number) => boolean): Float64Array {
  const counted = values.filter((_, node) => counts(node));
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of counted.length > 0 ? counted : values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  const middle = (lowest + highest) / 2;
  const span = highest - lowest;
  const scale = span > SMALLEST_SPAN ? length / span : 0;
  return values.map((value) => (Math.min(Math.max(value, lowest), highest) - middle) * scale);
}
