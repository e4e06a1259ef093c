import type { Logger } from "pino";
import type { MarketMessage } from "./market-bus.js";

export type MessageListener = (message: MarketMessage) => void;

/** How many epochs are remembered: more than ever follow one another while messages of an older one can still come. */
const REMEMBERED_EPOCHS = 16;

interface Listening {
  readonly listener: MessageListener;
  /** False until the listener has had the last message before it came. */
  hasCaughtUp: boolean;
}

/**
 * The listeners of one process. Each message reaches each of them once, in order; a listener that throws is logged
 * and keeps its place. A listener that comes late first gets the last message, so that it knows the feed's status at
 * once: its age is for the listener to judge, by `sentAtMs`.
 */
export class MessageListeners {
  readonly #listeners = new Set<Listening>();
  readonly #lastSequences = new Map<string, number>();
  readonly #logger: Logger;
  #last: MarketMessage | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get size(): number {
    return this.#listeners.size;
  }

  add(listener: MessageListener): () => void {
    const listening: Listening = { listener, hasCaughtUp: this.#last === undefined };
    this.#listeners.add(listening);
    if (!listening.hasCaughtUp) queueMicrotask(() => this.#catchUp(listening));
    return () => {
      this.#listeners.delete(listening);
    };
  }

  /** Passes on a message that is new; one that came before, by epoch and sequence, is dropped. */
  deliver(message: MarketMessage): void {
    const { epoch, sequence } = message;
    if (sequence <= (this.#lastSequences.get(epoch) ?? 0)) return;
    this.#lastSequences.delete(epoch);
    this.#lastSequences.set(epoch, sequence);
    if (this.#lastSequences.size > REMEMBERED_EPOCHS) {
      this.#lastSequences.delete(this.#lastSequences.keys().next().value!);
    }
    for (const listening of this.#listeners) {
      this.#catchUp(listening);
      this.#call(listening.listener, message);
    }
    this.#last = message;
  }

  clear(): void {
    this.#listeners.clear();
  }

  #catchUp(listening: Listening): void {
    if (listening.hasCaughtUp || !this.#listeners.has(listening)) return;
    listening.hasCaughtUp = true;
    this.#call(listening.listener, this.#last!);
  }

  #call(listener: MessageListener, message: MarketMessage): void {
    try {
      listener(message);
    } catch (error) {
      this.#logger.error({ err: error }, "a listener of the market bus failed");
    }
  }
}
