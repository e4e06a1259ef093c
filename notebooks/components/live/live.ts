import { MarketBoard } from "../../engine/live-market/market-board.js";
import type { IndexLevel, Tick } from "../../engine/live-market/market-event.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { ChannelCounts } from "./channel-counts.js";
import { findCompanion } from "./companion.js";
import type { LiveFrame } from "./decode-frame.js";
import { LatencyMeter } from "./latency-meter.js";
import { type LiveState, NOT_LIVE } from "./live-state.js";
import type { LiveStream } from "./live-stream.js";
import { ChangingValue, Listeners, type ObservableValue } from "./observable-value.js";
import { RateMeter } from "./rate-meter.js";

/** Trades as they came in. */
export interface TickBatch {
  readonly ticks: readonly Tick[];
  /** The present state rather than what has just happened. */
  readonly isSnapshot: boolean;
}

/**
 * The market as it happens, for one page: one connection however many figures follow it. Without a workbench behind
 * the page, or when its stream is of the other dataset, nothing ever moves and nothing is asked for.
 */
export class LiveMarket {
  /** Trades, frame by frame, also while the page is hidden. */
  readonly ticks = new Listeners<TickBatch>();
  /** Levels of indexes, frame by frame. */
  readonly levels = new Listeners<readonly IndexLevel[]>();
  /** Symbols whose quote, book or level changed, once per animation frame. */
  readonly changes = new Listeners<ReadonlySet<string>>();
  /** The board begins anew: what was drawn from it holds no longer. */
  readonly restarts = new Listeners<void>();
  readonly tickRate = new RateMeter();
  readonly latency = new LatencyMeter();
  readonly #state = new ChangingValue<LiveState>(NOT_LIVE);
  readonly #channels = new ChannelCounts();
  readonly #dataset: Dataset | undefined;
  #board = new MarketBoard();
  #stream: LiveStream | undefined;
  #changed = new Set<string>();
  #isFrameAsked = false;
  #newChannels: string[] = [];
  #isClosed = false;

  /** @param dataset what the page shows otherwise: a stream of the other one is not followed */
  constructor(dataset: Dataset | undefined) {
    this.#dataset = dataset;
    this.#channels.add("feed");
  }

  get state(): ObservableValue<LiveState> {
    return this.#state;
  }

  get board(): MarketBoard {
    return this.#board;
  }

  /** True while numbers come from the stream, even if they are old. */
  get isFollowing(): boolean {
    return this.#state.value.link.kind !== "none" && this.#state.value.status !== undefined;
  }

  /** Server's clock minus page's clock, with the largest error. */
  get clockOffset() {
    return this.#stream?.clockOffset.estimate;
  }

