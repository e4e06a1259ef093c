import { MS_PER_SECOND } from "../units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../units/trading-date.js";
import { DataDue } from "./data-due.js";
import type { FeedState, FeedStatus } from "./feed-status.js";
import type { BookTop, FeedEvent, FeedNotice, IndexLevel, Tick } from "./market-event.js";
import type { Calendar } from "./session-schedule.js";

export interface FeedMonitorOptions {
  /** Whose sessions say when data is due. */
  readonly exchange: string;
  readonly calendar: Calendar;
  /** A tape of the past. */
  readonly isReplay?: boolean;
  /** Silence of a connected feed, while data is due, after which it is stale. */
  readonly staleAfterMs?: number;
  /** Data with event times further behind the clock is of the past: it shows nothing of the present. */
  readonly lateAfterMs?: number;
  /** Time without data, while it is due, after which a feed that is not connected is down. */
  readonly downAfterMs?: number;
  /** Between the first two pieces of advice to reconnect; it doubles with each, up to the longest. */
  readonly firstReconnectDelayMs?: number;
  readonly longestReconnectDelayMs?: number;
}

export interface FeedJudgement {
  readonly status: FeedStatus;
  /** Whether the state is another one than at the last judgement; true at the first. */
  readonly changed: boolean;
  /** True once for every time that the connection should be made anew. */
  readonly shouldReconnect: boolean;
}

/** Longer between two looks, and the clock was set or the machine slept: nobody can say what the feed did. */
const LONGEST_LOOK_MS = 30 * MS_PER_SECOND;

/** Data that still comes so long after a piece of advice ends the waiting between further ones. */
const RECOVERED_AFTER_MS = 60 * MS_PER_SECOND;

/**
 * What a feed's data is worth at a market time, by the age of the data. Data are trades, books and index levels that
 * come from the stream with event times at most `lateAfterMs` behind: neither heartbeats, nor backfilled trades, nor
 * what a source repeats of the past.
 *
 * | data due? | connection | data | state |
 * |---|---|---|---|
 * | (a tape) | any | not ended | `replaying` |
 * | (a tape) | any | ended | `closed-market` |
 * | no | any | any | `closed-market` |
 * | yes | any | came within `staleAfterMs`, gaps are open | `gap` |
 * | yes | any | came within `staleAfterMs`, no gap is open | `live` |
 * | yes | made | none for up to `staleAfterMs` since it was made, the session or the day began | `connecting`, `down` if it was down |
 * | yes | made | none for longer | `stale` |
 * | yes | not made, or lost | none for up to `downAfterMs`, and none since data is due | `connecting` |
 * | yes | not made, or lost | none for up to `downAfterMs`, but some since data is due | `stale` |
 * | yes | not made, or lost | none for longer | `down` |
 *
 * A connection that is made anew improves nothing by itself: a feed that is `stale` or `down` stays so until data comes.
 * One that was left on advice is not lost: what is down is what could not be made anew for `downAfterMs`.
 *
 * When data is due, `DataDue` says.
 *
 * The clock may jump. Backwards, every remembered instant moves along, so that ages stay what they were. Forwards,
 * ages grow, since a machine that slept received nothing; but to reconnect is advised only after a silence that was
 * watched, and not while data of the past comes: the clock may be what is wrong. An instant that is no number counts
 * as the one before.
 */
export class FeedMonitor {
  readonly #options: Required<FeedMonitorOptions>;
  readonly #due: DataDue;
  readonly #openGaps = new Set<string | number>();
  #nowMs = NaN;
  #isConnected = false;
  #hasEnded = false;
  #connectedAtMs = -Infinity;
  /** Why there is no connection, as the feed said last. */
  #problem = "";
  #dayRestartedAtMs = -Infinity;
  /** Since when looks have followed one another closely. */
  #watchedSinceMs = -Infinity;
  #receivedAtMs = -Infinity;
  /** When something of the present came in. */
  #freshAtMs = -Infinity;
  #newestEventMs = -Infinity;
  #advisedAtMs = -Infinity;
  #adviceCount = 0;
  /** The connection was left to be made anew, and is not made yet. */
  #isLeftOnAdvice = false;
  #state: FeedState | undefined;
  #stateSinceMs = NaN;

