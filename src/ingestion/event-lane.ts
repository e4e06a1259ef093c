import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { FeedEvent, Tick } from "../engine/live-market/market-event.js";
import type { WrongTotal } from "../engine/live-market/sequence-audit.js";
import { MS_PER_SECOND } from "../engine/units/epoch-ms.js";
import { tradingDateOf } from "../engine/units/trading-date.js";
import type { MarketFeed } from "../feeds/market-feed.js";
import type { FoundGap } from "../store/queries/feed-gaps.js";
import type { BusPublisher } from "./bus-publisher.js";
import type { AcceptedEvents, EventIntake } from "./event-intake.js";
import type { FeedStateWatch } from "./feed-state-watch.js";
import type { GapRange, OpenGaps } from "./open-gaps.js";
import type { SessionCounts } from "./session-counts.js";
import type { Spool, SpoolPosition } from "./spool/spool.js";
import { encodeBatch, type SpoolFact } from "./spool-batch.js";

export interface EventLaneOptions {
  readonly feed: MarketFeed;
  readonly intake: EventIntake;
  readonly watch: FeedStateWatch;
  readonly counts: SessionCounts;
  readonly openGaps: OpenGaps;
  readonly publisher: BusPublisher;
  readonly spool: Spool;
  /** Gaps that began earlier are of a downtime. */
  readonly startedAtMs: number;
  readonly nowMs: () => number;
  readonly onGapClosed: (gap: GapRange) => void;
}

/** Events of one record and message at most. */
const EVENTS_AT_ONCE = 4_096;
/** How long a day that begins anew waits for the database. */
const RESTART_PATIENCE_MS = 10 * MS_PER_SECOND;
const NO_TICKS = { tally: [], tuples: new Uint8Array(0), tickCount: 0 };

/** The way of events: judged, kept in the spool, then published; one batch after another. */
export class EventLane {
  readonly #options: EventLaneOptions;
  /** The last batch on its way to the disk. */
  #appending: Promise<void> = Promise.resolve();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: EventLaneOptions) {
    this.#options = options;
  }

  /** Takes a batch of the feed. Resolves when the one before is kept: at most two are in memory. */
  async take(events: readonly FeedEvent[], signal: AbortSignal): Promise<void> {
    for (let at = 0; at < events.length; at += EVENTS_AT_ONCE) {
      const slice = events.length <= EVENTS_AT_ONCE ? events : events.slice(at, at + EVENTS_AT_ONCE);
      await this.#inTurn(() => this.#takeSlice(slice, signal));
    }
  }

  /** Takes trades of the history as all others; resolves when they are stored. */
  async deliver(ticks: readonly Tick[], signal: AbortSignal): Promise<void> {
    await this.take(ticks, signal);
    await this.#inTurn(() => this.#appending);
    const end: SpoolPosition = this.#options.spool.end;
    while (!signal.aborted && !this.#options.spool.isReleased(end)) await delay(20);
  }

  /** Keeps states of the feed that no batch took along. */
  async keepStates(signal: AbortSignal): Promise<void> {
    if (!this.#options.watch.hasFacts) return;
    await this.#inTurn(async () => {
      await this.#appending.catch(() => {});
      const facts = this.#options.watch.takeFacts();
      if (facts.length > 0) await this.#write(NO_TICKS, facts, signal);
    });
  }

  /** Resolves when nothing is on its way to the disk any more. */
  async settled(): Promise<void> {
    await this.#inTurn(() => this.#appending).catch(() => {});
  }

  /** A feed's batch, and trades from its history, come one after another. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #takeSlice(events: readonly FeedEvent[], signal: AbortSignal): Promise<void> {
    const restart = events.findIndex((event) => event.kind === "notice" && event.notice === "day-restarted");
    if (restart >= 0 && this.#options.feed.dataset === "simulated") {
      await this.#keep(events.slice(0, restart), signal);
      await this.#appending;
      await this.restartDay(signal);
      await this.#untilStored(signal);
      this.#options.publisher.beginEpoch(randomUUID());
      this.#options.watch.observe([events[restart]!], this.#options.feed.clock.nowMs());
      return this.#takeSlice(events.slice(restart + 1), signal);
    }
    return this.#keep(events, signal);
  }

  /** Judges and encodes a batch while the one before is being written. */
  async #keep(events: readonly FeedEvent[], signal: AbortSignal): Promise<void> {
    if (events.length === 0) return;
    const { feed, nowMs } = this.#options;
    const marketTimeMs = feed.clock.nowMs();
    const accepted = this.#options.intake.take(events, marketTimeMs);
    this.#options.watch.observe(events, marketTimeMs);
    this.#options.watch.look(marketTimeMs);
    this.#options.counts.onAccepted(accepted);
    const facts: SpoolFact[] = [
      ...this.#options.watch.takeFacts(),
      ...accepted.references.map((price): SpoolFact => ({ kind: "reference", price })),
      ...accepted.wrongTotals.map((wrongTotal): SpoolFact => this.#withdrawn(wrongTotal)),
      ...accepted.gaps.map((gap): SpoolFact => {
        const isDowntime = gap.fromMs < this.#options.startedAtMs;
        const found: FoundGap = { ...gap, cause: isDowntime ? "downtime" : "stream", foundAtMs: nowMs() };
        this.#options.openGaps.add(gap);
        return { kind: "gap", gap: found };
      }),
    ];
    await this.#appending;
    this.#appending = this.#append(accepted, facts, signal);
    // Its failure is the next one's to meet; nothing else waits for it.
    this.#appending.catch(() => {});
  }

  #withdrawn({ suspect, gap }: WrongTotal): SpoolFact {
    const { symbol, board, eventTimeMs, cumulativeVolume } = suspect;
    this.#options.onGapClosed(gap);
    const key = { symbol, board, eventTimeMs, cumulativeVolume };
    return { kind: "wrong-total", wrongTotal: { suspect: key, gap }, foundAtMs: this.#options.nowMs() };
  }

  async #append(accepted: AcceptedEvents, facts: readonly SpoolFact[], signal: AbortSignal): Promise<void> {
    if (accepted.tally.length > 0 || facts.length > 0) await this.#write(accepted, facts, signal);
    if (accepted.events.length > 0) await this.#options.publisher.publish(accepted.events, this.#options.watch.status);
  }

  #write(
    { tally, tuples, tickCount }: Pick<AcceptedEvents, "tally" | "tuples" | "tickCount">,
    facts: readonly SpoolFact[],
    signal: AbortSignal,
  ): Promise<void> {
    const { name, dataset } = this.#options.feed;
    return this.#options.spool.append(tickCount, encodeBatch({ feed: name, dataset, tally, facts, tuples }), signal);
  }

  /** The demo day begins anew: what was stored of it goes, in the order of the spool. */
  async restartDay(signal: AbortSignal): Promise<void> {
    const tradingDate = tradingDateOf(this.#options.feed.clock.nowMs());
    for (const gap of [...this.#options.openGaps.all()]) this.#options.onGapClosed(gap);
    this.#options.intake.restart([]);
    await this.#write(NO_TICKS, [{ kind: "day-reset", tradingDate }], signal);
  }

  /** Waits for the database to take what is spooled, but not for a database that is away. */
  async #untilStored(signal: AbortSignal): Promise<void> {
    const givesUpAtMs = performance.now() + RESTART_PATIENCE_MS;
    while (!signal.aborted && this.#options.spool.status.pendingBytes > 0 && performance.now() < givesUpAtMs)
      await delay(20);
  }
}
