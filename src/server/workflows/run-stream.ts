import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { RunStreamMessage } from "../../contracts/workflow-api.js";
import type { RunId } from "../../engine/workflow/workflow-ids.js";
import type { StoredRun } from "../../store/queries/workflow-runs.js";
import type { ChannelListener, ChannelSource } from "../live/channel-source.js";
import { eventMessage } from "./run-event-codec.js";
import type { RunHistory } from "./run-store.js";
import { runSummary } from "./run-view.js";

/** How often the store is looked at while somebody listens, in ms. */
const LOOK_MS = 250;
const EVENTS_AT_ONCE = 500;
const RUNS_AT_ONCE = 500;
/** Numbers are given before runs become visible: so many before the last are looked at again. */
const OVERLAP = 100;
const RUN_CHANNEL = /^run:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const RUNS_CHANNEL = "runs";

interface RunListener {
  readonly runId: RunId;
  readonly listener: ChannelListener;
  /** Sequence of the next event. */
  next: number;
  isOver: boolean;
}

/**
 * Channels `run:RUNID`, the events of a run from its first, and `runs`, what begins to wait, begins and ends. Both come
 * from the store, so that it does not matter which process works on a run.
 */
export class RunStream implements ChannelSource {
  readonly #history: RunHistory;
  readonly #logger: Logger;
  readonly #ofRuns = new Set<RunListener>();
  readonly #ofAll = new Set<ChannelListener>();
  /** What was told of the runs that may still change, and of those that were created last. */
  readonly #told = new Map<RunId, StoredRun>();
  #lastNumber = -1;
  #looking: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(history: RunHistory, logger: Logger) {
    this.#history = history;
    this.#logger = logger;
  }

  has(channel: string): boolean {
    return channel === RUNS_CHANNEL || RUN_CHANNEL.test(channel);
  }

  listen(channel: string, listener: ChannelListener): () => void {
    const runId = RUN_CHANNEL.exec(channel)?.[1] as RunId | undefined;
    if (runId === undefined) {
      this.#ofAll.add(listener);
      this.#begin();
      return () => this.#ofAll.delete(listener);
    }
    const one: RunListener = { runId, listener, next: 0, isOver: false };
    this.#ofRuns.add(one);
    this.#begin();
    return () => this.#ofRuns.delete(one);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#looking;
  }

  #begin(): void {
    if (!this.#closing.signal.aborted) this.#looking ??= this.#lookOn();
  }

  async #lookOn(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted && (this.#ofAll.size > 0 || this.#hasOpenRuns())) {
      try {
        if (this.#ofAll.size > 0) await this.#tellOfAll();
        for (const one of this.#ofRuns) if (!one.isOver && one.listener.hasRoom()) await this.#tellOfRun(one);
      } catch (error) {
        this.#logger.warn({ err: error }, "runs were not looked at for those who follow them");
      }
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
    if (this.#ofAll.size === 0) this.#forget();
    this.#looking = undefined;
  }

  #hasOpenRuns(): boolean {
    for (const { isOver } of this.#ofRuns) if (!isOver) return true;
    return false;
  }

  async #tellOfRun(one: RunListener): Promise<void> {
    const { runId, listener } = one;
    // Looked at before: what is read afterwards is then all of a run that had ended.
    const run = await this.#history.run(runId);
    const texts = await this.#history.events(runId, { from: one.next, limit: EVENTS_AT_ONCE });
    one.isOver = run !== undefined && hasEnded(run) && texts.length < EVENTS_AT_ONCE;
    if (texts.length === 0) return;
    one.next += texts.length;
    listener.send({ type: "run", runId, events: texts.map(eventMessage) } satisfies RunStreamMessage);
  }

  async #tellOfAll(): Promise<void> {
    const isFirst = this.#lastNumber < 0;
    if (isFirst) this.#lastNumber = await this.#history.lastNumber();
    const open = [...this.#told.values()].filter((run) => !hasEnded(run)).map(({ id }) => id);
    const after = Math.max(0, this.#lastNumber - OVERLAP);
    const found = await this.#history.since({ after, ids: open, limit: RUNS_AT_ONCE });
    const news = found.filter((run) => this.#told.get(run.id)?.status !== run.status);
    for (const run of found) {
      this.#told.set(run.id, run);
      this.#lastNumber = Math.max(this.#lastNumber, run.number);
    }
    for (const { id, number } of this.#told.values()) {
      if (number <= this.#lastNumber - OVERLAP && hasEnded(this.#told.get(id)!)) this.#told.delete(id);
    }
    if (isFirst || news.length === 0) return;
    const message: RunStreamMessage = { type: "runs", runs: news.map(runSummary) };
    for (const listener of this.#ofAll) listener.send(message);
  }

  #forget(): void {
    this.#told.clear();
    this.#lastNumber = -1;
  }
}

function hasEnded({ status }: StoredRun): boolean {
  return status !== "queued" && status !== "running";
}
