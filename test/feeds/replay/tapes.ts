import type { Tick } from "../../../src/engine/live-market/market-event.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { type TapeEvent, type TickTape, tapeTimeOf } from "../../../src/feeds/replay/tick-tape.js";

/** 2026-03-02T02:15:00Z, a Monday: 09:15 in Ho Chi Minh City. */
export const MONDAY_MS = Date.UTC(2026, 2, 2, 2, 15);

export function tickAt(offsetMs: number, cumulativeVolume: number, symbol = "HPG"): Tick {
  return {
    kind: "tick",
    symbol: instrumentSymbol(symbol),
    board: "G1",
    eventTimeMs: MONDAY_MS + offsetMs,
    receivedAtMs: MONDAY_MS + offsetMs + 40,
    price: 26_800,
    quantity: 100,
    cumulativeVolume,
    side: "B",
    session: "continuous",
    source: "replay",
    isBackfill: false,
  };
}

/** A tape in memory, in batches of the given size. Counts how often it was opened. */
export function arrayTape(
  events: readonly TapeEvent[],
  batchSize = events.length,
): TickTape & { readonly opened: readonly number[] } {
  const times = events.map(tapeTimeOf);
  const opened: number[] = [];
  return {
    description: "a tape of the test",
    dataset: "market",
    opened,
    async *open(fromMs) {
      opened.push(fromMs);
      const wanted = events.filter((event) => tapeTimeOf(event) >= fromMs);
      for (let at = 0; at < wanted.length; at += batchSize) yield wanted.slice(at, at + batchSize);
    },
    range: async () => ({ fromMs: Math.min(...times), toMs: Math.max(...times) }),
  };
}

/** A machine clock that stands until it is told, and waits on it. */
export function manualClock(): {
  nowMs: () => number;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  advance: (ms: number) => Promise<void>;
  waits: number[];
} {
  let nowMs = 0;
  const sleepers = new Set<{ wakesAtMs: number; wake: () => void }>();
  const waits: number[] = [];
  return {
    nowMs: () => nowMs,
    waits,
    wait: (ms, signal) => {
      waits.push(ms);
      return new Promise((resolve) => {
        const sleeper = { wakesAtMs: nowMs + ms, wake: () => {} };
        sleeper.wake = () => {
          sleepers.delete(sleeper);
          resolve();
        };
        if (signal.aborted) resolve();
        else {
          sleepers.add(sleeper);
          signal.addEventListener("abort", sleeper.wake, { once: true });
        }
      });
    },
    /** Time passes; whoever was to wake by then has run when this resolves. */
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      for (;;) {
        await settled();
        const next = [...sleepers].sort((a, b) => a.wakesAtMs - b.wakesAtMs)[0];
        if (next === undefined || next.wakesAtMs > untilMs) break;
        nowMs = Math.max(nowMs, next.wakesAtMs);
        next.wake();
      }
      nowMs = untilMs;
      await settled();
    },
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
