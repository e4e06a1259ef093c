import type { Logger } from "pino";
import { FeedMonitor } from "../engine/live-market/feed-monitor.js";
import type { FeedStatus } from "../engine/live-market/feed-status.js";
import type { FeedEvent, MarketEvent } from "../engine/live-market/market-event.js";
import type { Calendar } from "../engine/live-market/session-schedule.js";
import type { MarketFeed } from "../feeds/market-feed.js";
import type { FeedIncidents } from "./feed-incidents.js";
import { type GapRange, OpenGaps } from "./open-gaps.js";
import type { SpoolFact } from "./spool-batch.js";

export interface FeedStateWatchOptions {
  readonly feed: MarketFeed;
  readonly exchange: string;
  readonly calendar: Calendar;
  readonly incidents: FeedIncidents;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

const MOST_PENDING_FACTS = 1_000;

/** What the feed's data is worth, and every change of that: told to log and incidents, kept to be stored. */
export class FeedStateWatch {
  readonly #options: FeedStateWatchOptions;
  readonly #monitor: FeedMonitor;
  #status: FeedStatus;
  #facts: SpoolFact[];

  constructor(options: FeedStateWatchOptions) {
    const { feed, exchange, calendar, nowMs } = options;
    this.#options = options;
    this.#monitor = new FeedMonitor({ exchange, calendar, isReplay: feed.name === "replay" });
    this.#status = this.#monitor.at(feed.clock.nowMs()).status;
    this.#facts = [{ kind: "state", status: this.#status, recordedAtMs: nowMs() }];
  }

  get status(): FeedStatus {
    return this.#status;
  }

  /** Whether states wait to be stored. */
  get hasFacts(): boolean {
    return this.#facts.length > 0;
  }

  /** The states that wait to be stored; they do not any more. */
  takeFacts(): SpoolFact[] {
    return this.#facts.splice(0);
  }

  observe(events: readonly FeedEvent[], marketTimeMs: number): void {
    this.#monitor.observe(telling(events), marketTimeMs);
  }

  /** Looks at the age of the data, and signs in anew where that is due. @returns whether the state is another one */
  look(marketTimeMs: number): boolean {
    const { feed, incidents, logger, nowMs } = this.#options;
    const { status, changed, shouldReconnect } = this.#monitor.at(marketTimeMs);
    this.#status = status;
    if (changed) {
      logger.info({ feed: feed.name, state: status.state, reason: status.reason }, "the feed's state changed");
      if (this.#facts.length >= MOST_PENDING_FACTS) this.#facts.shift();
      this.#facts.push({ kind: "state", status, recordedAtMs: nowMs() });
      incidents.onState(status);
    }
    if (shouldReconnect) feed.reconnect(status.reason);
    return changed;
  }

  gapOpened(gap: GapRange): void {
    this.#monitor.gapOpened(OpenGaps.idOf(gap));
  }

  gapClosed(gap: GapRange): void {
    this.#monitor.gapClosed(OpenGaps.idOf(gap));
  }
}

/** Of many events, those that say everything about a feed's state: all but trades, books and levels, and the newest of these. */
function telling(events: readonly FeedEvent[]): readonly FeedEvent[] {
  const told: FeedEvent[] = [];
  let newest: Extract<MarketEvent, { kind: "tick" | "book" | "index" }> | undefined;
  for (const event of events) {
    if (event.kind !== "tick" && event.kind !== "book" && event.kind !== "index") told.push(event);
    else if (event.kind === "tick" && event.isBackfill) continue;
    else if (!newest || event.eventTimeMs >= newest.eventTimeMs) newest = event;
  }
  if (newest) told.push(newest);
  return told;
}
