/** Which channels the parts of a page want; each is asked for once, however many want it. */
export class ChannelCounts {
  readonly #wanted = new Map<string, number>();

  /** True when nobody wanted it before. */
  add(channel: string): boolean {
    const count = this.#wanted.get(channel) ?? 0;
    this.#wanted.set(channel, count + 1);
    return count === 0;
  }

  /** True when nobody wants it any more. */
  remove(channel: string): boolean {
    const count = this.#wanted.get(channel);
    if (count === undefined) return false;
    if (count > 1) this.#wanted.set(channel, count - 1);
    else this.#wanted.delete(channel);
    return count === 1;
  }

  get all(): string[] {
    return [...this.#wanted.keys()];
  }
}

/** Lists of at most `size`, in order. */
export function inRequests(channels: readonly string[], size: number): string[][] {
  const requests: string[][] = [];
  for (let start = 0; start < channels.length; start += size) requests.push(channels.slice(start, start + size));
  return requests;
}
