import type { Logger } from "pino";
import type { FeedStatusMessage } from "../../contracts/live-protocol.js";
import { MarketBoard } from "../../engine/live-market/market-board.js";
import type { MarketBus, MarketMessage } from "../../shared-state/market-bus.js";
import { type MarketSeed, seededBoard } from "./hub-market-seed.js";
import { RECENT_MESSAGES_LIMITS, RecentMessages, type RecentMessagesLimits } from "./hub-recent-messages.js";

export interface LiveMarketOptions {
  readonly bus: MarketBus;
  /** The day of the latest message, or of the machine's clock while none is known. */
  readonly seed: (latest: MarketMessage | undefined) => Promise<MarketSeed>;
  readonly logger: Logger;
  readonly nowMs?: () => number;
  readonly recent?: RecentMessagesLimits;
  /** How long the ingester may be silent, in ms, before its last word is called stale, and then the feed down. */
  readonly staleAfterMs?: number;
  readonly downAfterMs?: number;
}

/** Messages that arrive while the store is read; more than these make it read again. */
const MOST_WAITING_MESSAGES = 20_000;
const SEED_RETRY_MS = 2_000;
/** Until the store is read again when messages are lost all the time. */
const LEAST_MS_BETWEEN_LOSSES = 1_000;
const SILENCE_CHECK_MS = 500;

/**
 * The market as this process knows it: the board, the feed's status and the latest messages, kept from the bus. When
 * messages were lost, or another ingester took over, it reads the store anew and says so (`onReset`), since nobody can
 * go on from where they were.
 */
