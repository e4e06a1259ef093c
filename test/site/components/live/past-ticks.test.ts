import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BackwardLoad,
  loadBackwards,
  type PastProgress,
} from "../../../../notebooks/components/explore/load-backwards.js";
import { type LiveState, NOT_LIVE } from "../../../../notebooks/components/live/live-state.js";
import { pastStretch } from "../../../../notebooks/components/live/past-opening.js";
import { SeenTicks } from "../../../../notebooks/components/live/seen-ticks.js";
import { readStoredTicks } from "../../../../notebooks/components/live/stored-ticks.js";
import type { Tick } from "../../../../notebooks/engine/live-market/market-event.js";
import { tickOf } from "../../../shared-state/market-messages.js";

const tradeOf = tickOf as unknown as (changes: Partial<Tick>) => Tick;

const HOUR_MS = 3_600_000;

/** Distinct trades, some of one instant. */
const trades = fc
  .uniqueArray(fc.tuple(fc.nat({ max: HOUR_MS - 1 }), fc.nat({ max: 3 })), {
    maxLength: 200,
    selector: ([eventTimeMs, at]) => `${eventTimeMs} ${at}`,
  })
  .map((pairs) =>
    pairs
      .map(([eventTimeMs, at]) => tradeOf({ eventTimeMs, cumulativeVolume: 100 * (at + 1) }))
      .sort((a, b) => a.eventTimeMs - b.eventTimeMs || a.cumulativeVolume - b.cumulativeVolume),
  );

describe("SeenTicks", () => {
  it("has every trade once, however store and stream overlap and whichever comes first", () => {
    fc.assert(
      fc.property(trades, fc.nat(200), fc.nat(200), fc.boolean(), (all, a, b, isStreamFirst) => {
        const [storedUntil, streamedFrom] = [Math.max(a, b), Math.min(a, b)];
        const ways = [all.slice(0, storedUntil), all.slice(streamedFrom)];
        const seen = new SeenTicks(HOUR_MS);
        const shown = (isStreamFirst ? ways.reverse() : ways).flatMap((ticks) => seen.unseen(ticks));
        expect(shown).toHaveLength(all.length);
        expect(new Set(shown)).toEqual(new Set(all));
      }),
    );
  });

  it("tells trades apart by symbol, board, time and volume, and remembers none from its end on", () => {
    const seen = new SeenTicks(1_000);
    const tick = tradeOf({ eventTimeMs: 500, cumulativeVolume: 100 });
    const others = [
      tradeOf({ eventTimeMs: 500, cumulativeVolume: 200 }),
      tradeOf({ eventTimeMs: 501, cumulativeVolume: 100 }),
      tradeOf({ eventTimeMs: 500, cumulativeVolume: 100, board: "G4" }),
      tradeOf({ eventTimeMs: 500, cumulativeVolume: 100, symbol: "FPT" as Tick["symbol"] }),
    ];
    expect(seen.unseen([tick, ...others])).toHaveLength(5);
    expect(seen.unseen([tick, ...others])).toEqual([]);
    const later = tradeOf({ eventTimeMs: 1_000 });
    expect(seen.unseen([later, later])).toHaveLength(2);
  });
});

