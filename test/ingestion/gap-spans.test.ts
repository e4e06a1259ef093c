import { describe, expect, it } from "vitest";
import type { Board } from "../../src/engine/live-market/board.js";
import { tradingDate } from "../../src/engine/units/trading-date.js";
import { gapSpans } from "../../src/ingestion/gap-spans.js";
import type { StoredGap } from "../../src/store/queries/feed-gaps.js";
import { HPG, SESSION_MS } from "../support/scripted-feed.js";

function gap(id: number, fromSeconds: number, toSeconds: number, given: Partial<StoredGap> = {}): StoredGap {
  return {
    id,
    feed: "dnse",
    symbol: HPG,
    board: "G1",
    tradingDate: tradingDate("2026-11-20"),
    cause: "stream",
    fromMs: SESSION_MS + 1_000 * fromSeconds,
    toMs: SESSION_MS + 1_000 * toSeconds,
    volumeBefore: 1_000 * id,
    volumeAfter: 1_000 * id + 100,
    missingVolume: 100,
    foundAtMs: SESSION_MS,
    filledAtMs: undefined,
    filledVolume: 0,
    filledTicks: 0,
    note: "",
    ...given,
  };
}

const idsOf = (gaps: readonly StoredGap[]) => gapSpans(gaps).map((span) => span.gaps.map(({ id }) => id));

describe("gapSpans(gaps)", () => {
  it("asks once for gaps that overlap or are less than a minute apart, from the lowest volume on", () => {
    expect(gapSpans([gap(2, 5, 20), gap(1, 0, 10), gap(3, 80, 81)])).toEqual([
      {
        gaps: [gap(1, 0, 10), gap(2, 5, 20), gap(3, 80, 81)],
        fromMs: SESSION_MS,
        toMs: SESSION_MS + 81_000,
        volumeBefore: 1_000,
      },
    ]);
  });

  it("keeps apart what is far apart, and what is of another symbol, board or day", () => {
    expect(idsOf([gap(1, 0, 10), gap(2, 71, 80)])).toEqual([[1], [2]]);
    const others = [
      { symbol: "FPT" as typeof HPG },
      { board: "G4" as Board },
      { tradingDate: tradingDate("2026-11-19") },
    ];
    for (const other of others) expect(idsOf([gap(1, 0, 10), gap(2, 5, 20, other)])).toEqual([[1], [2]]);
  });

  it("takes a gap within a longer one", () => {
    expect(gapSpans([gap(1, 0, 300), gap(2, 5, 6), gap(3, 330, 331)])).toMatchObject([
      { toMs: SESSION_MS + 331_000, gaps: [{ id: 1 }, { id: 2 }, { id: 3 }] },
    ]);
  });
});
