import { LIVE_CLOSE_CODES } from "../../contracts/live-protocol.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { ArrowFrameWriter } from "./arrow-frames.js";
import type { ChangeLog } from "./hub-changes.js";
import type { HubClient } from "./hub-client.js";
import { statusMessage } from "./hub-feed-status.js";
import {
  catchUpFrames,
  missedTicksFrames,
  type Payload,
  type StateFrames,
  snapshotFrames,
  wantsTicksOf,
} from "./hub-frames.js";
import type { Interest } from "./hub-interest.js";
import type { HubLimits } from "./hub-limits.js";
import type { LiveMarket } from "./live-market.js";

export interface HubDeliveryOptions {
  readonly market: LiveMarket;
  readonly writer: ArrowFrameWriter;
  readonly changes: ChangeLog;
  readonly limits: HubLimits;
  /** How many share the bytes that may wait. */
  readonly clientCount: () => number;
  /** A client was closed because it was too slow for too long. */
  readonly onGivenUp: (client: HubClient) => void;
}

/** Of the bytes that may wait for a client, how many may be left when it gets updates again. */
const CAUGHT_UP_SHARE = 0.25;
/** The least of them, however many clients there are. */
const LEAST_BACKLOG_BYTES = 65_536;

/** How one client gets the market: updates while it keeps up, what still matters after it was slow, the state anew. */
export class HubDelivery {
  readonly #options: HubDeliveryOptions;
  readonly #slow = new Set<HubClient>();
  /** States that several clients asked for at the same sequence. */
  readonly #shared = new Map<string, StateFrames>();
  /** Quotes up to here have been sent. */
  quotesSequence = 0;

  constructor(options: HubDeliveryOptions) {
    this.#options = options;
  }

  get hasSlowClients(): boolean {
    return this.#slow.size > 0;
  }

  /** The market has moved on: states are written anew. */
  forgetStates(): void {
    this.#shared.clear();
  }

  forget(client: HubClient): void {
    this.#slow.delete(client);
  }

  isSlow(client: HubClient): boolean {
    return client.backlogBytes > this.backlogLimit();
  }

  backlogLimit(): number {
    const { limits, clientCount } = this.#options;
    const share = limits.totalBacklogBytes / Math.max(1, clientCount());
    return Math.min(limits.backlogBytes, Math.max(LEAST_BACKLOG_BYTES, share));
  }

  /** Updates of a flush, and the feed's status where it is due. @param nowMs of `performance.now()` */
  deliver(client: HubClient, { bytes, ticks, quotes }: Payload, status: Buffer | undefined, nowMs: number): void {
    if (!client.behind && this.isSlow(client)) {
      client.behind = { afterSequence: this.quotesSequence, sinceMs: nowMs, ticks: 0, quotes: 0 };
      this.#slow.add(client);
    }
    if (client.behind) {
      client.behind.ticks += ticks;
      client.behind.quotes += quotes;
      if (client.backlogBytes <= this.backlogLimit() * CAUGHT_UP_SHARE) this.#catchUp(client);
      else if (nowMs - client.behind.sinceMs > this.#options.limits.slowSeconds * 1_000) {
        client.close(LIVE_CLOSE_CODES.tooSlow, "too slow");
        this.#options.onGivenUp(client);
      }
      return;
    }
    if (client.needsSnapshot) {
      this.sendAnew(client);
      return;
    }
    if (bytes) client.send(bytes);
    if (status) client.send(status);
  }

  /** Begins all channels of a client anew from the present state. */
  sendAnew(client: HubClient): void {
    client.needsSnapshot = false;
    if (client.channels.size === 0) return;
    const { epoch, sequence } = this.#options.market;
    client.say({ type: "subscribed", channels: Array.from(client.channels), from: "snapshot", epoch, sequence });
    this.sendSnapshot(client, client.interest);
  }

  sendSnapshot(client: HubClient, interest: Interest): void {
    const { writer, market, limits } = this.#options;
    const state = this.#sharedFrames(`state ${interest.key}`, () =>
      snapshotFrames(writer, market.board, interest, this.#label),
    );
    client.send(client.canInflate ? state.deflated(limits.deflateAboveBytes) : state.plain);
    if (interest.feed) client.say(statusMessage(market));
  }

  /**
   * Frames of the trades after a place in the stream, of which the client has got none by what it followed `before`;
   * `undefined` when they are not at hand any more.
   */
  missedTicks(
    resume: { readonly epoch: string; readonly sequence: number } | undefined,
    added: Interest,
    before: Interest,
  ): StateFrames | undefined {
    const { market, writer } = this.#options;
    if (!resume || resume.epoch !== market.epoch) return undefined;
    const recent = market.recent(resume.sequence);
    if (!recent) return undefined;
    return this.#sharedFrames(`missed ${resume.sequence} ${added.key} | ${before.key}`, () => {
      const wants = (symbol: InstrumentSymbol) => wantsTicksOf(added, symbol) && !wantsTicksOf(before, symbol);
      const ticks = recent
        .flatMap(({ events }) => events)
        .filter((event) => event.kind === "tick")
        .filter(({ symbol }) => wants(symbol));
      return missedTicksFrames(writer, ticks, resume.sequence, this.#label);
    });
  }

  /** Sends what a slow client has missed, as far as it still matters, and says how much does not come any more. */
  #catchUp(client: HubClient): void {
    const { market, writer, changes } = this.#options;
    const { afterSequence, ticks, quotes } = client.behind!;
    client.behind = undefined;
    this.#slow.delete(client);
    const { board, sequence } = market;
    const { interest } = client;
    const missed = client.needsSnapshot
      ? undefined
      : catchUpFrames(writer, board, interest, changes.changedAt, afterSequence, this.#label);
    const replaced = Math.max(0, quotes - (missed?.quotes ?? 0));
    if (ticks + replaced > 0) client.say({ type: "conflated", ticks, quotes: replaced, sequence });
    if (missed?.bytes) client.send(missed.bytes);
    if (client.needsSnapshot) this.sendAnew(client);
    else if (interest.feed) client.say(statusMessage(market));
  }

  #sharedFrames(key: string, make: () => StateFrames): StateFrames {
    let frames = this.#shared.get(key);
    if (!frames) {
      frames = make();
      this.#shared.set(key, frames);
    }
    return frames;
  }

  get #label() {
    const { epoch, sequence, dataset } = this.#options.market;
    return { epoch, sequence, dataset };
  }
}
