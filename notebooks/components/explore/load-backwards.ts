import type { Tick } from "../../engine/live-market/market-event.js";

const FIRST_SLICE_MS = 60_000;
const SHORTEST_SLICE_MS = 2_000;
const WANTED_ROWS = 10_000;

export interface PastProgress {
  /** `cut`: there are more, but no more are taken. */
  readonly state: "loading" | "whole" | "cut" | "failed";
  /** Event time from which on trades are there; `NaN` before the first of them. */
  readonly fromMs: number;
}

export interface BackwardLoad {
  /** Event times, epoch milliseconds; `toMs` is not included, and `lastMs` is about where trades end. */
  readonly fromMs: number;
  readonly lastMs: number;
  readonly toMs: number;
  readonly mostRows: number;
  /** Trades of a stretch in order, page by page. */
  readonly ask: (range: { readonly fromMs: number; readonly toMs: number }) => AsyncIterable<readonly Tick[]>;
  /** Gets each slice in order; the next one is asked for when it resolves. */
  readonly take: (ticks: readonly Tick[]) => Promise<void>;
  readonly onProgress: (progress: PastProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Fetches a stretch of trades from its end to its beginning, so that those that are kept are the latest: slice by
 * slice, each as long as the one before lets expect 10,000 rows. Says nothing more once `signal` has aborted.
 */
export async function loadBackwards(load: BackwardLoad): Promise<void> {
  const { fromMs, lastMs, mostRows, signal } = load;
  let toMs = load.toMs;
  let beginMs = Math.floor(Math.max(fromMs, lastMs - FIRST_SLICE_MS));
  let haveFromMs = Number.NaN;
  let rows = 0;
  const tell = (state: PastProgress["state"]) => {
    if (!signal.aborted) load.onProgress({ state, fromMs: haveFromMs });
  };
  tell("loading");
  try {
    for (;;) {
      const [slice, isCut] = await lastRows(load.ask({ fromMs: beginMs, toMs }), mostRows - rows);
      if (signal.aborted) return;
      await load.take(slice);
      rows += slice.length;
      if (isCut) {
        haveFromMs = slice[0]?.eventTimeMs ?? haveFromMs;
        return tell("cut");
      }
      haveFromMs = beginMs;
      if (beginMs <= fromMs) return tell("whole");
      tell("loading");
      const lengthMs = nextLengthMs(Math.min(toMs, lastMs) - beginMs, slice.length);
      toMs = beginMs;
      beginMs = Math.floor(Math.max(fromMs, toMs - lengthMs));
    }
  } catch {
    tell("failed");
  }
}

/** The latest rows of the pages, and whether there were more. */
async function lastRows(pages: AsyncIterable<readonly Tick[]>, most: number): Promise<[Tick[], boolean]> {
  let ticks: Tick[] = [];
  let isCut = false;
  for await (const page of pages) {
    ticks = ticks.concat(page);
    if (ticks.length <= most) continue;
    isCut = true;
    ticks = ticks.slice(ticks.length - most);
  }
  return [ticks, isCut];
}

function nextLengthMs(lengthMs: number, rows: number): number {
  const expected = rows === 0 ? Number.POSITIVE_INFINITY : (lengthMs * WANTED_ROWS) / rows;
  return Math.max(SHORTEST_SLICE_MS, Math.min(expected, 4 * lengthMs));
}
