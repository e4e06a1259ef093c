import type { FeedStatusMessage, ServerMessage } from "../../contracts/live-protocol.js";
import { textFrame } from "./hub-socket-frames.js";
import type { LiveMarket } from "./live-market.js";

/** How often the feed's status is told while it stays the same. */
const STATUS_MS = 1_000;

/** The feed's status, when it is to be told to those who follow it. */
export class HubFeedStatus {
  readonly #market: LiveMarket;
  #isDue = false;
  #last: FeedStatusMessage | undefined;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(market: LiveMarket) {
    this.#market = market;
  }

  get isDue(): boolean {
    return this.#isDue;
  }

  /** It is told with the next flush. */
  request(): void {
    this.#isDue = true;
  }

  /** It is told with the next flush if it is another one, or was told long enough ago. */
  note({ state, reason, sinceMs }: Pick<FeedStatusMessage, "state" | "reason" | "sinceMs">): void {
    const last = this.#last;
    const isAnother = last?.state !== state || last.reason !== reason || last.sinceMs !== sinceMs;
    this.#isDue ||= isAnother || performance.now() >= this.#toldAtMs + STATUS_MS;
  }

  /** The frame to tell it by; `undefined` while it is not due. @param nowMs of `performance.now()` */
  take(nowMs: number): Buffer | undefined {
    if (!this.#isDue) return undefined;
    this.#isDue = false;
    this.#toldAtMs = nowMs;
    this.#last = this.#market.status();
    return textFrame(statusMessage(this.#market, this.#last));
  }
}

export function statusMessage(market: LiveMarket, status = market.status()): ServerMessage {
  return { type: "feed", sequence: market.sequence, status };
}
