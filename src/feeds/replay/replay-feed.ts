import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { Logger } from "pino";
import { WorkbenchError } from "../../engine/errors.js";
import type { FeedEvent, FeedNotice } from "../../engine/live-market/market-event.js";
import type { MarketFeed } from "../market-feed.js";
import { type ReplaySpeed, TapeClock } from "./tape-clock.js";
import { type TapeEvent, type TickTape, tapeTimeOf } from "./tick-tape.js";

export interface ReplayOptions {
  readonly source: TickTape;
  readonly speed: ReplaySpeed;
  /** Where to begin. Default: the tape's beginning; until it is known, the clock stands at 0. */
  readonly startMs?: number | undefined;
}

export interface ReplayDependencies {
  readonly logger: Logger;
  /** The machine's clock, which must not jump. Default: a monotonic one. */
  readonly nowMs?: () => number;
  /** Waits, or returns early when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * A tape as a feed. Events come out exactly as they are on it and in its order; a late event, behind one that was
 * delivered, follows at once. `events` ends with the tape; called again, it goes on from `asOfMs`, with the events of that
 * very instant again.
 */
export interface ReplayFeed extends MarketFeed {
  /** Market time: nothing later than this was delivered, and everything earlier was. */
  readonly asOfMs: number;
  readonly isPaused: boolean;
  readonly speed: ReplaySpeed;
  pause(): void;
  resume(): void;
  /** Goes on from another instant of the tape, in either direction. @throws ARGUMENT_INVALID */
  seek(toMs: number): void;
  /** @throws ARGUMENT_INVALID */
  setSpeed(speed: ReplaySpeed): void;
}

/** The largest number of events in a batch. */
const BATCH_EVENTS = 4_096;

/** Longest time for which an unthrottled replay keeps the event loop from its other work. */
const LONGEST_TURN_MS = 10;

/** Timers take no longer delays. */
const LONGEST_WAIT_MS = 60_000;

export function createReplayFeed(
  { source, speed, startMs }: ReplayOptions,
  { logger, nowMs = () => performance.timeOrigin + performance.now(), wait = pauseFor }: ReplayDependencies,
): ReplayFeed {
  if (startMs !== undefined) finiteInstant(startMs);
  const clock = new TapeClock({ startMs: startMs ?? 0, speed, machineNowMs: nowMs });
  let hasPosition = startMs !== undefined;
  let hasConsumer = false;
  /** How often the tape was moved: what was read ahead of a move is void. */
  let moves = 0;
  /** Ends a wait, which is to be worked out anew. */
  let interruption = new AbortController();

  function interrupt(): void {
    interruption.abort();
    interruption = new AbortController();
  }

  /** Waits until the tape reaches `tapeMs`, or `isVoid`. */
  async function untilDue(tapeMs: number, isVoid: () => boolean): Promise<void> {
    while (!isVoid()) {
      const remainingMs = clock.untilMs(tapeMs);
      if (remainingMs <= 0) return;
      await wait(Math.min(remainingMs, LONGEST_WAIT_MS), interruption.signal);
    }
  }

  /** The tape from the clock's position until its end or `isVoid`. */
  async function* play(isVoid: () => boolean): AsyncGenerator<readonly TapeEvent[], void> {
    const fromMs = clock.nowMs();
    clock.seek(fromMs);
    let latestMs = fromMs;
    let hasBegun = false;
    let turnEndsMs = performance.now() + LONGEST_TURN_MS;
    for await (const batch of source.open(fromMs)) {
      if (isVoid()) return;
      if (!hasBegun) clock.begin();
      hasBegun = true;
      let next = 0;
      while (next < batch.length) {
        latestMs = Math.max(latestMs, tapeTimeOf(batch[next]!));
        clock.allowUntil(latestMs);
        await untilDue(latestMs, isVoid);
        if (isVoid()) return;
        const first = next;
        const dueMs = clock.speed === "max" ? Number.POSITIVE_INFINITY : Math.max(latestMs, clock.nowMs());
        while (next < batch.length && next - first < BATCH_EVENTS && tapeTimeOf(batch[next]!) <= dueMs) {
          latestMs = Math.max(latestMs, tapeTimeOf(batch[next]!));
          next += 1;
        }
        clock.delivered(latestMs);
        yield first === 0 && next === batch.length ? batch : batch.slice(first, next);
        if (isVoid()) return;
        if (performance.now() >= turnEndsMs) {
          await nextTurn();
          turnEndsMs = performance.now() + LONGEST_TURN_MS;
        }
      }
    }
  }

  function notice(kind: FeedNotice["notice"], message: string): FeedNotice {
    return { kind: "notice", notice: kind, atMs: clock.nowMs(), message };
  }

  async function* events(signal: AbortSignal): AsyncGenerator<readonly FeedEvent[], void> {
    if (signal.aborted) return;
    if (hasConsumer)
      throw new WorkbenchError("INTERNAL", "a feed has one consumer, and this one is being read already");
    hasConsumer = true;
    signal.addEventListener("abort", interrupt);
    try {
      if (!hasPosition) {
        const { fromMs } = await source.range();
        if (!hasPosition) clock.seek(fromMs);
        hasPosition = true;
      }
      yield [notice("connected", `replaying ${source.description}`)];
      let isOver = false;
      while (!isOver && !signal.aborted) {
        const movesBefore = moves;
        yield* play(() => signal.aborted || moves !== movesBefore);
        isOver = moves === movesBefore;
        if (signal.aborted) return;
        if (isOver) yield [notice("ended", `the end of ${source.description}`)];
        else yield [notice("connected", `the tape was moved to ${new Date(clock.nowMs()).toISOString()}`)];
      }
    } finally {
      signal.removeEventListener("abort", interrupt);
      hasConsumer = false;
    }
  }

  return {
    name: "replay",
    dataset: source.dataset,
    symbols: [],
    history: undefined,
    clock: { nowMs: () => clock.nowMs(), isDetached: true },
    events,
    reconnect: (reason) => logger.debug({ reason }, "a tape has no connection to leave"),
    get asOfMs() {
      return clock.nowMs();
    },
    get isPaused() {
      return clock.isPaused;
    },
    get speed() {
      return clock.speed;
    },
    pause: () => {
      clock.pause();
      interrupt();
    },
    resume: () => {
      clock.resume();
      interrupt();
    },
    seek: (toMs) => {
      clock.seek(finiteInstant(toMs));
      hasPosition = true;
      moves += 1;
      interrupt();
    },
    setSpeed: (wanted) => {
      clock.setSpeed(wanted);
      interrupt();
    },
  };
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** @throws ARGUMENT_INVALID */
function finiteInstant(ms: number): number {
  if (Number.isFinite(ms)) return ms;
  throw new WorkbenchError("ARGUMENT_INVALID", `invalid instant: ${ms} (accepted: milliseconds since 1970)`, {
    details: { ms },
  });
}
