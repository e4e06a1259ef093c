import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type Table, tableFromIPC } from "apache-arrow";
import pino from "pino";
import { onTestFinished } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import {
  type ClientMessage,
  LIVE_PATH,
  type ServerMessage,
  serverMessageSchema,
} from "../../../src/contracts/live-protocol.js";
import { LIVE_METADATA_KEYS } from "../../../src/contracts/live-tables.js";
import type { FeedStatus } from "../../../src/engine/live-market/feed-status.js";
import type { BookTop, IndexLevel, MarketEvent, Tick } from "../../../src/engine/live-market/market-event.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import type { HubLimits } from "../../../src/server/live/hub-limits.js";
import type { MarketSeed } from "../../../src/server/live/hub-market-seed.js";
import type { ReplaySource } from "../../../src/server/live/hub-replay.js";
import { createLiveHub, type LiveHub } from "../../../src/server/live/live-hub.js";
import { LiveMarket, type LiveMarketOptions } from "../../../src/server/live/live-market.js";
import type { MarketMessage } from "../../../src/shared-state/market-bus.js";
import { MemoryMarketBus } from "../../../src/shared-state/memory-market-bus.js";

/** 2026-01-15, 09:30 in Ho Chi Minh City: a Thursday, in continuous trading. */
export const SESSION_MS = Date.UTC(2026, 0, 15, 2, 30);

export const logger = pino({ level: "silent" });

const LIVE: FeedStatus = {
  state: "live",
  sinceMs: SESSION_MS,
  reason: "trades come in",
  lastReceivedAtMs: SESSION_MS,
  lastEventTimeMs: SESSION_MS,
};

/** Trade number `n` of a symbol, counted from 1: 100 shares a millisecond after the one before. */
export function tick(symbol: string, n: number, changes: Partial<Tick> = {}): Tick {
  return {
    kind: "tick",
    symbol: instrumentSymbol(symbol),
    board: "G1",
    eventTimeMs: SESSION_MS + n,
    receivedAtMs: SESSION_MS + n + 0.25,
    price: 20_000 + (n % 40) * 50,
    quantity: 100,
    cumulativeVolume: 100 * n,
    side: n % 2 === 0 ? "B" : "S",
    session: "continuous",
    source: "simulated",
    isBackfill: false,
    ...changes,
  };
}

export function book(symbol: string, n: number, levels = 3): BookTop {
  const side = (step: number) =>
    Array.from({ length: levels }, (_, i) => ({ price: 20_000 + step * (i + 1) * 50, quantity: 100 * (n + i) }));
  return {
    kind: "book",
    symbol: instrumentSymbol(symbol),
    board: "G1",
    eventTimeMs: SESSION_MS + n,
    receivedAtMs: SESSION_MS + n,
    bids: side(-1),
    asks: side(1),
  };
}

export function indexLevel(symbol: string, n: number): IndexLevel {
  return {
    kind: "index",
    symbol: instrumentSymbol(symbol),
    eventTimeMs: SESSION_MS + n,
    receivedAtMs: SESSION_MS + n,
    value: 1_200 + n,
    priorValue: 1_200,
    cumulativeVolume: 1_000 * n,
    cumulativeValue: 1e6 * n,
    advances: 200,
    declines: 100,
    unchanged: 50,
    atCeiling: 5,
    atFloor: 1,
    source: "simulated",
  };
}

export interface TestHubOptions
  extends Partial<Pick<LiveMarketOptions, "nowMs" | "recent" | "staleAfterMs" | "downAfterMs">> {
  readonly limits?: Partial<HubLimits>;
  readonly seed?: () => Promise<MarketSeed>;
  readonly replay?: ReplaySource;
  /** Whether the ingester has not said anything yet; otherwise message 1 has been, without events. */
  readonly isSilent?: boolean;
}