  /** Asks for a channel until the returned function is called. */
  want(channel: string): () => void {
    if (this.#channels.add(channel)) {
      if (this.#newChannels.length === 0) queueMicrotask(() => this.#subscribeNew());
      this.#newChannels.push(channel);
    }
    let isWanted = true;
    return () => {
      if (isWanted && this.#channels.remove(channel)) this.#stream?.unsubscribe([channel]);
      isWanted = false;
    };
  }

  /** Shows a past stretch of the market in the place of the present. Instants in epoch milliseconds. */
  rewind({ fromMs, toMs, speed }: { fromMs: number; toMs?: number; speed: number }): void {
    this.#stream?.send({ type: "replay", fromMs, ...(toMs !== undefined && { toMs }), speed });
  }

  pauseReplay(): void {
    this.#stream?.send({ type: "replay-control", action: { do: "pause" } });
  }

  resumeReplay(): void {
    this.#stream?.send({ type: "replay-control", action: { do: "resume" } });
  }

  seekReplay(toMs: number): void {
    this.#stream?.send({ type: "replay-control", action: { do: "seek", toMs } });
  }

  setReplaySpeed(speed: number): void {
    this.#stream?.send({ type: "replay-control", action: { do: "speed", speed } });
  }

  backToLive(): void {
    this.#stream?.send({ type: "replay-stop" });
  }

  async connect(): Promise<void> {
    const companion = await findCompanion();
    if (companion !== "stream") {
      this.#change({ link: { kind: "none", reason: companion } });
      return;
    }
    const [{ LiveStream }, { LIVE_PATH }] = await Promise.all([
      import("./live-stream.js"),
      import("../../contracts/live-protocol.js"),
    ]);
    if (this.#isClosed) return;
    const address = new URL(LIVE_PATH, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    this.#stream = new LiveStream({
      channels: this.#channels,
      openSocket: () => new WebSocket(address),
      listener: {
        state: (part) => this.#change(part),
        frame: (frame) => this.#take(frame),
        restart: () => this.#restart(),
      },
    });
    this.#change({ link: { kind: "connecting" } });
    this.#stream.open();
    addEventListener("online", this.#hurry);
    addEventListener("pagehide", this.#pause);
    addEventListener("pageshow", this.#resume);
  }

  close(): void {
    this.#isClosed = true;
    this.#stream?.close();
    removeEventListener("online", this.#hurry);
    removeEventListener("pagehide", this.#pause);
    removeEventListener("pageshow", this.#resume);
  }

  readonly #hurry = () => this.#stream?.hurry();
  /** A browser keeps no page with an open connection for the way back. */
  readonly #pause = () => this.#stream?.close();
  readonly #resume = ({ persisted }: PageTransitionEvent) => {
    if (persisted) this.#stream?.open();
  };

  #change(part: Partial<LiveState>): void {
    const { status } = part;
    if (this.#dataset !== undefined && status && status.feed !== "none" && status.dataset !== this.#dataset) {
      this.#stream?.close();
      this.#state.set({ ...NOT_LIVE, link: { kind: "none", reason: "other-dataset" } });
      return;
    }
    this.#state.set({ ...this.#state.value, ...part });
  }

  #take(frame: LiveFrame): void {
    switch (frame.table) {
      case "ticks":
        for (const tick of frame.ticks) this.#apply(tick);
        if (!frame.isSnapshot) this.#measure(frame.ticks);
        this.ticks.tell(frame);
        break;
      case "quotes":
        for (const quote of frame.quotes) {
          const known = this.#board.quote(quote.symbol);
          this.#board.seedQuote(known ? { ...quote, bids: known.bids, asks: known.asks } : quote);
          this.#changed.add(quote.symbol);
        }
        break;
      case "books":
        for (const book of frame.books) this.#apply(book);
        break;
      case "indexes":
        for (const level of frame.indexes) this.#apply(level);
        this.levels.tell(frame.indexes);
        break;
    }
    this.#askForFrame();
  }

  #apply(event: Parameters<MarketBoard["apply"]>[0] & { readonly symbol: string }): void {
    this.#board.apply(event);
    this.#changed.add(event.symbol);
  }

  /** Only trades that happen now say anything on latency. */
  #measure(ticks: readonly Tick[]): void {
    const nowMs = Date.now();
    this.tickRate.add(ticks.length, nowMs);
    const offset = this.clockOffset;
    if (!offset || this.#state.value.replay) return;
    for (const tick of ticks) {
      if (!tick.isBackfill) this.latency.add(nowMs + offset.offsetMs - tick.receivedAtMs);
    }
  }

  #restart(): void {
    this.#board = new MarketBoard();
    this.#changed = new Set();
    this.restarts.tell();
  }

  /** A hidden page gets no animation frames: what changed meanwhile comes with the first one after. */
  #askForFrame(): void {
    if (this.#isFrameAsked || this.#changed.size === 0) return;
    this.#isFrameAsked = true;
    requestAnimationFrame(() => {
      this.#isFrameAsked = false;
      const changed = this.#changed;
      this.#changed = new Set();
      this.changes.tell(changed);
    });
  }

  #subscribeNew(): void {
    const wanted = new Set(this.#channels.all);
    this.#stream?.subscribe(this.#newChannels.filter((channel) => wanted.has(channel)));
    this.#newChannels = [];
  }
}

let pageMarket: { readonly market: LiveMarket; users: number } | undefined;

/**
 * The page's live market; the first call connects it, and it is closed when the cells that asked for it are gone
 * (`until` is Framework's `invalidation`).
 */
export function liveMarket({ dataset, until }: { dataset?: Dataset; until: Promise<unknown> }): LiveMarket {
  if (!pageMarket) {
    pageMarket = { market: new LiveMarket(dataset), users: 0 };
    void pageMarket.market.connect();
  }
  const held = pageMarket;
  held.users++;
  void until.then(() => {
    if (--held.users > 0) return;
    held.market.close();
    if (pageMarket === held) pageMarket = undefined;
  });
  return held.market;
}
