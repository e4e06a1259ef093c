import type { RunClock } from "../../../../src/engine/workflow/execution/run-clock.js";

/** Time that passes only when told to. */
export class VirtualClock implements RunClock {
  #nowMs: number;
  /** What timers measure by: it does not jump. */
  #elapsedMs = 0;
  readonly #sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  constructor(nowMs = 1_750_000_000_000) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Sets what the clock shows; timers go on as they were. */
  jumpTo(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  get sleeping(): number {
    return this.#sleepers.length;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleeper = { atMs: this.#elapsedMs + ms, wake: resolve };
      if (ms === 0) {
        setImmediate(resolve);
        return;
      }
      this.#sleepers.push(sleeper);
      signal.addEventListener("abort", () => this.#remove(sleeper), { once: true });
    });
  }

  /** Lets time pass, waking sleepers at their times and giving what they do its turn. */
  async advance(ms: number): Promise<void> {
    await turn();
    const untilMs = this.#elapsedMs + ms;
    for (;;) {
      const next = this.#sleepers.toSorted((a, b) => a.atMs - b.atMs)[0];
      if (!next || next.atMs > untilMs) break;
      this.#pass(next.atMs - this.#elapsedMs);
      this.#remove(next);
      next.wake();
      await turn();
    }
    this.#pass(untilMs - this.#elapsedMs);
    await turn();
  }

  #pass(ms: number): void {
    this.#elapsedMs += ms;
    this.#nowMs += ms;
  }

  #remove(sleeper: { readonly atMs: number; readonly wake: () => void }): void {
    const at = this.#sleepers.indexOf(sleeper);
    if (at >= 0) this.#sleepers.splice(at, 1);
  }
}

/** Everything that can go on without time passing does. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
