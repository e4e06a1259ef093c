import { MS_PER_MINUTE } from "../engine/units/epoch-ms.js";
import type { StoredGap } from "../store/queries/feed-gaps.js";

/** Gaps of one symbol's board that one question to a history covers, and the stretch to ask for, both ends included. */
export interface GapSpan {
  readonly gaps: readonly StoredGap[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly volumeBefore: number;
}

/** Gaps so close to one another are asked for together: the trades between cost less than another request. */
const NEARBY_MS = MS_PER_MINUTE;

/** Puts gaps of the same symbol, board and day that overlap or lie close together into one span. */
export function gapSpans(gaps: readonly StoredGap[]): GapSpan[] {
  const boards = Map.groupBy(gaps, ({ symbol, board, tradingDate }) => `${symbol} ${board} ${tradingDate}`);
  return [...boards.values()].flatMap((ofBoard) => {
    const spans: { gaps: StoredGap[]; fromMs: number; toMs: number; volumeBefore: number }[] = [];
    for (const gap of ofBoard.toSorted((a, b) => a.fromMs - b.fromMs)) {
      const last = spans.at(-1);
      if (last && gap.fromMs <= last.toMs + NEARBY_MS) {
        last.gaps.push(gap);
        last.toMs = Math.max(last.toMs, gap.toMs);
        last.volumeBefore = Math.min(last.volumeBefore, gap.volumeBefore);
      } else {
        spans.push({ gaps: [gap], fromMs: gap.fromMs, toMs: gap.toMs, volumeBefore: gap.volumeBefore });
      }
    }
    return spans;
  });
}
