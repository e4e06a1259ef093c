/**
 * Which part of a day's cumulative volume is accounted for, as disjoint stretches (from, to] in ascending order.
 * With every trade seen it is one stretch; each hole is a trade that was missed. Past `limit` stretches the lowest
 * is forgotten, as if it had not been seen.
 */
export class VolumeCoverage {
  readonly #limit: number;
  /** from₀, to₀, from₁, to₁, … */
  #bounds: number[] = [];

  constructor(limit = 64) {
    this.#limit = limit;
  }

  /** Accounts for (from, to] and returns how much of it is new. Nothing for an empty or undefined stretch. */
  add(from: number, to: number): number {
    if (!(to > from)) return 0;
    const bounds = this.#bounds;
    const last = bounds.length - 1;
    if (last < 0 || from > bounds[last]!) {
      bounds.push(from, to);
      if (bounds.length > 2 * this.#limit) bounds.splice(0, 2);
      return to - from;
    }
    if (from === bounds[last]) {
      bounds[last] = to;
      return to - from;
    }
    return this.#merge(from, to);
  }

  /** Forgets all that was accounted for above `volume`. */
  cutAbove(volume: number): void {
    const kept: number[] = [];
    for (let at = 0; at < this.#bounds.length; at += 2) {
      const [low, high] = [this.#bounds[at]!, Math.min(this.#bounds[at + 1]!, volume)];
      if (low < high) kept.push(low, high);
    }
    this.#bounds = kept;
  }

  /** True when all of (from, to] is accounted for; an empty stretch is when its end is. */
  covers(from: number, to: number): boolean {
    const bounds = this.#bounds;
    for (let at = bounds.length - 2; at >= 0; at -= 2) {
      if (bounds[at]! <= from && to <= bounds[at + 1]!) return true;
    }
    return false;
  }

  /** Volume not accounted for below `to`. */
  missingBelow(to: number): number {
    const bounds = this.#bounds;
    let missing = to;
    for (let at = 0; at < bounds.length; at += 2) {
      missing -= Math.max(0, Math.min(to, bounds[at + 1]!) - Math.min(to, bounds[at]!));
    }
    return missing;
  }

  #merge(from: number, to: number): number {
    const bounds = this.#bounds;
    const merged: number[] = [];
    let [start, end] = [from, to];
    let covered = 0;
    let isPlaced = false;
    for (let at = 0; at < bounds.length; at += 2) {
      const [low, high] = [bounds[at]!, bounds[at + 1]!];
      if (high < from) {
        merged.push(low, high);
      } else if (low > to) {
        if (!isPlaced) merged.push(start, end);
        isPlaced = true;
        merged.push(low, high);
      } else {
        covered += Math.min(high, to) - Math.max(low, from);
        start = Math.min(start, low);
        end = Math.max(end, high);
      }
    }
    if (!isPlaced) merged.push(start, end);
    if (merged.length > 2 * this.#limit) merged.splice(0, 2);
    this.#bounds = merged;
    return to - from - covered;
  }
}
