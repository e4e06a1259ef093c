import type { ClientMessage, FeedStatusMessage, ServerMessage } from "../../contracts/live-protocol.js";
import { isWorkbenchError, WorkbenchError } from "../../engine/errors.js";
import { MarketBoard } from "../../engine/live-market/market-board.js";
import type { MarketEvent } from "../../engine/live-market/market-event.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { ArrowFrameWriter } from "./arrow-frames.js";
import { ChangeLog } from "./hub-changes.js";
import type { HubClient } from "./hub-client.js";
import { FlushFrames, snapshotFrames } from "./hub-frames.js";
import type { Interest } from "./hub-interest.js";
import type { HubLimits } from "./hub-limits.js";
import { type MarketSeed, seededBoard } from "./hub-market-seed.js";
import { textFrame } from "./hub-socket-frames.js";

export interface ReplayRequest {
  readonly dataset: Dataset;
  readonly fromMs: number;
  /** Until the end of the trading day, or until now, when it is not given. */
  readonly toMs: number | undefined;
  /** Market seconds in a second. */
  readonly speed: number;
  /** Ends the tape. */
  readonly signal: AbortSignal;
}

/** Events of the past and the market time up to which they go. */
export interface ReplayBatch {
  readonly asOfMs: number;
  readonly events: readonly MarketEvent[];
}

/** A stretch of the past that plays at its own pace, and waits for whoever reads `batches`. */
export interface ReplayTape {
  readonly toMs: number;
  /** The day up to the beginning of the tape. */
  readonly seed: MarketSeed;
  readonly batches: AsyncIterable<ReplayBatch>;
  /** Market time of the tape, between batches too. */
  asOfMs(): number;
  pause(): void;
  resume(): void;
  setSpeed(speed: number): void;
}

/** Where replays come from. */
export interface ReplaySource {
  /** @throws RANGE_INVALID when there is nothing to replay */
  open(request: ReplayRequest): Promise<ReplayTape>;
}

export interface HubReplayOptions {
  readonly source: ReplaySource;
  readonly client: HubClient;
  readonly writer: ArrowFrameWriter;
  readonly limits: HubLimits;
  readonly dataset: Dataset;
  readonly nowMs: () => number;
  /** The tape is open: the client leaves the present. */
  readonly onBegin: () => void;
  readonly onFailure: (error: unknown) => void;
}

type ReplayMessage = Extract<ClientMessage, { type: "replay" }>;
type ReplayAction = Extract<ClientMessage, { type: "replay-control" }>["action"];
type ReplayState = Extract<ServerMessage, { type: "replay" }>["state"];

const PROGRESS_MS = 500;
/** Bytes that may wait for the client before the tape waits. */
const REPLAY_BACKLOG_BYTES = 262_144;

/** The replay of one client: its own board, sequence and clock. The epoch of its frames is its own too. */
export class HubReplay {
  readonly #options: HubReplayOptions;
  readonly #request: ReplayMessage;
  readonly #changes = new ChangeLog();
  readonly #epoch: string;
  #board = new MarketBoard();
  #sequence = 0;
  #tape: ReplayTape | undefined;
  #abort = new AbortController();
  #state: ReplayState = "running";
  #hasBegun = false;
  #asOfMs: number;
  #toMs: number;
  #speed: number;
  #flushedAtMs = Number.NEGATIVE_INFINITY;
  #quotesAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #progress: NodeJS.Timeout | undefined;

