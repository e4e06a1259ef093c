import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Logger } from "pino";
import type { MarketBus, MarketMessage } from "./market-bus.js";
import { decodeMarketMessage, encodeMarketMessage } from "./market-message-codec.js";
import { type MessageListener, MessageListeners } from "./message-listeners.js";
import { RedisConnection } from "./redis-connection.js";

/** What the stream keeps for listeners that were away. */
const MAX_MESSAGES = 4_096;
const MAX_BYTES = 64 * 1024 * 1024;
/** Sent and not yet confirmed; what comes on top is dropped. */
const MAX_IN_FLIGHT = 256;
/** What an ingester leaves behind goes away by itself. */
const KEPT_MS = 24 * 3_600_000;
const KEEP_EVERY_MS = 60_000;
const READ_COUNT = 128;
const BLOCK_MS = 500;
/** Between tries while Redis refuses to be read. */
const PAUSE_MS = 200;
/** Before every id. */
const START = "0-0";

export interface RedisMarketBusOptions {
  readonly url: string;
  readonly logger: Logger;
  /** In front of the stream's key; empty unless several workbenches share one Redis. */
  readonly prefix?: string;
  readonly commandTimeoutMs?: number;
}

type StreamEntry = readonly [id: Buffer, fields: readonly Buffer[]];

/**
 * The bus as a Redis stream, `market:events`: a listener that was cut off goes on where it was, as far back as the
 * stream reaches, and finds a hole in the sequence where it does not. Listeners of the publishing process get a message
 * at once and without Redis: an outage leaves them untouched.
 */
export class RedisMarketBus implements MarketBus {
  readonly #key: string;
  readonly #logger: Logger;
  readonly #writer: RedisConnection;
  readonly #reader: RedisConnection;
  readonly #listeners: MessageListeners;
  /** Tells what this process wrote from what others did. */
  readonly #origin = randomUUID();
  readonly #sizes = new RecentSizes(MAX_MESSAGES, MAX_BYTES);
  #inFlight = 0;
  #keptAtMs = Number.NEGATIVE_INFINITY;
  /** The id up to which the stream has been read; `undefined` before the first look at it. */
  #position: string | undefined;
  /** Set at every return of the connection. */
  #mustLook = true;
  #isReading = false;
  #isClosed = false;
  #saidUnreadable = false;

