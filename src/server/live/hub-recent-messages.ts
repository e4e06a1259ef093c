import type { MarketMessage } from "../../shared-state/market-bus.js";

export interface RecentMessagesLimits {
  readonly messages: number;
  /** Events of all messages together: what bounds the memory. */
  readonly events: number;
  readonly ageMs: number;
}

export const RECENT_MESSAGES_LIMITS: RecentMessagesLimits = { messages: 20_000, events: 200_000, ageMs: 120_000 };

/** The latest messages of one epoch, without holes, oldest first. */
export class RecentMessages {
  readonly #limits: RecentMessagesLimits;
  #messages: MarketMessage[] = [];
  /** Messages before this place are gone; the array is cut when they are the half of it. */
  #start = 0;
  #events = 0;

  constructor(limits: RecentMessagesLimits) {
    this.#limits = limits;
  }

  add(message: MarketMessage): void {
    this.#messages.push(message);
    this.#events += message.events.length;
    const { messages, events, ageMs } = this.#limits;
    while (
      this.#start < this.#messages.length &&
      (this.#messages.length - this.#start > messages ||
        this.#events > events ||
        message.sentAtMs - this.#messages[this.#start]!.sentAtMs > ageMs)
    ) {
      this.#events -= this.#messages[this.#start]!.events.length;
      this.#start++;
    }
    if (this.#start > 1_024 && this.#start > this.#messages.length / 2) {
      this.#messages = this.#messages.slice(this.#start);
      this.#start = 0;
    }
  }

  clear(): void {
    this.#messages = [];
    this.#start = 0;
    this.#events = 0;
  }

  /** Messages with a higher sequence; `undefined` when the one after `sequence` is gone or was never here. */
  after(sequence: number): MarketMessage[] | undefined {
    const first = this.#messages[this.#start]?.sequence;
    if (first === undefined || sequence < first - 1) return undefined;
    return this.#messages.slice(this.#start + (sequence - (first - 1)));
  }
}
