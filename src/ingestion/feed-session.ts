import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { FeedEvent } from "../engine/live-market/market-event.js";
import type { WrongTotal } from "../engine/live-market/sequence-audit.js";
import { sessionPhaseAt } from "../engine/live-market/session-schedule.js";
import { MS_PER_SECOND } from "../engine/units/epoch-ms.js";
import { tradingDateOf } from "../engine/units/trading-date.js";
import { withDeadline } from "../store/deadline.js";
import { BusPublisher } from "./bus-publisher.js";
import { CandleKeeper } from "./candle-keeper.js";
import { EventIntake } from "./event-intake.js";
import { EventLane } from "./event-lane.js";
import { FeedIncidents } from "./feed-incidents.js";
import { FeedStateWatch } from "./feed-state-watch.js";
import { GapBackfill } from "./gap-backfill.js";
import { IncidentBook } from "./incident-book.js";
import type { IngesterDependencies } from "./ingester.js";
import type { IngestionSettings } from "./ingestion-settings.js";
import type { IngestionStatus } from "./ingestion-status.js";
import { type GapRange, OpenGaps } from "./open-gaps.js";
import { repeat } from "./repeat.js";
import { SessionCounts } from "./session-counts.js";
import { Spool } from "./spool/spool.js";
import { type DrainLimits, PARTITIONS_AHEAD_MS, SpoolDrain } from "./spool-drain.js";
import { StorageHealth } from "./storage-health.js";
import type { SpoolRun, StoredRun } from "./store-run.js";
import { awaitProgress, type FeedDay, recordHoles } from "./stored-progress.js";

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
/** How long a stop waits for the database before it gives its connections up. */
const STOP_PATIENCE_MS = 5 * MS_PER_SECOND;

/** Everything between a feed's events and spool, database and bus, for one start of an ingester. */
export class FeedSession {
  readonly #options: FeedSessionOptions;
  readonly #openGaps = new OpenGaps();
  readonly #intake: EventIntake;
  readonly #watch: FeedStateWatch;
  readonly #publisher: BusPublisher;
  readonly #incidents: IncidentBook;
  readonly #feedIncidents: FeedIncidents;
  readonly #candles: CandleKeeper;
  readonly #counts: SessionCounts;
  readonly #storage: StorageHealth;
  readonly #background = new AbortController();
  readonly #startedAtMs: number;
  #spool!: Spool;
  #drain!: SpoolDrain;
  #lane!: EventLane;
  #draining: Promise<void> = Promise.resolve();
  readonly #drainStop = new AbortController();
  readonly #giveUp = new AbortController();
  #tasks: Promise<unknown>[] = [];

