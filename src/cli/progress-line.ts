import type { OutputStream } from "./command-context.js";

const REDRAW_MS = 100;

/** A line on a terminal that counts what is done of a whole, such as `forecasts: 31 of 160`. Silent elsewhere. */
export class ProgressLine {
  readonly #stream: OutputStream;
  readonly #label: string;
  #drawnAtMs = 0;

  constructor(stream: OutputStream, label: string) {
    this.#stream = stream;
    this.#label = label;
  }

  readonly show = (done: number, total: number): void => {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#drawnAtMs < REDRAW_MS) return;
    this.#drawnAtMs = now;
    this.#stream.write(`\r\x1b[K${this.#label}: ${done} of ${total}`);
  };

  clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[K");
  }
}