  constructor({ url, logger, prefix = "", commandTimeoutMs }: RedisMarketBusOptions) {
    this.#key = `${prefix}market:events`;
    this.#logger = logger;
    this.#listeners = new MessageListeners(logger);
    const timeout = commandTimeoutMs === undefined ? {} : { commandTimeoutMs };
    this.#writer = new RedisConnection({ url, logger, name: "bus", ...timeout });
    const readTimeoutMs = (commandTimeoutMs ?? 1_000) + BLOCK_MS;
    this.#reader = new RedisConnection({ url, logger, name: "bus-reader", commandTimeoutMs: readTimeoutMs });
    this.#reader.onUp(() => {
      this.#mustLook = true;
      void this.#read();
    });
  }

  /** Begins to connect; resolves when it is connected or the first try has failed. */
  async open(): Promise<void> {
    await Promise.all([this.#writer.open(), this.#reader.open()]);
  }

  /** True once nothing published from now on can be missed without a hole in the sequence. */
  get isListening(): boolean {
    return this.#position !== undefined;
  }

  get health(): MarketBus["health"] {
    const problem = this.#writer.problem ?? (this.#listeners.size === 0 ? undefined : this.#reader.problem);
    return problem === undefined ? { isUp: true, reason: "through Redis" } : { isUp: false, reason: problem };
  }

  async publish(message: MarketMessage): Promise<void> {
    if (this.#isClosed) return;
    this.#listeners.deliver(message);
    if (!this.#writer.isUp || this.#inFlight >= MAX_IN_FLIGHT) return;
    const encoded = encodeMarketMessage(message);
    const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
    const kept = this.#sizes.add(bytes.length);
    this.#inFlight++;
    await this.#writer.run((redis) => redis.xadd(this.#key, "MAXLEN", "~", kept, "*", "o", this.#origin, "m", bytes));
    this.#inFlight--;
    if (performance.now() - this.#keptAtMs < KEEP_EVERY_MS) return;
    this.#keptAtMs = performance.now();
    await this.#writer.run((redis) => redis.pexpire(this.#key, KEPT_MS));
  }

  subscribe(listener: MessageListener): () => void {
    const unsubscribe = this.#listeners.add(listener);
    if (this.#reader.isUp) void this.#read();
    else void this.#reader.open();
    return unsubscribe;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    await Promise.all([this.#writer.close(), this.#reader.close()]);
  }

  /** Reads from the first listener on until the connection is lost; its return begins anew. */
  async #read(): Promise<void> {
    if (this.#isReading || this.#listeners.size === 0) return;
    this.#isReading = true;
    while (!this.#isClosed && this.#reader.isUp) {
      const isRead = this.#mustLook ? await this.#look() : await this.#readOn();
      if (!isRead) await setTimeout(PAUSE_MS, undefined, { ref: false });
    }
    this.#isReading = false;
  }

  /**
   * The first look begins with the last message there is. Later ones go on from where they were, unless the stream
   * ends before: then it began anew, and is read from its start. False when there was no answer.
   */
  async #look(): Promise<boolean> {
    const found = (await this.#reader.run((redis) => redis.xrevrangeBuffer(this.#key, "+", "-", "COUNT", 1))) as
      | readonly StreamEntry[]
      | undefined;
    if (found === undefined) return false;
    const [last] = found;
    if (this.#position === undefined) {
      this.#position = START;
      if (last !== undefined) this.#take(last);
    } else if (last === undefined || isBefore(last[0].toString(), this.#position)) this.#position = START;
    this.#mustLook = false;
    return true;
  }

  /** Waits for what comes next. False when there was no answer. */
  async #readOn(): Promise<boolean> {
    const answer = (await this.#reader.run((redis) =>
      redis.xreadBuffer("COUNT", READ_COUNT, "BLOCK", BLOCK_MS, "STREAMS", this.#key, this.#position ?? START),
    )) as readonly [Buffer, readonly StreamEntry[]][] | null | undefined;
    for (const entry of answer?.[0]?.[1] ?? []) this.#take(entry);
    return answer !== undefined;
  }

  #take([id, [, origin, , bytes]]: StreamEntry): void {
    this.#position = id.toString();
    if (origin?.toString() === this.#origin) return;
    const message = bytes && decodeMarketMessage(bytes);
    if (message !== undefined) this.#listeners.deliver(message);
    else if (!this.#saidUnreadable) {
      this.#saidUnreadable = true;
      this.#logger.error({ key: this.#key }, "a message of the market bus cannot be read: is another version writing?");
    }
  }
}

/** Ids are milliseconds and a counter, joined by a hyphen. */
function isBefore(id: string, other: string): boolean {
  const [ms = 0, count = 0] = id.split("-").map(Number);
  const [otherMs = 0, otherCount = 0] = other.split("-").map(Number);
  return ms < otherMs || (ms === otherMs && count < otherCount);
}

/** How many of the latest messages stay within a number and a sum of bytes. */
class RecentSizes {
  readonly #sizes: number[] = [];
  readonly #maxCount: number;
  readonly #maxBytes: number;
  #total = 0;

  constructor(maxCount: number, maxBytes: number) {
    this.#maxCount = maxCount;
    this.#maxBytes = maxBytes;
  }

  /** Adds one and returns how many to keep, it included: at least 1. */
  add(size: number): number {
    this.#sizes.push(size);
    this.#total += size;
    while (this.#sizes.length > 1 && (this.#sizes.length > this.#maxCount || this.#total > this.#maxBytes)) {
      this.#total -= this.#sizes.shift()!;
    }
    return this.#sizes.length;
  }
}
