import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tick } from "../../../src/engine/live-market/market-event.js";
import { SequenceAudit } from "../../../src/engine/live-market/sequence-audit.js";
import { tradingDate } from "../../../src/engine/units/trading-date.js";
import { arbitraryTrades, HPG, onMonday, shuffledWithRepeats, tick, tradesOf } from "./support/market-events.js";

const MONDAY = tradingDate("2026-11-23");

/** Ten trades of one lot, a second apart: cumulative volumes 100 to 1,000. */
const TEN = tradesOf(Array.from({ length: 10 }, () => ({ afterMs: 1_000, price: 25_000, lots: 1 })));

const position = (cumulativeVolume: number, time: string) => ({
  symbol: HPG,
  board: "G1" as const,
  tradingDate: MONDAY,
  eventTimeMs: onMonday(time),
  cumulativeVolume,
});

describe("SequenceAudit.judge(tick)", () => {
  it("finds nothing to say about trades in order", () => {
    const audit = new SequenceAudit();
    for (const trade of TEN) expect(audit.judge(trade)).toEqual({ verdict: "new", gap: undefined });
    expect([...audit.positions()]).toEqual([position(1_000, "10:00:10")]);
    expect(audit.missingVolume(HPG, "G1")).toBe(0);
  });

  it("knows the same event time and cumulative volume as a duplicate", () => {
    const audit = new SequenceAudit();
    audit.judge(TEN[0]!);
    expect(audit.judge({ ...TEN[0]!, receivedAtMs: 1 }).verdict).toBe("duplicate");
    expect(audit.judge({ ...TEN[0]!, eventTimeMs: TEN[0]!.eventTimeMs + 0.001 }).verdict).toBe("late");
  });

  it("finds the volume that is missing between two trades, once", () => {
    const audit = new SequenceAudit();
    audit.judge(TEN[0]!);
    expect(audit.judge(TEN[3]!).gap).toEqual({
      symbol: HPG,
      board: "G1",
      tradingDate: MONDAY,
      fromMs: TEN[0]!.eventTimeMs,
      toMs: TEN[3]!.eventTimeMs,
      volumeBefore: 100,
      volumeAfter: 300,
      missingVolume: 200,
    });
    expect(audit.missingVolume(HPG, "G1")).toBe(200);
    expect(audit.judge(TEN[4]!).gap).toBeUndefined();
  });

  it("takes a trade that fills a gap as late, and nothing is missing any more", () => {
    const audit = new SequenceAudit();
    for (const index of [0, 3]) audit.judge(TEN[index]!);
    expect(audit.judge(TEN[2]!)).toEqual({ verdict: "late", gap: undefined });
    expect(audit.missingVolume(HPG, "G1")).toBe(100);
    expect(audit.judge({ ...TEN[1]!, isBackfill: true }).verdict).toBe("late");
    expect(audit.missingVolume(HPG, "G1")).toBe(0);
  });

  it("takes everything before the first trade of a day as missing", () => {
    const { gap } = new SequenceAudit().judge(TEN[4]!);
    expect(gap).toMatchObject({ fromMs: onMonday("00:00:00"), volumeBefore: 0, volumeAfter: 400, missingVolume: 400 });
  });

  it("goes on from a start, which counts as received", () => {
    const audit = new SequenceAudit([position(300, "10:00:03")]);
    expect(audit.judge(TEN[2]!).verdict).toBe("duplicate");
    expect(audit.judge(TEN[1]!).verdict).toBe("duplicate");
    expect(audit.judge(TEN[3]!)).toEqual({ verdict: "new", gap: undefined });
    expect([...audit.positions()]).toEqual([position(400, "10:00:04")]);
  });

  it("takes trades of a start's open gaps", () => {
    const audit = new SequenceAudit([
      {
        ...position(600, "10:00:06"),
        gaps: [
          { volumeBefore: 400, volumeAfter: 500 },
          { volumeBefore: 100, volumeAfter: 200 },
        ],
      },
    ]);
    expect(audit.missingVolume(HPG, "G1")).toBe(200);
    expect([0, 1, 2, 3, 4, 5].map((index) => audit.judge(TEN[index]!).verdict)).toEqual([
      "duplicate",
      "late",
      "duplicate",
      "duplicate",
      "late",
      "duplicate",
    ]);
    expect(audit.missingVolume(HPG, "G1")).toBe(0);
  });

  it("begins every trading date and every board at 0", () => {
    const audit = new SequenceAudit();
    for (const trade of TEN) audit.judge(trade);
    const tuesday = TEN[0]!.eventTimeMs + 86_400_000;
    expect(audit.judge({ ...TEN[0]!, eventTimeMs: tuesday })).toEqual({ verdict: "new", gap: undefined });
    expect(audit.judge({ ...TEN[0]!, board: "G4" })).toEqual({ verdict: "new", gap: undefined });
    expect([...audit.positions()].map(({ board, cumulativeVolume }) => [board, cumulativeVolume])).toEqual([
      ["G1", 100],
      ["G4", 100],
    ]);
  });

  it("takes a trade of a date that is over as late: its store compares keys", () => {
    const audit = new SequenceAudit();
    audit.judge(TEN[0]!);
    const friday = { ...TEN[9]!, eventTimeMs: TEN[9]!.eventTimeMs - 3 * 86_400_000 };
    expect(audit.judge(friday)).toEqual({ verdict: "late", gap: undefined });
    expect([...audit.positions()]).toEqual([position(100, "10:00:01")]);
  });

  it("takes a backfilled trade whose time was rounded as the duplicate it is", () => {
    const audit = new SequenceAudit();
    for (const trade of TEN) audit.judge(trade);
    expect(audit.judge({ ...TEN[5]!, eventTimeMs: TEN[5]!.eventTimeMs + 0.4, isBackfill: true }).verdict).toBe(
      "duplicate",
    );
  });

  it("remembers the stretches of volume of trades whose keys it has forgotten", () => {
    const audit = new SequenceAudit([], { rememberedTicks: 2 });
    for (const trade of TEN) if (trade !== TEN[3]) audit.judge(trade);
    expect(audit.judge(TEN[0]!).verdict).toBe("duplicate");
    expect(audit.judge(TEN[3]!).verdict).toBe("late");
    expect(audit.judge(TEN[3]!).verdict).toBe("duplicate");
  });

  it("loses nothing of a board whose count begins anew within the day", () => {
    const audit = new SequenceAudit([], { rememberedTicks: 2 });
    for (const trade of TEN) audit.judge(trade);
    const again = TEN.map((trade) => ({ ...trade, eventTimeMs: trade.eventTimeMs + 60_000 }));
    for (const trade of again) expect(audit.judge(trade).verdict).toBe("late");
  });

  it("allows for the rounding of decimal volumes", () => {
    const audit = new SequenceAudit();
    audit.judge(tick({ board: "MAIN", quantity: 0.1, cumulativeVolume: 0.1 }));
    const next = tick({ board: "MAIN", quantity: 0.2, cumulativeVolume: 0.1 + 0.2 });
    expect(audit.judge(next)).toEqual({ verdict: "new", gap: undefined });
  });

  describe("of a trade with a wrong total", () => {
    const wrong = { ...TEN[2]!, cumulativeVolume: 900_000_000 };

    it("goes on from the trades behind it once three of them contradict it, and finds later gaps again", () => {
      const audit = new SequenceAudit();
      const judged = [TEN[0]!, TEN[1]!, wrong, TEN[3]!, TEN[5]!, TEN[6]!, TEN[9]!].map((trade) => audit.judge(trade));
      expect(judged.map(({ verdict }) => verdict)).toEqual(["new", "new", "new", "late", "late", "late", "new"]);
      const gapOf = (volumeBefore: number, volumeAfter: number) =>
        expect.objectContaining({ volumeBefore, volumeAfter, missingVolume: volumeAfter - volumeBefore });
      expect(judged[2]!.gap).toEqual(gapOf(200, 899_999_900));
      expect(judged.flatMap(({ wrongTotal }) => wrongTotal ?? [])).toEqual([
        { suspect: wrong, gap: judged[2]!.gap, gapsInstead: [gapOf(200, 300), gapOf(400, 500)] },
      ]);
      expect(judged[5]!.wrongTotal).toBeDefined();
      expect(judged[6]!.gap).toEqual(gapOf(700, 900));
      expect(audit.missingVolume(HPG, "G1")).toBe(400);
      expect([...audit.positions()]).toEqual([position(1_000, "10:00:10")]);
    });

    it("believes a total that a higher one follows, and trades that are late by their own times prove nothing", () => {
      const confirmed = new SequenceAudit();
      const ahead = [TEN[0]!, TEN[6]!, TEN[7]!, TEN[2]!, TEN[3]!, TEN[4]!, TEN[5]!];
      for (const trade of ahead) expect(confirmed.judge(trade).wrongTotal).toBeUndefined();
      const reordered = new SequenceAudit();
      for (const at of [0, 6, 2, 3, 4, 5]) expect(reordered.judge(TEN[at]!).wrongTotal).toBeUndefined();
      expect([...reordered.positions()]).toEqual([position(700, "10:00:07")]);
    });
  });

  it("forgets everything on reset", () => {
    const audit = new SequenceAudit();
    audit.judge(TEN[0]!);
    audit.reset();
    expect([...audit.positions()]).toEqual([]);
    expect(audit.judge(TEN[0]!).verdict).toBe("new");
  });
});

