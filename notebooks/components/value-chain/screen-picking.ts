/** A node on the screen, in pixels. */
export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Index of the disc that a point lies in, or at most `reach` pixels beside; the nearest centre of several; −1 for none. */
export function discAt(discs: readonly Disc[], x: number, y: number, reach: number): number {
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  discs.forEach((disc, index) => {
    const distance = Math.hypot(x - disc.x, y - disc.y);
    if (distance <= disc.radius + reach && distance < least) [nearest, least] = [index, distance];
  });
  return nearest;
}

/** A straight edge on the screen, in pixels. */
export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Index of the edge nearest to a point and at most `reach` pixels away; −1 for none. */
export function nearestSegment(segments: readonly Segment[], x: number, y: number, reach: number): number {
  let nearest = -1;
  let least = reach;
  segments.forEach((segment, index) => {
    const distance = distanceTo(segment, x, y);
    if (distance < least || (distance === least && nearest < 0)) {
      nearest = index;
      least = distance;
    }
  });
  return nearest;
}

function distanceTo({ x1, y1, x2, y2 }: Segment, x: number, y: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = dx * dx + dy * dy;
  const along = squared > 0 ? Math.min(Math.max(((x - x1) * dx + (y - y1) * dy) / squared, 0), 1) : 0;
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
