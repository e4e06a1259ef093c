import { WorkbenchError } from "../../engine/errors.js";
import { type TapeRange, type TickTape, tapeTimeOf } from "./tick-tape.js";

/** Times of a file's earliest and latest event, by reading it once. @throws FILE_HAS_NO_ROWS without any event */
export function tapeRangeOf(path: string, open: TickTape["open"]): () => Promise<TapeRange> {
  async function scan(): Promise<TapeRange> {
    let fromMs = Number.POSITIVE_INFINITY;
    let toMs = Number.NEGATIVE_INFINITY;
    for await (const batch of open(Number.NEGATIVE_INFINITY)) {
      for (const event of batch) {
        const timeMs = tapeTimeOf(event);
        fromMs = Math.min(fromMs, timeMs);
        toMs = Math.max(toMs, timeMs);
      }
    }
    if (fromMs <= toMs) return { fromMs, toMs };
    throw new WorkbenchError("FILE_HAS_NO_ROWS", `invalid tape: ${path} has no events (accepted: at least one)`, {
      details: { path },
    });
  }

  let known: Promise<TapeRange> | undefined;
  return () => {
    known ??= scan();
    return known;
  };
}