  constructor(request: ReplayMessage, serial: number, options: HubReplayOptions) {
    this.#options = options;
    this.#request = request;
    this.#epoch = `replay-${options.client.id}-${serial}`;
    this.#asOfMs = request.fromMs;
    this.#toMs = request.toMs ?? request.fromMs;
    this.#speed = request.speed;
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** Whether the client sees the past by now. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get sequence(): number {
    return this.#sequence;
  }

  start(): void {
    void this.#play(this.#request.fromMs);
  }

  /** @throws RANGE_INVALID when the instant to seek is outside */
  control(action: ReplayAction, id: string | number | undefined): void {
    switch (action.do) {
      case "pause":
        if (this.#state !== "running") break;
        this.#state = "paused";
        this.#tape?.pause();
        break;
      case "resume":
        if (this.#state !== "paused") break;
        this.#state = "running";
        this.#tape?.resume();
        break;
      case "speed":
        this.#speed = action.speed;
        this.#tape?.setSpeed(action.speed);
        break;
      case "seek": {
        const { fromMs } = this.#request;
        if (action.toMs < fromMs || action.toMs > this.#toMs) {
          throw new WorkbenchError(
            "RANGE_INVALID",
            `invalid action.toMs: ${action.toMs} (accepted: ${fromMs} to ${this.#toMs}, the stretch of this replay)`,
          );
        }
        if (this.#state === "ended") this.#state = "running";
        this.#asOfMs = action.toMs;
        void this.#play(action.toMs);
      }
    }
    this.#tell(id);
  }

  stop(id?: string | number): void {
    this.#end();
    this.#state = "stopped";
    this.#tell(id);
  }

  /** Leaves without a word: the connection is gone. */
  abandon(): void {
    this.#end();
  }

  /** Sends the state of what was added to the client's channels. */
  sendSnapshot(added: Interest): void {
    const { writer, client } = this.#options;
    client.send(snapshotFrames(writer, this.#board, added, this.#label).plain);
    if (added.feed) this.#tellStatus();
  }

  #end(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#progress);
    this.#timer = undefined;
    this.#tape = undefined;
  }

  async #play(fromMs: number): Promise<void> {
    this.#end();
    const abort = new AbortController();
    this.#abort = abort;
    const { signal } = abort;
    const { source, client, dataset, onFailure } = this.#options;
    try {
      const tape = await source.open({ dataset, fromMs, toMs: this.#request.toMs, speed: this.#speed, signal });
      if (signal.aborted) return;
      this.#tape = tape;
      tape.setSpeed(this.#speed);
      if (this.#state === "paused") tape.pause();
      this.#begin(tape, fromMs);
      for await (const { asOfMs, events } of tape.batches) {
        if (signal.aborted) return;
        this.#take(events, asOfMs);
        await client.drained(REPLAY_BACKLOG_BYTES);
        if (signal.aborted) return;
      }
      if (signal.aborted) return;
      this.#flush(true);
      this.#end();
      this.#state = "ended";
      this.#asOfMs = this.#toMs;
      this.#tell(undefined);
    } catch (error) {
      if (signal.aborted) return;
      if (this.#hasBegun) this.stop();
      else this.#end();
      onFailure(
        isWorkbenchError(error) ? error : new WorkbenchError("INTERNAL", "the replay failed", { cause: error }),
      );
    }
  }

  #begin(tape: ReplayTape, fromMs: number): void {
    this.#board = seededBoard(tape.seed);
    this.#changes.clear();
    this.#sequence++;
    this.#asOfMs = fromMs;
    this.#toMs = tape.toMs;
    this.#options.onBegin();
    this.#tell(this.#hasBegun ? undefined : this.#request.id);
    this.#hasBegun = true;
    this.sendSnapshot(this.#options.client.interest);
    this.#progress = setInterval(() => this.#tellProgress(), PROGRESS_MS);
  }

  #take(events: readonly MarketEvent[], asOfMs: number): void {
    this.#asOfMs = Math.max(this.#asOfMs, asOfMs);
    this.#sequence++;
    for (const event of events) this.#board.apply(event);
    this.#changes.add(events, this.#sequence);
    const waitMs = this.#flushedAtMs + this.#options.limits.flushMs - performance.now();
    if (waitMs <= 0) this.#flush(false);
    else this.#timer ??= setTimeout(() => this.#flush(false), waitMs);
  }

  #flush(isLast: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { client, writer, limits } = this.#options;
    const nowMs = performance.now();
    const quotesAreDue = isLast || nowMs >= this.#quotesAtMs + limits.quotesMs;
    const quotes = quotesAreDue ? this.#changes.takeQuotes() : new Map<InstrumentSymbol, number>();
    const label = { ...this.#label, isSnapshot: false };
    const frames = new FlushFrames(writer, this.#board, label, this.#changes.takeFast(), quotes);
    const { bytes } = frames.of(client.interest);
    if (bytes) client.send(bytes);
    this.#flushedAtMs = nowMs;
    if (quotesAreDue) this.#quotesAtMs = nowMs;
    else if (this.#changes.hasQuotes) {
      this.#timer = setTimeout(() => this.#flush(false), this.#quotesAtMs + limits.quotesMs - nowMs);
    }
  }

  get #label() {
    return { epoch: this.#epoch, sequence: this.#sequence, dataset: this.#options.dataset };
  }

  /** A client that does not read is not told: its tape waits. */
  #tellProgress(): void {
    if (this.#state !== "running" || this.#options.client.backlogBytes > REPLAY_BACKLOG_BYTES) return;
    this.#asOfMs = Math.min(this.#toMs, Math.max(this.#asOfMs, this.#tape?.asOfMs() ?? 0));
    this.#tell(undefined);
  }

  #tell(id: string | number | undefined): void {
    const { client } = this.#options;
    client.say({
      type: "replay",
      ...(id !== undefined && { id }),
      state: this.#state,
      asOfMs: this.#asOfMs,
      fromMs: this.#request.fromMs,
      toMs: this.#toMs,
      speed: this.#speed,
    });
    if (client.interest.feed && this.#state !== "stopped") this.#tellStatus();
  }

  #tellStatus(): void {
    const { client, dataset, nowMs } = this.#options;
    const status: FeedStatusMessage = {
      feed: "replay",
      dataset,
      state: "replaying",
      reason: `replay of stored trades at ${this.#speed}×`,
      sinceMs: this.#request.fromMs,
      lastReceivedAtMs: null,
      lastEventTimeMs: this.#asOfMs,
      marketTimeMs: this.#asOfMs,
      atMs: nowMs(),
    };
    client.send(textFrame({ type: "feed", sequence: this.#sequence, status } satisfies ServerMessage));
  }
}
