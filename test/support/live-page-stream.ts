import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { makeVector, RecordBatch, Schema, Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { type WebSocket, WebSocketServer } from "ws";
import {
  type ClientMessage,
  clientMessageSchema,
  LIVE_LIMITS,
  LIVE_PROTOCOL_VERSION,
  type ServerMessage,
} from "../../src/contracts/live-protocol.js";
import { LIVE_METADATA_KEYS, LIVE_TABLES, type LiveTableName } from "../../src/contracts/live-tables.js";
import type { FeedState } from "../../src/engine/live-market/feed-status.js";
import { MarketBoard } from "../../src/engine/live-market/market-board.js";
import type { IndexLevel, Tick } from "../../src/engine/live-market/market-event.js";
import type { SymbolQuote } from "../../src/engine/live-market/symbol-quote.js";
import type { Dataset } from "../../src/engine/market-data/dataset.js";
import { instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { seededRandom } from "../../src/engine/statistics/seeded-random.js";
import { tradingDate, tradingDateOf } from "../../src/engine/units/trading-date.js";

export interface StreamedSymbol {
  readonly symbol: string;
  readonly reference: number;
  readonly isIndex: boolean;
}

const FLUSH_MS = 50;
const STATUS_MS = 1_000;
const LEVELS = 3;

/**
 * A stand-in for the server's side of `/ws`: a market of random walks that a test can start, mute, cut off and
 * replay. It keeps to the protocol and to nothing else: no conflation, no limits.
 */
export class LivePageStream {
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #clients = new Set<StreamClient>();
  readonly #symbols: readonly StreamedSymbol[];
  readonly #prices: Map<string, number>;
  readonly #volumes = new Map<string, number>();
  readonly #dataset: Dataset;
  readonly #random = seededRandom(7);
  readonly #openedAtMs = Date.now();
  readonly #marketStartMs: number;
  readonly #timers: NodeJS.Timeout[] = [];
  #board = new MarketBoard();
  #sequence = 0;
  #state: FeedState = "live";
  #sinceMs: number;
  #lastEventMs: number | null = null;
  #ticksPerSecond = 0;
  #owed = 0;
  readonly epoch = `epoch-${process.pid}-${Date.now()}`;
  /** Subscriptions as they came in, for tests on resuming. */
  readonly subscriptions: Extract<ClientMessage, { type: "subscribe" }>[] = [];

  /** @param marketStartMs market time at which it begins; a past one is a demo clock */
  constructor({
    symbols,
    dataset,
    marketStartMs,
  }: {
    symbols: readonly StreamedSymbol[];
    dataset: Dataset;
    marketStartMs: number;
  }) {
    this.#symbols = symbols;
    this.#dataset = dataset;
    this.#marketStartMs = marketStartMs;
    this.#sinceMs = marketStartMs;
    this.#prices = new Map(symbols.map(({ symbol, reference }) => [symbol, reference]));
    this.#giveReferences();
    this.#timers.push(
      setInterval(() => this.#flush(), FLUSH_MS),
      setInterval(() => this.#tellStatus(), STATUS_MS),
    );
  }

  /** Answers an upgrade of the HTTP server. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#welcome(client));
  };

  get connected(): number {
    return this.#clients.size;
  }

  run(ticksPerSecond: number): void {
    this.#ticksPerSecond = ticksPerSecond;
  }

  /** Changes what is said of the feed; a state other than `live` stops the trades. */
  say(state: FeedState): void {
    this.#state = state;
    this.#sinceMs = this.#marketTimeMs();
    if (state !== "live") this.#ticksPerSecond = 0;
    this.#tellStatus();
  }

  /** Cuts every connection off, as a server that ends. */
  cut(): void {
    for (const client of this.#clients) client.socket.terminate();
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.cut();
    this.#sockets.close();
  }

  #marketTimeMs(): number {
    return this.#marketStartMs + Date.now() - this.#openedAtMs;
  }

  #giveReferences(): void {
    for (const { symbol, reference, isIndex } of this.#symbols) {
      if (isIndex) continue;
      this.#board.seedReference({
        kind: "reference",
        symbol: instrumentSymbol(symbol),
        tradingDate: tradingDate(tradingDateOf(this.#marketStartMs)),
        reference,
        ceiling: reference * 1.07,
        floor: reference * 0.93,
        isHalted: false,
        source: "stand-in",
        receivedAtMs: Date.now(),
      });
    }
  }

  #flush(): void {
    this.#owed += (this.#ticksPerSecond * FLUSH_MS) / 1_000;
    const count = Math.floor(this.#owed);
    this.#owed -= count;
    if (count > 0) this.push(count);
  }

  /** Makes trades at random and sends them. */
  push(count: number): void {
    this.#sequence++;
    const ticks: Tick[] = [];
    const levels: IndexLevel[] = [];
    for (let i = 0; i < count; i++) {
      const chosen = this.#symbols[Math.floor(this.#random() * this.#symbols.length)];
      if (!chosen) return;
      const event = this.#event(chosen);
      this.#board.apply(event);
      if (event.kind === "tick") ticks.push(event);
      else levels.push(event);
      if (event.kind === "tick") this.#offer(event);
    }
    this.#lastEventMs = this.#marketTimeMs();
    const changed = new Set([...ticks, ...levels].map(({ symbol }) => symbol as string));
    for (const client of this.#clients) client.send(this.#sequence, this.#board, ticks, levels, changed);
  }

  #event({ symbol, reference, isIndex }: StreamedSymbol): Tick | IndexLevel {
    const unit = reference * 0.0008;
    const last = this.#prices.get(symbol) ?? reference;
    const pull = (reference - last) / (reference * 0.07);
    const price = last + unit * (Math.floor(this.#random() * 3) - 1 + 0.2 * pull);
    this.#prices.set(symbol, price);
    const quantity = 100 * (1 + Math.floor(this.#random() ** 3 * 200));
    const volume = (this.#volumes.get(symbol) ?? 0) + quantity;
    this.#volumes.set(symbol, volume);
    const at = { symbol: instrumentSymbol(symbol), eventTimeMs: this.#marketTimeMs(), receivedAtMs: Date.now() };
    if (isIndex) {
      const value = Math.round(price * 100) / 100;
      const counts = { advances: 20, declines: 15, unchanged: 3, atCeiling: 0, atFloor: 0 };
      const totals = { cumulativeVolume: volume, cumulativeValue: volume * 20_000 };
      return { kind: "index", ...at, value, priorValue: reference, ...totals, ...counts, source: "stand-in" };
    }
    const rounded = reference > 1_000 ? Math.round(price / 10) * 10 : Math.round(price * 100) / 100;
    return {
      kind: "tick",
      ...at,
      board: "G1",
      price: rounded,
      quantity,
      cumulativeVolume: volume,
      side: this.#random() < 0.5 ? "B" : "S",
      session: "continuous",
      source: "stand-in",
      isBackfill: false,
    };
  }

  #offer({ symbol, price, eventTimeMs, receivedAtMs }: Tick): void {
    const side = (sign: number) =>
      Array.from({ length: LEVELS }, (_, level) => ({
        price: price + sign * 50 * (level + 1),
        quantity: 100 * (1 + Math.floor(this.#random() * 400)),
      }));
    this.#board.apply({ kind: "book", symbol, board: "G1", eventTimeMs, receivedAtMs, bids: side(-1), asks: side(1) });
  }

  #status() {
    const nowMs = Date.now();
    return {
      feed: "stand-in",
      dataset: this.#dataset,
      state: this.#state,
      reason: `the stand-in is ${this.#state}`,
      sinceMs: this.#sinceMs,
      lastReceivedAtMs: this.#lastEventMs === null ? null : nowMs,
      lastEventTimeMs: this.#lastEventMs,
      marketTimeMs: this.#marketTimeMs(),
      atMs: nowMs,
    };
  }

  #tellStatus(): void {
    for (const client of this.#clients) client.say({ type: "feed", sequence: this.#sequence, status: this.#status() });
  }

  #welcome(socket: WebSocket): void {
    const client = new StreamClient(socket, this.epoch, this.#dataset);
    this.#clients.add(client);
    socket.on("close", () => this.#clients.delete(client));
    socket.on("message", (data) => this.#answer(client, clientMessageSchema.parse(JSON.parse(String(data)))));
    client.say({
      type: "welcome",
      version: LIVE_PROTOCOL_VERSION,
      connection: "1",
      epoch: this.epoch,
      sequence: this.#sequence,
      heartbeatSeconds: LIVE_LIMITS.heartbeatSeconds,
      limits: LIVE_LIMITS,
      status: this.#status(),
    });
  }

  #answer(client: StreamClient, message: ClientMessage): void {
    switch (message.type) {
      case "subscribe": {
        this.subscriptions.push(message);
        for (const channel of message.channels) client.channels.add(channel);
        const from = message.resume ? "resumed" : "snapshot";
        client.say({
          type: "subscribed",
          channels: message.channels,
          from,
          epoch: this.epoch,
          sequence: this.#sequence,
        });
        client.sendState(this.#sequence, this.#board);
        break;
      }
      case "unsubscribe":
        for (const channel of message.channels) client.channels.delete(channel);
        break;
      case "ping":
        client.say({ type: "pong", atMs: Date.now(), ...(message.id !== undefined && { id: message.id }) });
        break;
      case "replay":
        client.replay({
          fromMs: message.fromMs,
          toMs: message.toMs ?? message.fromMs + 3_600_000,
          speed: message.speed,
        });
        break;
      case "replay-control":
        client.control(message.action);
        break;
      case "replay-stop":
        client.stopReplay();
        client.sendState(this.#sequence, this.#board);
        break;
      case "pong":
        break;
    }
  }
}

/** One page that listens. */
class StreamClient {
  readonly channels = new Set<string>();
  readonly socket: WebSocket;
  readonly #epoch: string;
  readonly #dataset: Dataset;
  #replay: { state: "running" | "paused"; asOfMs: number; fromMs: number; toMs: number; speed: number } | undefined;
  #replayTimer: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, epoch: string, dataset: Dataset) {
    this.socket = socket;
    this.#epoch = epoch;
    this.#dataset = dataset;
    socket.on("close", () => clearInterval(this.#replayTimer));
  }

  say(message: ServerMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  send(
    sequence: number,
    board: MarketBoard,
    ticks: readonly Tick[],
    levels: readonly IndexLevel[],
    changed: ReadonlySet<string>,
  ): void {
    if (this.#replay) return;
    const isOwn = ({ symbol }: { symbol: string }) => this.channels.has(`market:${symbol}`);
    const trades = this.channels.has("market:ticks") ? ticks : ticks.filter(isOwn);
    const quotes = [...board.quotes()].filter(
      (quote) => changed.has(quote.symbol) && (this.channels.has("market:heatmap") || isOwn(quote)),
    );
    this.#frame("ticks", tickColumns(trades), sequence, false);
    this.#frame("quotes", quoteColumns(quotes), sequence, false);
    this.#frame("books", bookColumns(quotes.filter(isOwn)), sequence, false);
    if (this.channels.has("market:indexes")) this.#frame("indexes", indexColumns(levels), sequence, false);
  }

  /** The present state of all channels. */
  sendState(sequence: number, board: MarketBoard): void {
    const quotes = [...board.quotes()].filter(
      ({ symbol }) => this.channels.has("market:heatmap") || this.channels.has(`market:${symbol}`),
    );
    this.#frame("quotes", quoteColumns(quotes), sequence, true);
    this.#frame("books", bookColumns(quotes), sequence, true);
    if (this.channels.has("market:indexes")) this.#frame("indexes", indexColumns([...board.indexes()]), sequence, true);
  }

  replay({ fromMs, toMs, speed }: { fromMs: number; toMs: number; speed: number }): void {
    clearInterval(this.#replayTimer);
    this.#replay = { state: "running", asOfMs: fromMs, fromMs, toMs, speed };
    this.#replayTimer = setInterval(() => this.#stepReplay(), 200);
    this.#tellReplay();
  }

  control(action: Extract<ClientMessage, { type: "replay-control" }>["action"]): void {
    if (!this.#replay) return;
    if (action.do === "pause") this.#replay.state = "paused";
    if (action.do === "resume") this.#replay.state = "running";
    if (action.do === "seek") this.#replay.asOfMs = action.toMs;
    if (action.do === "speed") this.#replay.speed = action.speed;
    this.#tellReplay();
  }

  stopReplay(): void {
    clearInterval(this.#replayTimer);
    const replay = this.#replay;
    this.#replay = undefined;
    if (replay) this.say({ type: "replay", ...replay, state: "stopped" });
  }

  #stepReplay(): void {
    if (this.#replay?.state !== "running") return;
    this.#replay.asOfMs = Math.min(this.#replay.toMs, this.#replay.asOfMs + 200 * this.#replay.speed);
    this.#tellReplay();
  }

  #tellReplay(): void {
    if (this.#replay) this.say({ type: "replay", ...this.#replay });
  }

  #frame(table: LiveTableName, columns: Columns, sequence: number, isSnapshot: boolean): void {
    if (Object.values(columns)[0]?.length === 0) return;
    const metadata = new Map<string, string>([
      [LIVE_METADATA_KEYS.table, table],
      [LIVE_METADATA_KEYS.epoch, this.#epoch],
      [LIVE_METADATA_KEYS.sequence, String(sequence)],
      [LIVE_METADATA_KEYS.snapshot, isSnapshot ? "1" : "0"],
      [LIVE_METADATA_KEYS.dataset, this.#dataset],
    ]);
    this.socket.send(arrowFrame(table, columns, metadata));
  }
}

export type Columns = Readonly<Record<string, readonly (string | number)[]>>;

/** One binary frame of the stream, written with Apache Arrow's own writer. */
export function arrowFrame(table: LiveTableName, columns: Columns, metadata: Map<string, string>): Uint8Array {
  const text: readonly string[] = LIVE_TABLES[table].text;
  const names = [...text, ...LIVE_TABLES[table].numbers];
  const vectors = names.map((name) =>
    text.includes(name)
      ? vectorFromArray((columns[name] ?? []) as string[], new Utf8())
      : makeVector(Float64Array.from((columns[name] ?? []) as number[])),
  );
  const bare = new Table(Object.fromEntries(names.map((name, i) => [name, vectors[i]!])));
  const schema = new Schema(bare.schema.fields, metadata);
  return tableToIPC(
    new Table(
      schema,
      bare.batches.map(({ data }) => new RecordBatch(schema, data)),
    ),
    "stream",
  );
}

function tickColumns(ticks: readonly Tick[]): Columns {
  return {
    symbol: ticks.map(({ symbol }) => symbol),
    board: ticks.map(({ board }) => board),
    side: ticks.map(({ side }) => side),
    session: ticks.map(({ session }) => session),
    event_time: ticks.map(({ eventTimeMs }) => eventTimeMs),
    received_at: ticks.map(({ receivedAtMs }) => receivedAtMs),
    price: ticks.map(({ price }) => price),
    quantity: ticks.map(({ quantity }) => quantity),
    cumulative_volume: ticks.map(({ cumulativeVolume }) => cumulativeVolume),
    backfilled: ticks.map(({ isBackfill }) => (isBackfill ? 1 : 0)),
  };
}

function quoteColumns(quotes: readonly SymbolQuote[]): Columns {
  return {
    symbol: quotes.map(({ symbol }) => symbol),
    session: quotes.map(({ session }) => session),
    price: quotes.map(({ price }) => price),
    reference: quotes.map(({ reference }) => reference),
    ceiling: quotes.map(({ ceiling }) => ceiling),
    floor: quotes.map(({ floor }) => floor),
    change: quotes.map(({ change }) => change),
    open: quotes.map(({ open }) => open),
    high: quotes.map(({ high }) => high),
    low: quotes.map(({ low }) => low),
    last_quantity: quotes.map(({ lastQuantity }) => lastQuantity),
    cumulative_volume: quotes.map(({ cumulativeVolume }) => cumulativeVolume),
    cumulative_value: quotes.map(({ cumulativeValue }) => cumulativeValue),
    odd_lot_volume: quotes.map(({ oddLotVolume }) => oddLotVolume),
    put_through_volume: quotes.map(({ putThroughVolume }) => putThroughVolume),
    event_time: quotes.map(({ eventTimeMs }) => eventTimeMs),
    received_at: quotes.map(({ receivedAtMs }) => receivedAtMs),
  };
}

function bookColumns(quotes: readonly SymbolQuote[]): Columns {
  const rows = quotes.flatMap((quote) =>
    (["bids", "asks"] as const).flatMap((name) =>
      quote[name].map((level, i) => ({ ...level, level: i + 1, side: name === "bids" ? "B" : "S", quote })),
    ),
  );
  return {
    symbol: rows.map(({ quote }) => quote.symbol),
    side: rows.map(({ side }) => side),
    level: rows.map(({ level }) => level),
    price: rows.map(({ price }) => price),
    quantity: rows.map(({ quantity }) => quantity),
    event_time: rows.map(({ quote }) => quote.eventTimeMs),
  };
}

function indexColumns(levels: readonly IndexLevel[]): Columns {
  return {
    symbol: levels.map(({ symbol }) => symbol),
    value: levels.map(({ value }) => value),
    prior_value: levels.map(({ priorValue }) => priorValue),
    cumulative_volume: levels.map(({ cumulativeVolume }) => cumulativeVolume),
    cumulative_value: levels.map(({ cumulativeValue }) => cumulativeValue),
    advances: levels.map(({ advances }) => advances),
    declines: levels.map(({ declines }) => declines),
    unchanged: levels.map(({ unchanged }) => unchanged),
    at_ceiling: levels.map(({ atCeiling }) => atCeiling),
    at_floor: levels.map(({ atFloor }) => atFloor),
    event_time: levels.map(({ eventTimeMs }) => eventTimeMs),
    received_at: levels.map(({ receivedAtMs }) => receivedAtMs),
  };
}