  constructor(options: FeedMonitorOptions) {
    this.#options = {
      isReplay: false,
      staleAfterMs: 5 * MS_PER_SECOND,
      lateAfterMs: 60 * MS_PER_SECOND,
      downAfterMs: 30 * MS_PER_SECOND,
      firstReconnectDelayMs: 10 * MS_PER_SECOND,
      longestReconnectDelayMs: 300 * MS_PER_SECOND,
      ...options,
    };
    this.#due = new DataDue(this.#options);
  }

  /** Takes note of what the feed yielded, at the market time at which it did. */
  observe(events: readonly FeedEvent[], marketTimeMs: number): void {
    this.#look(marketTimeMs);
    for (const event of events) {
      switch (event.kind) {
        case "tick":
          if (!event.isBackfill) this.#receive(event);
          break;
        case "book":
        case "index":
          this.#receive(event);
          break;
        case "session":
          this.#due.hear(event, this.#nowMs);
          break;
        case "notice":
          this.#heed(event);
          break;
        case "reference":
        case "rejected":
      }
    }
  }

  /** Trades are known to be missing, until the same gap is closed. */
  gapOpened(id: string | number): void {
    this.#openGaps.add(id);
  }

  gapClosed(id: string | number): void {
    this.#openGaps.delete(id);
  }

  at(marketTimeMs: number): FeedJudgement {
    this.#look(marketTimeMs);
    const { state, reason } = this.#judge();
    const changed = state !== this.#state;
    if (changed) this.#stateSinceMs = this.#nowMs;
    this.#state = state;
    const status: FeedStatus = {
      state,
      sinceMs: this.#stateSinceMs,
      reason,
      lastReceivedAtMs: finite(this.#receivedAtMs),
      lastEventTimeMs: finite(this.#newestEventMs),
    };
    return { status, changed, shouldReconnect: this.#adviseReconnect() };
  }

  #look(marketTimeMs: number): void {
    const nowMs = Number.isFinite(marketTimeMs) ? marketTimeMs : Number.isNaN(this.#nowMs) ? 0 : this.#nowMs;
    const elapsedMs = nowMs - this.#nowMs;
    if (elapsedMs < 0) this.#moveInstants(elapsedMs, nowMs);
    if (!(elapsedMs <= LONGEST_LOOK_MS)) this.#watchedSinceMs = nowMs;
    this.#nowMs = nowMs;
    this.#due.look(nowMs);
  }

  #moveInstants(byMs: number, nowMs: number): void {
    this.#connectedAtMs += byMs;
    this.#due.moveInstants(byMs);
    this.#dayRestartedAtMs += byMs;
    this.#watchedSinceMs += byMs;
    this.#receivedAtMs += byMs;
    this.#freshAtMs += byMs;
    this.#advisedAtMs += byMs;
    this.#stateSinceMs += byMs;
    if (this.#newestEventMs > nowMs + this.#options.lateAfterMs) this.#newestEventMs = -Infinity;
  }

  #receive(data: Tick | BookTop | IndexLevel): void {
    const nowMs = this.#nowMs;
    this.#isConnected = true;
    this.#receivedAtMs = nowMs;
    if (data.eventTimeMs >= nowMs - this.#options.lateAfterMs) this.#freshAtMs = nowMs;
    if (data.eventTimeMs > this.#newestEventMs && data.eventTimeMs <= nowMs + this.#options.lateAfterMs) {
      this.#newestEventMs = data.eventTimeMs;
    }
    if (nowMs - this.#advisedAtMs > RECOVERED_AFTER_MS) this.#adviceCount = 0;
    if (data.kind === "tick") this.#due.traded(data, nowMs);
  }

  #heed({ notice, message }: FeedNotice): void {
    switch (notice) {
      case "connected":
      case "authenticated":
      case "subscribed":
        this.#isConnected = true;
        this.#isLeftOnAdvice = false;
        this.#connectedAtMs = this.#nowMs;
        this.#problem = "";
        break;
      case "heartbeat":
        if (!this.#isConnected) this.#connectedAtMs = this.#nowMs;
        this.#isConnected = true;
        break;
      case "disconnected":
      case "refused":
        this.#problem = message === "" ? "" : `: ${message}`;
        this.#isConnected = false;
        if (notice === "refused") this.#isLeftOnAdvice = false;
        break;
      case "connecting":
        // When the next try would be was said before: this is it.
        this.#problem = this.#problem.replace(/; (the )?next try i[sn] [^;]*$/, "; it is being tried");
        this.#isConnected = false;
        break;
      case "ended":
        this.#isConnected = false;
        this.#hasEnded = true;
        break;
      case "day-restarted":
        this.#hasEnded = false;
        this.#dayRestartedAtMs = this.#nowMs;
        break;
      case "throttled":
    }
  }

  #judge(): { readonly state: FeedState; readonly reason: string } {
    const { isReplay, staleAfterMs, downAfterMs } = this.#options;
    if (isReplay) {
      if (this.#hasEnded) return { state: "closed-market", reason: "the tape has ended" };
      return { state: "replaying", reason: "a tape of the past is played" };
    }
    if (this.#due.sinceMs === -Infinity) return { state: "closed-market", reason: this.#closedReason() };

    const silentSinceMs = Math.max(this.#freshAtMs, this.#due.sinceMs, this.#dayRestartedAtMs);
    const silentMs = this.#nowMs - silentSinceMs;
    if (this.#nowMs - this.#freshAtMs <= staleAfterMs) {
      if (this.#openGaps.size > 0) return { state: "gap", reason: `${this.#gapsInWords()} missing` };
      return { state: "live", reason: this.#isConnected ? "data arrives" : "the connection was lost a moment ago" };
    }
    if (!this.#isConnected) {
      const lost = `not connected, ${this.#lastDataInWords()}${this.#problem}`;
      const triedMs = this.#isLeftOnAdvice ? this.#nowMs - this.#advisedAtMs : silentMs;
      if (Math.min(silentMs, triedMs) > downAfterMs) return { state: "down", reason: lost };
      const hadData = this.#freshAtMs >= Math.max(this.#due.sinceMs, this.#dayRestartedAtMs);
      if (hadData || this.#state === "stale") return { state: "stale", reason: lost };
      return { state: "connecting", reason: `the connection is being made${this.#problem}` };
    }
    const isExcused = this.#nowMs - Math.max(silentSinceMs, this.#connectedAtMs) <= staleAfterMs;
    if (isExcused && this.#state !== "stale") {
      const state = silentMs <= downAfterMs ? "connecting" : "down";
      return { state, reason: "connected, waiting for the first data" };
    }
    const isPastArriving = this.#nowMs - this.#receivedAtMs <= staleAfterMs && this.#newestEventMs !== -Infinity;
    const reason = isPastArriving
      ? `what arrives is of ${timeInWords(this.#newestEventMs).slice(0, 5)}`
      : this.#lastDataInWords();
    return { state: "stale", reason };
  }

  #adviseReconnect(): boolean {
    if (this.#state !== "stale" || !this.#isConnected) return false;
    const { staleAfterMs, firstReconnectDelayMs, longestReconnectDelayMs } = this.#options;
    const watchedMs =
      this.#nowMs -
      Math.max(
        this.#receivedAtMs,
        this.#due.sinceMs,
        this.#dayRestartedAtMs,
        this.#connectedAtMs,
        this.#watchedSinceMs,
      );
    const delayMs = Math.min(longestReconnectDelayMs, firstReconnectDelayMs * 2 ** (this.#adviceCount - 1));
    if (watchedMs <= staleAfterMs || (this.#adviceCount > 0 && this.#nowMs - this.#advisedAtMs < delayMs)) return false;
    this.#advisedAtMs = this.#nowMs;
    this.#adviceCount++;
    this.#isLeftOnAdvice = true;
    return true;
  }

  #closedReason(): string {
    const reason = this.#due.closedReason(this.#nowMs);
    return this.#openGaps.size > 0 ? `${reason}; ${this.#gapsInWords()} still missing` : reason;
  }

  #gapsInWords(): string {
    return this.#openGaps.size === 1 ? "trades of 1 gap are" : `trades of ${this.#openGaps.size} gaps are`;
  }

  #lastDataInWords(): string {
    return this.#freshAtMs === -Infinity ? "no data yet" : `no data since ${timeInWords(this.#freshAtMs)}`;
  }
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** Time of day in Asia/Ho_Chi_Minh, `HH:MM:SS`. */
function timeInWords(instantMs: number): string {
  const text = new Date(instantMs + TRADING_UTC_OFFSET_MS).toISOString();
  return text.slice(11, 19);
}
