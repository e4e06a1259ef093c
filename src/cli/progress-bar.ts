import type { ReadProgress } from "../import/reading/read-prices.js";
import type { OutputStream } from "./command-context.js";

const WIDTH = 30;
const REDRAW_MS = 100;

/** A line on a terminal that redraws itself: share of the file read, rows, rows per second. Silent elsewhere. */
export class ProgressBar {
  readonly #stream: OutputStream;
  readonly #label: string;
  readonly #startedAtMs = performance.now();
  #drawnAtMs = 0;

  constructor(stream: OutputStream, label: string) {
    this.#stream = stream;
    this.#label = label;
  }

  readonly show = ({ bytesRead, totalBytes, rows }: ReadProgress): void => {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#drawnAtMs < REDRAW_MS) return;
    this.#drawnAtMs = now;
    const share = totalBytes === 0 ? 1 : Math.min(1, bytesRead / totalBytes);
    const filled = Math.round(share * WIDTH);
    const rate = Math.round(rows / Math.max(0.001, (now - this.#startedAtMs) / 1_000));
    const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
    const text = `${this.#label} ${bar} ${Math.round(share * 100)}% ${whole(rows)} rows, ${whole(rate)} rows/s`;
    this.#stream.write(`\r\x1b[K${text}`);
  };

  clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[K");
  }
}

function whole(value: number): string {
  return value.toLocaleString("en-US");
}