describe("laws of the sequence audit", () => {
  it("accepts no trade twice however long ago it came, as long as the gaps are few", () => {
    const long = tradesOf(Array.from({ length: 500 }, () => ({ afterMs: 10, price: 25_000, lots: 1 })));
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(19)), fc.nat(400), (dice, backTo) => {
        const audit = new SequenceAudit([], { rememberedTicks: 8 });
        const received = new Set<Tick>();
        const delayed: Tick[] = [];
        for (const trade of long) {
          if (dice.next().value === 0) {
            delayed.push(trade);
            continue;
          }
          expect(audit.judge(trade).verdict).toBe("new");
          received.add(trade);
        }
        for (const trade of long.slice(backTo)) {
          const { verdict } = audit.judge(trade);
          expect(verdict === "duplicate").toBe(received.has(trade));
          received.add(trade);
        }
        expect(audit.missingVolume(HPG, "G1")).toBe(100 * delayed.filter((trade) => !received.has(trade)).length);
      }),
      { numRuns: 20 },
    );
  });

  const orders = arbitraryTrades.chain((trades) => fc.tuple(fc.constant(trades), shuffledWithRepeats(trades)));

  it("accepts every trade once, in whatever order and however often it comes", () => {
    fc.assert(
      fc.property(orders, ([trades, received]) => {
        const audit = new SequenceAudit();
        const verdicts = received.map((trade) => audit.judge(trade).verdict);
        const accepted = received.filter((_, index) => verdicts[index] !== "duplicate");
        expect(new Set(accepted)).toEqual(new Set(trades));
        expect(accepted).toHaveLength(trades.length);
        expect(verdicts.filter((verdict) => verdict === "duplicate")).toHaveLength(received.length - trades.length);
        const last = trades.at(-1)!;
        expect([...audit.positions()]).toEqual([
          expect.objectContaining({ cumulativeVolume: last.cumulativeVolume, eventTimeMs: last.eventTimeMs }),
        ]);
        expect(audit.missingVolume(HPG, "G1")).toBe(0);
      }),
    );
  });

  it("misses exactly the volume of the trades that do not come", () => {
    const partial = arbitraryTrades.chain((trades) => fc.tuple(fc.constant(trades), fc.shuffledSubarray(trades)));
    fc.assert(
      fc.property(partial, ([trades, received]) => {
        const audit = new SequenceAudit();
        for (const trade of received) audit.judge(trade);
        const highest = Math.max(0, ...received.map(({ cumulativeVolume }) => cumulativeVolume));
        const lost = trades.filter((trade) => trade.cumulativeVolume <= highest && !received.includes(trade));
        expect(audit.missingVolume(HPG, "G1")).toBe(lost.reduce((sum, { quantity }) => sum + quantity, 0));
      }),
    );
  });

  it("reports gaps in order whose volumes add up to what is missing", () => {
    fc.assert(
      fc.property(arbitraryTrades, fc.infiniteStream(fc.boolean()), (trades, isLost) => {
        const received = trades.filter(() => isLost.next().value !== true);
        const audit = new SequenceAudit();
        const gaps = received.flatMap((trade) => audit.judge(trade).gap ?? []);
        const missing = gaps.reduce((sum, { missingVolume }) => sum + missingVolume, 0);
        expect(missing).toBe(audit.missingVolume(HPG, "G1"));
        for (const { fromMs, toMs, volumeBefore, volumeAfter, missingVolume } of gaps) {
          expect(fromMs).toBeLessThanOrEqual(toMs);
          expect(volumeAfter - volumeBefore).toBe(missingVolume);
        }
      }),
    );
  });
});
