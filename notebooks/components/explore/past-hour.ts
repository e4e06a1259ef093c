import { formatNumber } from "../format/number-format.js";
import { formatTime } from "../format/time-format.js";
import type { LiveMarket } from "../live/live.js";
import type { LiveState } from "../live/live-state.js";
import { OVERLAP_MS, pastStretch, pause, STORED_WITHIN_MS } from "../live/past-opening.js";
import { askStoredTicks } from "../live/stored-ticks.js";
import { loadBackwards, type PastProgress } from "./load-backwards.js";
import { TICK_LIMITS } from "./tick-partitions.js";
import type { TickTable } from "./tick-table.js";

/** Trades of before the opening that a page fetches. */
const MOST_PAST_ROWS = 200_000;

/** Fetches the hour before the page followed the stream, in the background; again after a replay or in a new epoch. */
export class PastHour {
  readonly #live: LiveMarket;
  readonly #table: TickTable;
  readonly #stops: (() => void)[] = [];
  #loading: AbortController | undefined;
  #progress: PastProgress | undefined;
  #listener: () => void = () => {};

  constructor(live: LiveMarket, table: TickTable) {
    this.#live = live;
    this.#table = table;
  }

  /** `undefined` while nothing is asked for. */
  get progress(): PastProgress | undefined {
    return this.#progress;
  }

  onProgress(listener: () => void): void {
    this.#listener = listener;
  }

  follow(): void {
    this.#stops.push(
      this.#live.restarts.add(() => this.#stop()),
      this.#live.state.follow((state) => void this.#load(state)),
    );
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#stop();
  }

  #stop(): void {
    this.#loading?.abort();
    this.#loading = undefined;
    this.#progress = undefined;
  }

  async #load(state: LiveState): Promise<void> {
    const stretch = this.#loading ? undefined : pastStretch(state, TICK_LIMITS.keptMs, Date.now());
    if (!stretch) return;
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    this.#table.expectPast(stretch.toMs);
    await pause(STORED_WITHIN_MS, signal);
    await loadBackwards({
      ...stretch,
      mostRows: MOST_PAST_ROWS,
      ask: (range) => askStoredTicks({ ...range, dataset: stretch.dataset, signal }),
      take: (ticks) => this.#table.addPast(ticks, signal),
      onProgress: (progress) => {
        this.#progress = progress;
        this.#listener();
      },
      signal,
    });
    await pause(OVERLAP_MS, signal);
    if (!signal.aborted) this.#table.expectNoPast();
  }
}

/** What is said behind "rows of the last hour". */
export function pastInWords(progress: PastProgress | undefined): string {
  if (!progress) return ", since this page was opened";
  const since = Number.isFinite(progress.fromMs) ? formatTime(progress.fromMs) : "this page was opened";
  switch (progress.state) {
    case "loading":
      return `, so far since ${since}; earlier ones are being fetched`;
    case "whole":
      return "";
    case "cut":
      return `, since ${since}: no more than ${formatNumber(MOST_PAST_ROWS, 0)} of before the opening are fetched`;
    case "failed":
      return `, since ${since}: earlier ones could not be fetched`;
  }
}