  constructor(options: FeedSessionOptions) {
    const { feed, calendar, exchange, bus, logger, nowMs, limits } = options;
    const { lockMs, deadlineMs } = limits;
    const { signal } = this.#giveUp;
    const database = withDeadline(options.database, { lockMs, deadlineMs, signal });
    const patient = withDeadline(options.database, { lockMs, deadlineMs: DAY_PATIENCE * deadlineMs, signal });
    this.#options = { ...options, database };
    this.#startedAtMs = feed.clock.nowMs();
    this.#intake = new EventIntake({
      calendar,
      openGaps: this.#openGaps,
      dataset: feed.dataset,
      source: feed.name,
    });
    this.#publisher = new BusPublisher({ bus, feed, epoch: randomUUID(), nowMs });
    this.#incidents = new IncidentBook({ database, logger, nowMs });
    const incidents = new FeedIncidents(this.#incidents, feed.name);
    this.#feedIncidents = incidents;
    this.#counts = new SessionCounts(incidents);
    this.#storage = new StorageHealth(limits, incidents);
    this.#watch = new FeedStateWatch({ feed, exchange, calendar, incidents, logger, nowMs });
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
    this.#lane = new EventLane({
      feed,
      nowMs,
      intake: this.#intake,
      watch: this.#watch,
      counts: this.#counts,
      openGaps: this.#openGaps,
      publisher: this.#publisher,
      spool: this.#spool,
      startedAtMs: this.#startedAtMs,
      onGapClosed: (gap) => this.#gapClosed(gap),
    });
    this.#drain = new SpoolDrain({
      spool: this.#spool,
      database,
      limits,
      logger,
      prepare: (run) => this.#candles.prepare(run),
      onStored: (run, result) => this.#onStored(run, result),
      onDatabase: (state) => this.#storage.onDatabase(state),
    });
    this.#draining = this.#drain.run(this.#drainStop.signal, this.#giveUp.signal);
    if (feed.dataset === "simulated" && feed.clock.isDetached) await this.#lane.restartDay(signal);
    // A tape tells its days from their beginning, whatever is stored of them: that is its future.
    else if (!this.#isTape) await this.#goOn(signal);
    this.#startTasks();
  }

  /** Takes a batch of the feed. Resolves when the one before is kept: at most two are in memory. */
  take(events: readonly FeedEvent[], signal: AbortSignal): Promise<void> {
    return this.#lane.take(events, signal);
  }

  status(): IngestionStatus {
    const { feed } = this.#options;
    return {
      feed: feed.name,
      dataset: feed.dataset,
      epoch: this.#publisher.epoch,
      sequence: this.#publisher.sequence,
      marketTimeMs: feed.clock.nowMs(),
      status: this.#watch.status,
      counts: this.#counts.counts,
      rejections: this.#counts.rejections,
      spool: this.#spool.status,
      database: this.#storage.status,
    };
  }

  /**
   * Stores what is spooled, as far as the database takes it within the patience for a stop; what is left is stored by
   * the next start.
   */
  async close(): Promise<void> {
    const patience = setTimeout(() => this.#giveUp.abort(), STOP_PATIENCE_MS);
    try {
      await this.#finish();
    } finally {
      clearTimeout(patience);
    }
    await this.#publisher.settled();
    await this.#spool.close();
  }

  async #finish(): Promise<void> {
    this.#background.abort();
    await this.#lane.settled();
    await Promise.all(this.#tasks);
    this.#drainStop.abort();
    await this.#draining;
    if (this.#storage.status.isUp) {
      await this.#candles.refresh().catch((error: unknown) => {
        this.#options.logger.warn({ error: (error as Error).message }, "candles are made at the next start");
      });
      await this.#incidents.flush();
    }
  }

  /** Lets the audit begin behind the last stored tick of every symbol, once everything spooled earlier is stored. */
  async #goOn(signal: AbortSignal): Promise<void> {
    const progress = await awaitProgress({
      database: this.#options.database,
      day: this.#today,
      isAllStored: () => this.#spool.status.pendingBytes === 0,
      onAnswer: (answer) => this.#storage.onAnswer(answer),
      signal,
    });
    if (!progress) {
      this.#options.logger.warn("the database does not say what is stored; holes are looked for when it does");
      return;
    }
    for (const gap of progress.gaps) this.#openGaps.add(gap);
    this.#intake.restart(progress.positions);
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
      deliver: (ticks, signal) => this.#lane.deliver(ticks, signal),
      onOpen: (gap) => this.#watch.gapOpened(gap),
      onFilled: (gap) => {
        this.#counts.onGapFilled();
        this.#gapClosed(gap);
      },
    });
    const of = { signal: stop, logger };
    this.#tasks = [
      backfill.run(stop),
      repeat({ everyMs: LOOK_MS, ...of }, () => this.#look(stop)),
      repeat({ everyMs: CANDLE_REFRESH_MS, rest: CANDLE_REST, ...of }, () => this.#candles.refresh()),
      repeat({ everyMs: SETTLE_MS, ...of }, () => this.#settle()),
      this.#recover(stop),
    ];
  }

  /** Days that an earlier process left unfinished, and holes that nobody noticed, as soon as the database answers. */
  async #recover(stop: AbortSignal): Promise<void> {
    const { database, feed, nowMs } = this.#options;
    while (!stop.aborted) {
      try {
        await this.#candles.recover({ feed: feed.name, dataset: feed.dataset });
        const marketTimeMs = feed.clock.nowMs();
        await this.#drain.ensurePartitions([marketTimeMs, marketTimeMs + PARTITIONS_AHEAD_MS]);
        const gaps = this.#isTape ? [] : await recordHoles(database, this.#today, nowMs());
        for (const gap of gaps) this.#openGaps.add(gap);
        return;
      } catch {
        await delay(MS_PER_SECOND, undefined, { signal: stop }).catch(() => {});
      }
    }
  }

  /** Looks at the age of the data, and says once a second that the ingester lives. */
  async #look(stop: AbortSignal): Promise<void> {
    this.#storage.look(this.#drain.isWaiting, this.#spool.status);
    const isChanged = this.#watch.look(this.#options.feed.clock.nowMs());
    if (isChanged || this.#publisher.silentForMs >= MS_PER_SECOND - LOOK_MS / 2) {
      await this.#publisher.publish([], this.#watch.status);
    }
    // Not waited for: a database that does not answer must not keep the feed's state from the clients.
    void this.#incidents.flush();
    if (!this.#spool.status.isFull) await this.#lane.keepStates(stop);
  }

  #onStored(run: SpoolRun, result: StoredRun): void {
    this.#storage.onStored();
    this.#counts.onStored(result);
    for (const fact of result.facts) {
      if (fact.kind === "day-reset") this.#candles.forget({ ...run, tradingDate: fact.tradingDate });
      if (fact.kind === "wrong-total") this.#withdrawn(run, fact.wrongTotal);
    }
    this.#candles.touch(run, result.entries);
  }

  /** The trade is gone: its minute is made anew, and listeners read the store, where its total is not. */
  #withdrawn(run: SpoolRun, { suspect, gap }: Pick<WrongTotal, "suspect" | "gap">): void {
    this.#options.logger.warn(
      { ...suspect, volumeBefore: gap.volumeBefore },
      "a trade's total was wrong: it is rejected",
    );
    this.#candles.touchMinute(run, { ...suspect, tradingDate: gap.tradingDate });
    this.#publisher.beginEpoch(randomUUID());
  }

  #gapClosed(gap: GapRange): void {
    this.#openGaps.delete(gap);
    this.#watch.gapClosed(gap);
  }

  get #isTape(): boolean {
    return this.#options.feed.name === "replay";
  }

  get #today(): FeedDay {
    const { name: feed, dataset, clock } = this.#options.feed;
    return { feed, dataset, tradingDate: tradingDateOf(clock.nowMs()) };
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
