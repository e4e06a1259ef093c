const MOST_REASONS = 50;

/** How often each reason occurred, the latest first; at most 50 reasons. */
export class RejectionCounts {
  readonly #counts = new Map<string, number>();

  add(reasons: readonly string[]): void {
    for (const reason of reasons) {
      const count = this.#counts.get(reason) ?? 0;
      this.#counts.delete(reason);
      this.#counts.set(reason, count + 1);
      if (this.#counts.size > MOST_REASONS) this.#counts.delete(this.#counts.keys().next().value!);
    }
  }

  latest(): { readonly reason: string; readonly count: number }[] {
    return Array.from(this.#counts, ([reason, count]) => ({ reason, count })).reverse();
  }
}
