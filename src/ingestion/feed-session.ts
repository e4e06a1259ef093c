import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { FeedMonitor } from "../engine/live-market/feed-monitor.js";
import type { FeedStatus } from "../engine/live-market/feed-status.js";
import type { FeedEvent, MarketEvent, Tick } from "../engine/live-market/market-event.js";
import { sessionPhaseAt } from "../engine/live-market/session-schedule.js";
import { MS_PER_SECOND } from "../engine/units/epoch-ms.js";
import { tradingDateOf } from "../engine/units/trading-date.js";
import { withDeadline } from "../store/deadline.js";
import type { FoundGap } from "../store/queries/feed-gaps.js";
import { insertFeedGaps, listFeedGaps } from "../store/queries/feed-gaps.js";
import { findStoredHoles } from "../store/queries/feed-holes.js";
import { lastPositions, type StoredPosition } from "../store/queries/tick-queries.js";
import { BusPublisher } from "./bus-publisher.js";
import { CandleKeeper } from "./candle-keeper.js";
import { type AcceptedEvents, EventIntake } from "./event-intake.js";
import { FeedIncidents } from "./feed-incidents.js";
import { GapBackfill } from "./gap-backfill.js";
import { IncidentBook } from "./incident-book.js";
import type { IngesterDependencies } from "./ingester.js";
import type { IngestionSettings } from "./ingestion-settings.js";
import type { IngestionStatus } from "./ingestion-status.js";
import { OpenGaps } from "./open-gaps.js";
import { RejectionCounts } from "./rejection-counts.js";
import { Spool, type SpoolPosition } from "./spool/spool.js";
import { encodeBatch, type SpoolFact } from "./spool-batch.js";
import { type DrainLimits, PARTITIONS_AHEAD_MS, SpoolDrain } from "./spool-drain.js";
import { StorageWatch } from "./storage-watch.js";
import type { SpoolRun, StoredRun } from "./store-run.js";

export interface FeedSessionOptions extends Omit<IngesterDependencies, "drainLimits"> {
  readonly nowMs: () => number;
  readonly settings: IngestionSettings;
  readonly exchange: string;
  readonly limits: DrainLimits;
}

const LOOK_MS = 500;
/** Work on a whole day may take so many times as long as a batch. */
const DAY_PATIENCE = 10;
/** Candles are behind by this much at least, and take no more than a fifth of the time. */
const CANDLE_REFRESH_MS = 1_000;
const CANDLE_REST = 4;
const SETTLE_MS = 5_000;
const SEGMENT_BYTES = 1 << 25;
/** Events of one record and message at most. */
const EVENTS_AT_ONCE = 4_096;
/** How long a start waits for the database, to go on behind what is stored. */
const RECOVERY_PATIENCE_MS = 10 * MS_PER_SECOND;
const MOST_PENDING_FACTS = 1_000;

/** Everything between a feed's events and spool, database and bus, for one start of an ingester. */
export class FeedSession {
  readonly #options: FeedSessionOptions;
  readonly #openGaps = new OpenGaps();
  readonly #intake: EventIntake;
  readonly #monitor: FeedMonitor;
  readonly #publisher: BusPublisher;
  readonly #incidents: IncidentBook;
  readonly #feedIncidents: FeedIncidents;
  readonly #candles: CandleKeeper;
  readonly #rejections = new RejectionCounts();
  readonly #counts = { received: 0, stored: 0, duplicates: 0, rejected: 0, backfilled: 0, gapsFound: 0, gapsFilled: 0 };
  readonly #background = new AbortController();
  readonly #startedAtMs: number;
  #spool!: Spool;
  #drain!: SpoolDrain;
  #draining: Promise<void> = Promise.resolve();
  readonly #drainStop = new AbortController();
  #tasks: Promise<unknown>[] = [];
  /** The end of what was appended last, and the append itself. */
  #appending: Promise<void> = Promise.resolve();
  #turn: Promise<unknown> = Promise.resolve();
  #pendingFacts: SpoolFact[] = [];
  #status: FeedStatus;
  #database = { isUp: true, reason: "" };
  readonly #storageWatch: StorageWatch;
  /** Why storage hangs although nothing failed. */
  #hanging: string | undefined;