export interface TestHub {
  readonly hub: LiveHub;
  readonly market: LiveMarket;
  readonly port: number;
  /** Publishes events in one message, the next of its epoch. */
  publish(...events: MarketEvent[]): void;
  /** Publishes any message; what is not given continues the former one. */
  publishMessage(message: Partial<MarketMessage>): void;
  connect(options?: ClientOptions): Promise<TestClient>;
  /** The server's end of the connection that came last. */
  latestSocket(): Duplex | undefined;
  close(): Promise<void>;
}

const NO_REPLAY: ReplaySource = { open: () => Promise.reject(new Error("there is nothing to replay")) };

/** A hub for the running test, which ends with it. */
export async function hubOfTest(options?: TestHubOptions): Promise<TestHub> {
  const hub = await startTestHub(options);
  onTestFinished(() => hub.close());
  return hub;
}

/** A hub behind a server of its own. Its limits on messages are wide unless they are what is tested. */
export async function startTestHub({
  limits,
  seed,
  replay = NO_REPLAY,
  isSilent = false,
  ...marketOptions
}: TestHubOptions = {}): Promise<TestHub> {
  const bus = new MemoryMarketBus({ logger });
  const market = new LiveMarket({ bus, seed: seed ?? (async () => ({ quotes: [] })), logger, ...marketOptions });
  await market.start();
  const roomy = { messagesPerSecond: 10_000, messageBurst: 10_000, closingMs: 200 };
  const hub = createLiveHub({ market, replay, logger, limits: { ...roomy, ...limits } });
  const server = createServer((_request, response) => response.end("pages"));
  let latestSocket: Duplex | undefined;
  server.on("upgrade", (request, socket, head) => {
    latestSocket = socket;
    if (!hub.upgrade(request, socket, head)) socket.destroy();
  });
  server.listen(0, "127.0.0.1", 4_096);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let epoch = "epoch-1";
  let sequence = 0;
  const clients: TestClient[] = [];
  const publishMessage = (message: Partial<MarketMessage>) => {
    epoch = message.epoch ?? epoch;
    sequence = message.sequence ?? sequence + 1;
    const now = marketOptions.nowMs?.() ?? Date.now();
    const filled = { sentAtMs: now, marketTimeMs: now, feed: "simulated", dataset: "market" as const, status: LIVE };
    void bus.publish({ ...filled, events: [], ...message, epoch, sequence });
  };
  if (!isSilent) publishMessage({});
  while (!isSilent && market.sequence === 0) await new Promise(setImmediate);
  return {
    hub,
    market,
    port,
    publishMessage,
    publish: (...events) => publishMessage({ events }),
    connect: async (options) => {
      const client = new TestClient(port, options);
      clients.push(client);
      await client.opened();
      client.serverSide = latestSocket;
      return client;
    },
    latestSocket: () => latestSocket,
    close: async () => {
      for (const client of clients) client.end();
      market.close();
      await hub.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The rows of one binary frame and what its metadata say. */
export interface Frame {
  readonly table: string;
  readonly epoch: string;
  readonly sequence: number;
  readonly isSnapshot: boolean;
  readonly dataset: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

type Said<Type extends ServerMessage["type"]> = Extract<ServerMessage, { type: Type }>;

/** A client that checks every message against the protocol and keeps it. */
export class TestClient {
  readonly webSocket: WebSocket;
  readonly messages: ServerMessage[] = [];
  readonly frames: Frame[] = [];
  /** Messages and frames as they came. */
  readonly all: (ServerMessage | Frame)[] = [];
  closeCode: number | undefined;
  /** The server's end. While it is corked, nothing gets through: as if the client did not read. */
  serverSide: Duplex | undefined;
  readonly #watchers = new Set<() => void>();
  #failure: Error | undefined;

  constructor(port: number, options?: ClientOptions) {
    this.webSocket = new WebSocket(`ws://127.0.0.1:${port}${LIVE_PATH}`, { perMessageDeflate: false, ...options });
    this.webSocket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) {
        const frame = readFrame(data);
        this.frames.push(frame);
        this.all.push(frame);
      } else {
        const message = serverMessageSchema.parse(JSON.parse(data.toString()));
        this.messages.push(message);
        this.all.push(message);
      }
      this.#look();
    });
    this.webSocket.on("close", (code) => {
      this.closeCode = code;
      this.#look();
    });
    this.webSocket.on("error", (error) => {
      this.#failure = error;
      this.#look();
    });
  }

  async opened(): Promise<Said<"welcome">> {
    return this.find(() => {
      if (this.#failure) throw this.#failure;
      return this.messages.find((message) => message.type === "welcome");
    });
  }

  send(message: ClientMessage | object): void {
    this.webSocket.send(JSON.stringify(message));
  }

  /** Sends a request and waits for the answer that bears its id. */
  async ask(message: { readonly id?: string | number; readonly [key: string]: unknown }): Promise<ServerMessage> {
    const id = message.id ?? `request-${Math.random()}`;
    this.send({ ...message, id });
    return this.find(() => this.messages.find((answer) => "id" in answer && answer.id === id));
  }

  async subscribe(
    channels: readonly string[],
    resume?: { epoch: string; sequence: number },
  ): Promise<Said<"subscribed">> {
    return (await this.ask({ type: "subscribe", channels, ...(resume && { resume }) })) as Said<"subscribed">;
  }

  /** The first message of a type, now or later, that meets the condition. */
  said<Type extends ServerMessage["type"]>(
    type: Type,
    meets: (message: Said<Type>) => boolean = () => true,
  ): Promise<Said<Type>> {
    return this.find(() =>
      this.messages.find((message): message is Said<Type> => message.type === type && meets(message as Said<Type>)),
    );
  }

  closed(): Promise<number> {
    return this.find(() => this.closeCode);
  }

  /** Waits until `look` finds something. */
  async find<Value>(look: () => Value | undefined, withinMs = 15_000): Promise<Value> {
    const at = Date.now();
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const leftMs = at + withinMs - Date.now();
      if (leftMs <= 0)
        throw new Error(`nothing of the kind among ${JSON.stringify(this.all.slice(-5)).slice(0, 2_000)}`);
      await new Promise<void>((resolve) => {
        const settle = () => {
          clearTimeout(timer);
          this.#watchers.delete(settle);
          resolve();
        };
        const timer = setTimeout(settle, leftMs);
        this.#watchers.add(settle);
      });
    }
  }

  async until(holds: () => boolean): Promise<void> {
    await this.find(() => holds() || undefined);
  }

  /** Rows of a table in all frames, or in those of changes only. */
  rows(table: string, { isSnapshot }: { isSnapshot?: boolean } = {}): Frame["rows"] {
    return this.frames
      .filter((frame) => frame.table === table && (isSnapshot === undefined || frame.isSnapshot === isSnapshot))
      .flatMap(({ rows }) => rows);
  }

  /** Cumulative volumes of a symbol's trades, in the order in which they came: trade `n` has 100 × n. */
  trades(symbol: string): number[] {
    return this.rows("ticks").flatMap((row) => (row.symbol === symbol ? [Number(row.cumulative_volume) / 100] : []));
  }

  end(): void {
    this.webSocket.terminate();
  }

  #look(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

export function readFrame(data: Uint8Array): Frame {
  const table = tableFromIPC(data);
  const said = (key: keyof typeof LIVE_METADATA_KEYS) => table.schema.metadata.get(LIVE_METADATA_KEYS[key])!;
  return {
    table: said("table"),
    epoch: said("epoch"),
    sequence: Number(said("sequence")),
    isSnapshot: said("snapshot") === "1",
    dataset: said("dataset"),
    rows: rowsOf(table),
  };
}

function rowsOf(table: Table): Record<string, string | number>[] {
  return table.toArray().map((row) => ({ ...row.toJSON() }));
}
