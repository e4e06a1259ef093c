import type { Logger } from "pino";
import type { MarketBus, MarketMessage } from "./market-bus.js";
import { type MessageListener, MessageListeners } from "./message-listeners.js";

/** The bus within one process: listeners run before `publish` returns and get the message itself, not a copy. */
export class MemoryMarketBus implements MarketBus {
  readonly #listeners: MessageListeners;
  #isClosed = false;

  constructor({ logger }: { logger: Logger }) {
    this.#listeners = new MessageListeners(logger);
  }

  get health(): MarketBus["health"] {
    return this.#isClosed ? { isUp: false, reason: "closed" } : { isUp: true, reason: "within this process" };
  }

  async publish(message: MarketMessage): Promise<void> {
    if (!this.#isClosed) this.#listeners.deliver(message);
  }

  subscribe(listener: MessageListener): () => void {
    return this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
  }
}