  constructor(options: FeedSessionOptions) {
    const { feed, calendar, exchange, bus, logger, nowMs, limits } = options;
    const { lockMs, deadlineMs } = limits;
    const database = withDeadline(options.database, { lockMs, deadlineMs });
    const patient = withDeadline(options.database, { lockMs, deadlineMs: DAY_PATIENCE * deadlineMs });
    this.#options = { ...options, database };
    this.#storageWatch = new StorageWatch(limits, performance.now());
    this.#startedAtMs = feed.clock.nowMs();
    this.#intake = new EventIntake({
      calendar,
      openGaps: this.#openGaps,
      dataset: feed.dataset,
      source: feed.name,
    });
    this.#monitor = new FeedMonitor({ exchange, calendar, isReplay: feed.name === "replay" });
    this.#status = this.#monitor.at(this.#startedAtMs).status;
    this.#pendingFacts.push({ kind: "state", status: this.#status, recordedAtMs: nowMs() });
    this.#publisher = new BusPublisher({ bus, feed, epoch: randomUUID(), nowMs });
    this.#incidents = new IncidentBook({ database, logger, nowMs });
    this.#feedIncidents = new FeedIncidents(this.#incidents, feed.name);
    this.#candles = new CandleKeeper({ database, patient, logger });
  }

  /** Opens the spool, begins to drain it, and goes on behind what is stored. @throws DATA_FOLDER_LOCKED, DATA_FOLDER_UNUSABLE */
  async open(signal: AbortSignal): Promise<void> {
    const { spoolFolder, database, logger, nowMs, settings, limits, feed, createSegmentFile } = this.#options;
    this.#spool = await Spool.open(spoolFolder, {
      limitBytes: settings.spoolLimitBytes,
      segmentBytes: Math.min(SEGMENT_BYTES, Math.ceil(settings.spoolLimitBytes / 4)),
      isSynced: settings.isSpoolSynced,
      nowMs,
      logger,
      onTrouble: (trouble) => this.#feedIncidents.onSpoolTrouble(trouble),
      ...(createSegmentFile && { createFile: createSegmentFile }),
    });
    this.#drain = new SpoolDrain({
      spool: this.#spool,
      database,
      limits,
      logger,
      prepare: (run) => this.#candles.prepare(run),
      onStored: (run, result) => this.#onStored(run, result),
      onDatabase: (state) => {
        this.#database = state;
        this.#feedIncidents.onDatabase(state);
      },
    });
    this.#draining = this.#drain.run(this.#drainStop.signal);
    if (feed.dataset === "simulated" && feed.clock.isDetached) await this.#restartDay(signal);
    else await this.#goOn(signal);
    this.#startTasks();
  }

  /** Takes a batch of the feed. Resolves when the one before is kept: at most two are in memory. */
  async take(events: readonly FeedEvent[], signal: AbortSignal): Promise<void> {
    for (let at = 0; at < events.length; at += EVENTS_AT_ONCE) {
      const slice = events.length <= EVENTS_AT_ONCE ? events : events.slice(at, at + EVENTS_AT_ONCE);
      await this.#inTurn(() => this.#takeSlice(slice, signal));
    }
  }

  status(): IngestionStatus {
    const { feed } = this.#options;
    return {
      feed: feed.name,
      dataset: feed.dataset,
      epoch: this.#publisher.epoch,
      sequence: this.#publisher.sequence,
      marketTimeMs: feed.clock.nowMs(),
      status: this.#status,
      counts: { ...this.#counts },
      rejections: this.#rejections.latest(),
      spool: this.#spool.status,
      database: this.#databaseStatus,
    };
  }

  get #databaseStatus(): IngestionStatus["database"] {
    if (!this.#database.isUp || this.#hanging === undefined) return this.#database;
    return { isUp: false, reason: this.#hanging };
  }

  async close(): Promise<void> {
    this.#background.abort();
    await this.#inTurn(() => this.#appending).catch(() => {});
    await Promise.all(this.#tasks);
    this.#drainStop.abort();
    await this.#draining;
    if (this.#databaseStatus.isUp) {
      await this.#candles.refresh().catch((error: unknown) => {
        this.#options.logger.warn({ error: (error as Error).message }, "candles are made at the next start");
      });
      await this.#incidents.flush();
    }
    await this.#publisher.settled();
    await this.#spool.close();
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
      await this.#restartDay(signal);
      await this.#untilStored(signal);
      this.#publisher.beginEpoch(randomUUID());
      this.#monitor.observe([events[restart]!], this.#options.feed.clock.nowMs());
      return this.#takeSlice(events.slice(restart + 1), signal);
    }
    return this.#keep(events, signal);
  }

  /** Judges and encodes a batch while the one before is being written. */
  async #keep(events: readonly FeedEvent[], signal: AbortSignal): Promise<void> {
    if (events.length === 0) return;
    const { feed, nowMs } = this.#options;
    const marketTimeMs = feed.clock.nowMs();
    const accepted = this.#intake.take(events, marketTimeMs);
    this.#monitor.observe(telling(events), marketTimeMs);
    this.#look(marketTimeMs);
    this.#countIn(accepted);
    const facts: SpoolFact[] = [
      ...this.#pendingFacts.splice(0),
      ...accepted.references.map((price): SpoolFact => ({ kind: "reference", price })),
      ...accepted.gaps.map((gap): SpoolFact => {
        const isDowntime = gap.fromMs < this.#startedAtMs;
        const found: FoundGap = { ...gap, cause: isDowntime ? "downtime" : "stream", foundAtMs: nowMs() };
        this.#openGaps.add(gap);
        return { kind: "gap", gap: found };
      }),
    ];
    await this.#appending;
    this.#appending = this.#append(accepted, facts, signal);
    // Its failure is the next one's to meet; nothing else waits for it.
    this.#appending.catch(() => {});
  }

  async #append(accepted: AcceptedEvents, facts: readonly SpoolFact[], signal: AbortSignal): Promise<void> {
    if (accepted.tally.length > 0 || facts.length > 0) await this.#write(accepted, facts, signal);
    if (accepted.events.length > 0) await this.#publisher.publish(accepted.events, this.#status);
  }

  #write(
    { tally, tuples, tickCount }: Pick<AcceptedEvents, "tally" | "tuples" | "tickCount">,
    facts: readonly SpoolFact[],
    signal: AbortSignal,
  ): Promise<void> {
    const { name, dataset } = this.#options.feed;
    return this.#spool.append(tickCount, encodeBatch({ feed: name, dataset, tally, facts, tuples }), signal);
  }

  /** The demo day begins anew: what was stored of it goes, in the order of the spool. */
  async #restartDay(signal: AbortSignal): Promise<void> {
    const tradingDate = tradingDateOf(this.#options.feed.clock.nowMs());
    for (const gap of [...this.#openGaps.all()]) this.#gapClosed(gap);
    this.#intake.restart([]);
    await this.#write(
      { tally: [], tuples: new Uint8Array(0), tickCount: 0 },
      [{ kind: "day-reset", tradingDate }],
      signal,
    );
  }

  /** Waits for the database to take what is spooled, but not for a database that is away. */
  async #untilStored(signal: AbortSignal): Promise<void> {
    const givesUpAtMs = performance.now() + RECOVERY_PATIENCE_MS;
    while (!signal.aborted && this.#spool.status.pendingBytes > 0 && performance.now() < givesUpAtMs) await delay(20);
  }

  /** Lets the audit begin behind the last stored tick of every symbol, once everything spooled earlier is stored. */
  async #goOn(signal: AbortSignal): Promise<void> {
    const { database, feed, logger } = this.#options;
    const { name, dataset } = feed;
    const givesUpAtMs = performance.now() + RECOVERY_PATIENCE_MS;
    const tradingDate = tradingDateOf(feed.clock.nowMs());
    while (!signal.aborted) {
      if (this.#spool.status.pendingBytes === 0) {
        try {
          const positions: StoredPosition[] = await lastPositions(database, dataset, tradingDate);
          for (const gap of await listFeedGaps(database, {
            dataset,
            feed: name,
            tradingDate,
            isOpen: true,
            limit: 50_000,
          })) {
            this.#openGaps.add(gap);
          }
          this.#intake.restart(positions);
          this.#database = { isUp: true, reason: "" };
          return;
        } catch (error) {
          this.#database = { isUp: false, reason: (error as Error).message };
        }
      }
      if (performance.now() > givesUpAtMs) {
        logger.warn("the database does not say what is stored; holes are looked for when it does");
        return;
      }
      await delay(50);
    }
  }

  #startTasks(): void {
    const { database, feed, logger, nowMs } = this.#options;
    const stop = this.#background.signal;
    const backfill = new GapBackfill({
      database,
      feed,
      dataset: feed.dataset,
      logger,
      nowMs,
      deliver: (ticks, signal) => this.#deliver(ticks, signal),
      onOpen: (gap) => this.#monitor.gapOpened(OpenGaps.idOf(gap)),
      onFilled: (gap) => {
        this.#counts.gapsFilled++;
        this.#gapClosed(gap);
      },
    });
    this.#tasks = [
      backfill.run(stop),
      this.#repeat(LOOK_MS, () => this.#watch(stop)),
      this.#repeat(CANDLE_REFRESH_MS, () => this.#candles.refresh(), CANDLE_REST),
      this.#repeat(SETTLE_MS, () => this.#settle()),
      this.#recover(stop),
    ];
  }

  /**
   * Does `work` every so often until the session closes; a failure is logged and the next turn comes as usual. After
   * long work comes a longer pause: `rest` times as long.
   */
  async #repeat(everyMs: number, work: () => Promise<void>, rest = 0): Promise<void> {
    const { signal } = this.#background;
    let restMs = everyMs;
    while (!signal.aborted) {
      await delay(restMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      const startedAt = performance.now();
      await work().catch((error: unknown) => {
        this.#options.logger.debug({ error: (error as Error).message }, "to be tried again");
      });
      restMs = Math.max(everyMs, rest * (performance.now() - startedAt));
    }
  }

  /** Days that an earlier process left unfinished, and holes that nobody noticed, as soon as the database answers. */
  async #recover(stop: AbortSignal): Promise<void> {
    const { database, feed, nowMs } = this.#options;
    const of = { feed: feed.name, dataset: feed.dataset };
    while (!stop.aborted) {
      try {
        await this.#candles.recover(of);
        const marketTimeMs = feed.clock.nowMs();
        const tradingDate = tradingDateOf(marketTimeMs);
        await this.#drain.ensurePartitions([marketTimeMs, marketTimeMs + PARTITIONS_AHEAD_MS]);
        const holes = await findStoredHoles(database, feed.dataset, tradingDate);
        const gaps = holes.map(
          (hole): FoundGap => ({
            ...hole,
            tradingDate,
            cause: "downtime",
            fromMs: Number.isNaN(hole.fromMs) ? hole.toMs : hole.fromMs,
            missingVolume: hole.volumeAfter - hole.volumeBefore,
            foundAtMs: nowMs(),
          }),
        );
        await insertFeedGaps(database, of, gaps);
        for (const gap of gaps) this.#openGaps.add(gap);
        return;
      } catch {
        await delay(MS_PER_SECOND, undefined, { signal: stop }).catch(() => {});
      }
    }
  }

  /** Trades of the history take the way of all others; resolves when they are stored. */
  async #deliver(ticks: readonly Tick[], signal: AbortSignal): Promise<void> {
    await this.take(ticks, signal);
    await this.#inTurn(() => this.#appending);
    const end: SpoolPosition = this.#spool.end;
    while (!signal.aborted && !this.#spool.isReleased(end)) await delay(20);
  }

  #watchStorage(): void {
    const { pendingTicks } = this.#spool.status;
    const { hanging, isBehind } = this.#storageWatch.at(performance.now(), {
      isWaiting: this.#drain.isWaiting,
      pendingTicks,
    });
    this.#hanging = hanging;
    this.#feedIncidents.onStorage({ isBehind, reason: hanging ?? "" });
  }

  /** Looks at the age of the data, and says once a second that the ingester lives. */
  async #watch(stop: AbortSignal): Promise<void> {
    this.#watchStorage();
    const isChanged = this.#look(this.#options.feed.clock.nowMs());
    if (isChanged || this.#publisher.silentForMs >= MS_PER_SECOND - LOOK_MS / 2) {
      await this.#publisher.publish([], this.#status);
    }
    // Not waited for: a database that does not answer must not keep the feed's state from the clients.
    void this.#incidents.flush();
    if (this.#pendingFacts.length > 0 && !this.#spool.status.isFull) {
      await this.#inTurn(async () => {
        await this.#appending.catch(() => {});
        const facts = this.#pendingFacts.splice(0);
        if (facts.length > 0) await this.#write({ tally: [], tuples: new Uint8Array(0), tickCount: 0 }, facts, stop);
      });
    }
  }

  #look(marketTimeMs: number): boolean {
    const { feed, nowMs, logger } = this.#options;
    const { status, changed, shouldReconnect } = this.#monitor.at(marketTimeMs);
    this.#status = status;
    if (changed) {
      logger.info({ feed: feed.name, state: status.state, reason: status.reason }, "the feed's state changed");
      if (this.#pendingFacts.length >= MOST_PENDING_FACTS) this.#pendingFacts.shift();
      this.#pendingFacts.push({ kind: "state", status, recordedAtMs: nowMs() });
      this.#feedIncidents.onState(status);
    }
    if (shouldReconnect) feed.reconnect(status.reason);
    return changed;
  }

  #countIn({ tally, tickCount, rejections, gaps }: AcceptedEvents): void {
    for (const { received, duplicates, rejected } of tally) {
      this.#counts.received += received;
      this.#counts.duplicates += duplicates;
      this.#counts.rejected += rejected;
    }
    this.#counts.gapsFound += gaps.length;
    if (tickCount > 0) this.#feedIncidents.onAccepted();
    if (rejections.length === 0) return;
    this.#rejections.add(rejections);
    this.#feedIncidents.onRejections(rejections);
  }

  #onStored(run: SpoolRun, { entries, facts, stored, duplicates, backfilled }: StoredRun): void {
    this.#storageWatch.onStored(performance.now());
    this.#hanging = undefined;
    if (!this.#database.isUp) this.#database = { isUp: true, reason: "" };
    this.#feedIncidents.onStored();
    this.#counts.stored += stored;
    this.#counts.duplicates += duplicates;
    this.#counts.backfilled += backfilled;
    for (const fact of facts) {
      if (fact.kind === "day-reset") this.#candles.forget({ ...run, tradingDate: fact.tradingDate });
    }
    this.#candles.touch(run, entries);
  }

  #gapClosed(gap: Parameters<OpenGaps["delete"]>[0]): void {
    this.#openGaps.delete(gap);
    this.#monitor.gapClosed(OpenGaps.idOf(gap));
  }

  /** Settles past days, and the present one when its session is over and nothing waits to be stored. */
  async #settle(): Promise<void> {
    const { feed, exchange, calendar } = this.#options;
    const marketTimeMs = feed.clock.nowMs();
    const today = tradingDateOf(marketTimeMs);
    const isClosed = sessionPhaseAt(exchange, marketTimeMs, calendar) === "closed";
    const isOver = (date: string) => date < today || (date === today && isClosed);
    if (this.#spool.status.pendingBytes > 0 || !this.#candles.openDates.some(isOver)) return;
    await this.#drain.exclusively(() => this.#candles.settle(isOver));
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