export class LiveMarket {
  readonly #options: Required<LiveMarketOptions>;
  readonly #recent: RecentMessages;
  readonly #messageListeners = new Set<(message: MarketMessage) => void>();
  readonly #resetListeners = new Set<() => void>();
  readonly #statusListeners = new Set<(status: FeedStatusMessage) => void>();
  #board = new MarketBoard();
  #epoch = "";
  #sequence = 0;
  #last: MarketMessage | undefined;
  #seedDataset: MarketMessage["dataset"] = "market";
  #lastHeardAtMs: number;
  /** As the listeners know it. */
  #silence: "none" | "stale" | "down" = "none";
  /** Set while the store is being read. */
  #waiting: MarketMessage[] | undefined;
  #unsubscribe: (() => void) | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #lostAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: LiveMarketOptions) {
    this.#options = {
      nowMs: Date.now,
      recent: RECENT_MESSAGES_LIMITS,
      staleAfterMs: 5_000,
      downAfterMs: 30_000,
      ...options,
    };
    this.#recent = new RecentMessages(this.#options.recent);
    this.#lastHeardAtMs = this.#options.nowMs();
  }

  get board(): MarketBoard {
    return this.#board;
  }

  /** Empty until the ingester has said something. */
  get epoch(): string {
    return this.#epoch;
  }

  /** Of the last message on the board. */
  get sequence(): number {
    return this.#sequence;
  }

  get dataset(): MarketMessage["dataset"] {
    return this.#last?.dataset ?? this.#seedDataset;
  }

  /** Resolves when the store has been read, or could not be and will be tried again. */
  async start(): Promise<void> {
    this.#lastHeardAtMs = this.#options.nowMs();
    this.#unsubscribe = this.#options.bus.subscribe((message) => this.#receive(message));
    this.#silenceTimer = setInterval(() => this.#checkSilence(), SILENCE_CHECK_MS);
    this.#silenceTimer.unref();
    await this.#readStore();
  }

  close(): void {
    this.#isClosed = true;
    this.#unsubscribe?.();
    clearInterval(this.#silenceTimer);
    clearTimeout(this.#retryTimer);
  }

  /** Called after the board took the message. */
  onMessage(listener: (message: MarketMessage) => void): () => void {
    this.#messageListeners.add(listener);
    return () => this.#messageListeners.delete(listener);
  }

  /** Called when the board was filled anew: what listeners saw before does not lead to it. */
  onReset(listener: () => void): () => void {
    this.#resetListeners.add(listener);
    return () => this.#resetListeners.delete(listener);
  }

  /** Called when the status changed without a message: the ingester fell silent. */
  onStatus(listener: (status: FeedStatusMessage) => void): () => void {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  /** Messages of this epoch after `sequence`; `undefined` when they are no longer, or not yet, all here. */
  recent(afterSequence: number): MarketMessage[] | undefined {
    if (afterSequence === this.#sequence) return [];
    return afterSequence > this.#sequence ? undefined : this.#recent.after(afterSequence);
  }

  status(): FeedStatusMessage {
    const last = this.#last;
    const nowMs = this.#options.nowMs();
    const said = {
      feed: last?.feed ?? "none",
      dataset: this.dataset,
      lastReceivedAtMs: last?.status.lastReceivedAtMs ?? null,
      lastEventTimeMs: last?.status.lastEventTimeMs ?? null,
      marketTimeMs: last?.marketTimeMs ?? nowMs,
      atMs: last?.sentAtMs ?? nowMs,
    };
    const silence = this.#silenceAt(nowMs);
    if (silence === "none" && last) {
      return { ...said, state: last.status.state, reason: last.status.reason, sinceMs: last.status.sinceMs };
    }
    const { health } = this.#options.bus;
    const because = health.isUp ? "" : `: ${health.reason}`;
    const [state, reason] =
      silence === "none"
        ? (["connecting", "waiting for the ingester"] as const)
        : ([silence, "no word from the ingester"] as const);
    return { ...said, state, reason: `${reason}${because}`, sinceMs: this.#lastHeardAtMs };
  }

  #receive(message: MarketMessage): void {
    if (this.#isClosed) return;
    const nowMs = this.#options.nowMs();
    // The first one may be an old one that the bus had kept.
    this.#lastHeardAtMs = this.#last ? nowMs : Math.min(nowMs, message.sentAtMs);
    if (this.#waiting) {
      if (this.#waiting.length < MOST_WAITING_MESSAGES) this.#waiting.push(message);
      else this.#waiting = [message];
    } else if (this.#isBehind(message)) {
      return;
    } else if (this.#isNext(message)) {
      this.#apply(message);
      for (const listener of this.#messageListeners) listener(message);
    } else {
      this.#beginAnew([message]);
    }
  }

  #isBehind({ epoch, sequence }: MarketMessage): boolean {
    return epoch === this.#epoch && sequence <= this.#sequence;
  }

  #isNext({ epoch, sequence }: MarketMessage): boolean {
    return epoch === this.#epoch && sequence === this.#sequence + 1;
  }

  /** Reads the store, then goes on with the messages given and those that come meanwhile. */
  #beginAnew(messages: MarketMessage[]): void {
    const [{ epoch, sequence }] = messages as [MarketMessage];
    const { logger, nowMs } = this.#options;
    this.#waiting = messages;
    let delayMs = 0;
    if (epoch !== this.#epoch) {
      logger.info({ epoch, sequence }, "the market's messages begin a new epoch");
    } else {
      logger.warn({ epoch, sequence, after: this.#sequence }, "market messages were lost");
      delayMs = this.#lostAtMs + LEAST_MS_BETWEEN_LOSSES - nowMs();
      this.#lostAtMs = nowMs();
    }
    if (delayMs <= 0) void this.#readStore();
    else this.#retryTimer = setTimeout(() => void this.#readStore(), delayMs);
  }

  #apply(message: MarketMessage): void {
    for (const event of message.events) this.#board.apply(event);
    this.#sequence = message.sequence;
    this.#last = message;
    this.#recent.add(message);
  }

  async #readStore(): Promise<void> {
    this.#waiting ??= [];
    let seed: MarketSeed;
    try {
      seed = await this.#options.seed(this.#waiting?.at(-1) ?? this.#last);
    } catch (error) {
      if (this.#isClosed) return;
      this.#options.logger.error({ err: error }, "the market's day could not be read; trying again");
      this.#retryTimer = setTimeout(() => void this.#readStore(), SEED_RETRY_MS);
      return;
    }
    if (this.#isClosed) return;
    this.#board = seededBoard(seed);
    this.#seedDataset = seed.dataset ?? "market";
    this.#recent.clear();
    this.#takeWaiting();
    for (const listener of this.#resetListeners) listener();
  }

  /** Puts the messages that came meanwhile on the board. */
  #takeWaiting(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const [i, message] of waiting.entries()) {
      if (i === 0) this.#epoch = message.epoch;
      else if (this.#isBehind(message)) continue;
      else if (!this.#isNext(message)) {
        this.#beginAnew(waiting.slice(i));
        return;
      }
      this.#apply(message);
    }
  }

  #silenceAt(nowMs: number): "none" | "stale" | "down" {
    const silentMs = nowMs - this.#lastHeardAtMs;
    const { staleAfterMs, downAfterMs } = this.#options;
    return silentMs > downAfterMs ? "down" : silentMs > staleAfterMs ? "stale" : "none";
  }

  #checkSilence(): void {
    const silence = this.#silenceAt(this.#options.nowMs());
    if (silence === this.#silence) return;
    this.#silence = silence;
    const status = this.status();
    for (const listener of this.#statusListeners) listener(status);
  }
}
