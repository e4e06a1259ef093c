import type { FeedEvent, Tick } from "../../src/engine/live-market/market-event.js";
import type { Dataset } from "../../src/engine/market-data/dataset.js";
import { type InstrumentSymbol, instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import type { FeedName, MarketFeed, TradeHistory } from "../../src/feeds/market-feed.js";

export interface ScriptedFeed extends MarketFeed {
  /** Yields these events next; resolves when the consumer has taken them and asks for more. */
  push(events: readonly FeedEvent[]): Promise<void>;
  /** Ends the iteration, as the end of a tape does. */
  end(): void;
  readonly reconnects: readonly string[];
  /** Batches that wait for the consumer. */
  readonly waiting: number;
}

/** A feed that yields what a test pushes. */
export function scriptedFeed({
  name = "dnse",
  dataset = "market",
  nowMs,
  isDetached = false,
  history,
}: {
  name?: FeedName;
  dataset?: Dataset;
  nowMs: () => number;
  isDetached?: boolean;
  history?: TradeHistory | undefined;
}): ScriptedFeed {
  const queue: { events: readonly FeedEvent[]; taken: () => void }[] = [];
  const reconnects: string[] = [];
  let wake: (() => void) | undefined;
  let isEnded = false;
  return {
    name,
    dataset,
    clock: { nowMs, isDetached },
    symbols: [],
    history,
    reconnects,
    get waiting() {
      return queue.length;
    },
    reconnect: (reason) => reconnects.push(reason),
    push: (events) =>
      new Promise((resolve) => {
        queue.push({ events, taken: resolve });
        wake?.();
      }),
    end: () => {
      isEnded = true;
      wake?.();
    },
    async *events(signal) {
      const onAbort = () => wake?.();
      signal.addEventListener("abort", onAbort);
      try {
        while (!signal.aborted) {
          const next = queue.shift();
          if (next) {
            yield next.events;
            next.taken();
          } else if (isEnded) return;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
  };
}

export const HPG: InstrumentSymbol = instrumentSymbol("HPG");

/** Ten in the morning of a trading day in Ho Chi Minh City. */
export const SESSION_MS = Date.parse("2026-11-20T03:00:00Z");

export function tick(given: Partial<Tick> = {}): Tick {
  return {
    kind: "tick",
    symbol: HPG,
    board: "G1",
    eventTimeMs: SESSION_MS,
    receivedAtMs: SESSION_MS + 3,
    price: 26_500,
    quantity: 100,
    cumulativeVolume: 100,
    side: "B",
    session: "continuous",
    source: "dnse",
    isBackfill: false,
    ...given,
  };
}

/** A complete chain of trades of one symbol, 100 shares each, `stepMs` apart. */
export function trades(
  count: number,
  {
    symbol = HPG,
    fromMs = SESSION_MS,
    stepMs = 10,
    volumeBefore = 0,
    ...rest
  }: Partial<Tick> & { fromMs?: number; stepMs?: number; volumeBefore?: number } = {},
): Tick[] {
  return Array.from({ length: count }, (_, i) =>
    tick({
      symbol,
      eventTimeMs: fromMs + i * stepMs,
      receivedAtMs: fromMs + i * stepMs + 2,
      price: 26_500 + ((i * 7) % 11) * 50,
      quantity: 100,
      cumulativeVolume: volumeBefore + (i + 1) * 100,
      ...rest,
    }),
  );
}

/** Resolves when `condition` holds. @throws after `withinMs` */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { withinMs = 60_000, what = "the condition" }: { withinMs?: number; what?: string } = {},
): Promise<void> {
  const givesUpAt = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > givesUpAt) throw new Error(`${what} did not come about within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