describe("loadBackwards(load)", () => {
  /** The store answers with pages of 7. */
  const load = async (all: readonly Tick[], changes: Partial<BackwardLoad> = {}) => {
    const taken: Tick[][] = [];
    const told: PastProgress[] = [];
    await loadBackwards({
      fromMs: 0,
      lastMs: HOUR_MS,
      toMs: HOUR_MS + 10_000,
      mostRows: 1_000,
      ask: async function* ({ fromMs, toMs }) {
        const range = all.filter(({ eventTimeMs }) => eventTimeMs >= fromMs && eventTimeMs < toMs);
        for (let at = 0; at < range.length; at += 7) yield range.slice(at, at + 7);
      },
      take: async (ticks) => {
        taken.push([...ticks]);
      },
      onProgress: (progress) => told.push(progress),
      signal: new AbortController().signal,
      ...changes,
    });
    return { taken, told };
  };

  it("takes every trade once, the latest slice first", async () => {
    await fc.assert(
      fc.asyncProperty(trades, async (all) => {
        const { taken, told } = await load(all);
        expect(taken.reverse().flat()).toEqual(all);
        expect(told[0]).toEqual({ state: "loading", fromMs: Number.NaN });
        expect(told.at(-1)).toEqual({ state: "whole", fromMs: 0 });
        const begins = told.slice(1).map(({ fromMs }) => fromMs);
        expect(begins).toEqual([...begins].sort((a, b) => b - a));
      }),
    );
  });

  it("keeps the latest when there are too many, and says from when on", async () => {
    await fc.assert(
      fc.asyncProperty(trades, fc.integer({ min: 1, max: 150 }), async (all, mostRows) => {
        fc.pre(all.length > mostRows);
        const { taken, told } = await load(all, { mostRows });
        const kept = all.slice(-mostRows);
        expect(taken.reverse().flat()).toEqual(kept);
        expect(told.at(-1)?.state).toBe("cut");
        expect(told.at(-1)!.fromMs).toBeLessThanOrEqual(kept[0]!.eventTimeMs);
      }),
    );
  });

  it("says that it failed, and from when on it has trades", async () => {
    const { told } = await load([], {
      ask: async function* ({ fromMs }) {
        yield [];
        if (fromMs < HOUR_MS / 2) throw new Error("the server answers 500");
      },
    });
    expect(told.at(-1)).toEqual({ state: "failed", fromMs: expect.any(Number) });
    expect(told.at(-1)!.fromMs).toBeGreaterThanOrEqual(HOUR_MS / 2);
  });

  it("stops without a word when it is no longer wanted", async () => {
    const leaving = new AbortController();
    const { taken, told } = await load([tradeOf({ eventTimeMs: HOUR_MS - 1 })], {
      signal: leaving.signal,
      ask: async function* () {
        leaving.abort();
        yield [tradeOf({ eventTimeMs: HOUR_MS - 1 })];
      },
    });
    expect(taken).toEqual([]);
    expect(told.map(({ state }) => state)).toEqual(["loading"]);
  });
});

describe("pastStretch(state, lengthMs, nowMs)", () => {
  const status = {
    feed: "dnse",
    dataset: "market",
    state: "live",
    reason: "trades come in",
    sinceMs: 0,
    lastReceivedAtMs: 1,
    lastEventTimeMs: 99_000,
    marketTimeMs: 100_000,
    atMs: 500_000,
  } as const;
  const live: LiveState = { ...NOT_LIVE, link: { kind: "open", sinceMs: 0 }, status, statusAtMs: 7_000 };

  it("ends with the last trade by market time, and reaches a little beyond the opening", () => {
    // Two seconds after the status came, market time is 102,000.
    expect(pastStretch(live, 60_000, 9_000)).toEqual({
      dataset: "market",
      fromMs: 39_000,
      lastMs: 99_000,
      toMs: 112_000,
    });
  });

  it("is none where nothing is followed, or where the past is replayed", () => {
    const replay = { state: "running", asOfMs: 1, fromMs: 0, toMs: 2, speed: 1 } as const;
    expect(pastStretch(NOT_LIVE, 60_000, 9_000)).toBeUndefined();
    expect(pastStretch({ ...live, link: { kind: "connecting" } }, 60_000, 9_000)).toBeUndefined();
    expect(pastStretch({ ...live, replay }, 60_000, 9_000)).toBeUndefined();
    for (const changes of [{ feed: "none" }, { state: "replaying" }, { lastEventTimeMs: null }] as const) {
      expect(pastStretch({ ...live, status: { ...status, ...changes } }, 60_000, 9_000)).toBeUndefined();
    }
  });
});

describe("readStoredTicks(answer)", () => {
  const { kind: _, symbol, ...row } = tradeOf({ eventTimeMs: 5.001, cumulativeVolume: 300 });

  it("reads trades of one symbol, and of all", () => {
    const tick = { kind: "tick", symbol, ...row };
    expect(readStoredTicks({ symbol, ticks: [row] })).toEqual([tick]);
    expect(readStoredTicks({ symbol: null, ticks: [{ symbol, ...row }] })).toEqual([tick]);
  });

  it("leaves out what it cannot read, and levels of an index", () => {
    const rows = [
      null,
      { ...row, board: "INDEX" },
      { ...row, board: "G99" },
      { ...row, price: "x" },
      { ...row, symbol: "h p g" },
    ];
    expect(readStoredTicks({ symbol, ticks: rows })).toEqual([]);
    for (const answer of [undefined, null, {}, { ticks: 1 }]) expect(readStoredTicks(answer)).toEqual([]);
  });
});
