import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { decode, encode } from "@msgpack/msgpack";
import { WebSocket, WebSocketServer } from "ws";
import { type ForcedReply, restListener, type SeenRequest, type StandInHistory } from "./dnse-open-api-server-rest.js";

type Payload = Record<string, unknown>;

export interface DnseOpenApiServerOptions {
  readonly key?: string;
  readonly secret?: string;
  /** The server's clock minus the machine's. */
  readonly clockSkewMs?: number;
  /** Shares for one unit of a quantity of round lots. */
  readonly tickFactor?: number;
  readonly port?: number;
}

/** A trade in shares and VND; the stand-in keeps the cumulative volume of every symbol and board. */
export interface StandInTrade {
  readonly symbol: string;
  readonly board?: string;
  readonly market?: string;
  /** VND, or points on the derivatives market. */
  readonly price?: number;
  /** Shares or contracts. */
  readonly quantity?: number;
  /** Default: what the trades of this board have come to. */
  readonly cumulativeVolume?: number;
  readonly timeMs?: number;
  readonly session?: string;
  readonly side?: "BUY" | "SELL" | "UNSPECIFIED";
}

/** What the stand-in does wrong; tests switch these at any time. */
export interface StandInFaults {
  isMute: boolean;
  doesNotWelcome: boolean;
  doesNotAnswerAuthentication: boolean;
  doesNotAcknowledge: boolean;
  doesNotPong: boolean;
  /** Refuses right signatures too, with this message. */
  refusal: { code: string; message: string } | undefined;
  /** Refuses by closing alone. */
  refusesSilently: boolean;
  /** Channels that are answered with an error. */
  refusesChannel: (name: string) => boolean;
  rateLimit: { limit: number; remaining: number; resetAtS: number } | undefined;
}

export interface StandInConnection {
  readonly socket: WebSocket;
  readonly encoding: "json" | "msgpack";
  isAuthenticated: boolean;
  /** Symbols by channel; an empty set is a channel without symbols. */
  readonly subscriptions: Map<string, Set<string>>;
}

/**
 * A server that speaks the broker's current protocol on a free port, from its public documents: a signed WebSocket of
 * channels, and signed requests. It can misbehave.
 */
export interface DnseOpenApiServer {
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly key: string;
  readonly secret: string;
  readonly faults: StandInFaults;
  readonly history: StandInHistory;
  /** Connections that are open now, and how many there ever were. */
  readonly connections: ReadonlySet<StandInConnection>;
  readonly connectionCount: number;
  /** What clients sent, decoded, in order. */
  readonly seen: Payload[];
  readonly requests: SeenRequest[];
  /** Replies to the next requests, whatever they ask for. */
  readonly forcedReplies: ForcedReply[];
  /** Counts a trade and puts it into history without sending it: a gap, unless `publish` sends it. */
  makeTick(trade: StandInTrade): Payload;
  /** Makes a trade and sends it to those who subscribed to it. */
  publishTick(trade: StandInTrade): Payload;
  /**
   * Sends a payload to those who subscribed to it, a list to those who subscribed to its first, and text or bytes as they
   * are to everyone who has signed in.
   */
  publish(frame: Payload | readonly Payload[] | string | Uint8Array): void;
  /** Sends a payload in so many fragments, one every `everyMs`. */
  drip(payload: Payload, fragments: number, everyMs: number): Promise<void>;
  /** Sends bytes that are no frame of the WebSocket protocol, or half of one, and ends the connection if told to. */
  sendRaw(bytes: Uint8Array, isLast?: boolean): void;
  mute(): void;
  unmute(): void;
  /** Ends every connection without a word, or with a close code. */
  dropConnections(code?: number, reason?: string): void;
  /** What the server says after eight hours. */
  expireConnections(): void;
  ping(): void;
  /** Resolves when a client has subscribed to a channel. */
  untilSubscribed(channel?: string, symbol?: string): Promise<void>;
  close(): Promise<void>;
}

const AUTHENTICATION_WINDOW_S = 300;

const CHANNELS_BY_TYPE: Readonly<Record<string, (payload: Payload) => string>> = {
  t: ({ boardId }) => `tick.${boardId}`,
  te: ({ boardId }) => `tick_extra.${boardId}`,
  q: ({ boardId }) => `top_price.${boardId}`,
  mi: ({ indexName }) => `market_index.${indexName}`,
  s: ({ tscProdGrpId, boardId }) => `session.${tscProdGrpId}.${boardId}`,
  sd: ({ boardId }) => `security_definition.${boardId}`,
};

export async function startDnseOpenApiServer({
  key = "stand-in-key",
  secret = "stand-in-secret",
  clockSkewMs = 0,
  tickFactor = 10,
  port = 0,
}: DnseOpenApiServerOptions = {}): Promise<DnseOpenApiServer> {
  const nowMs = () => Date.now() + clockSkewMs;
  const connections = new Set<StandInConnection>();
  const seen: Payload[] = [];
  const requests: SeenRequest[] = [];
  const forcedReplies: ForcedReply[] = [];
  const nonces = new Set<string>();
  const volumes = new Map<string, number>();
  const waiting = new Set<() => void>();
  let connectionCount = 0;
  const faults: StandInFaults = {
    isMute: false,
    doesNotWelcome: false,
    doesNotAnswerAuthentication: false,
    doesNotAcknowledge: false,
    doesNotPong: false,
    refusal: undefined,
    refusesSilently: false,
    refusesChannel: () => false,
    rateLimit: undefined,
  };
  const history: StandInHistory = {
    trades: new Map(),
    definitions: new Map(),
    instruments: [],
    workingDates: [],
    candles: [],
    candlesPerReply: 500,
    tradesPerReply: 1_000,
    tradeTimes: "ict",
    hasTotals: true,
  };

  const http = createServer(
    restListener({ key, secret, history, requests, forcedReplies, nowMs, rateLimit: () => faults.rateLimit }),
  );
  const sockets = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "/", "http://stand-in");
    const encoding = url.searchParams.get("encoding");
    if (url.pathname !== "/v1/stream" || (encoding !== "json" && encoding !== "msgpack")) {
      socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => accept(client, encoding));
  });

  function accept(socket: WebSocket, encoding: "json" | "msgpack"): void {
    const connection: StandInConnection = { socket, encoding, isAuthenticated: false, subscriptions: new Map() };
    connectionCount++;
    connections.add(connection);
    socket.on("close", () => connections.delete(connection));
    socket.on("error", () => socket.terminate());
    socket.on("message", (data, isBinary) => {
      const bytes = data as Buffer;
      const message = (isBinary ? decode(bytes) : JSON.parse(bytes.toString("utf8"))) as Payload;
      seen.push(message);
      answer(connection, message);
    });
    if (!faults.doesNotWelcome) {
      send(connection, {
        action: "welcome",
        session_id: `conn_${connectionCount}`,
        timestamp: Math.floor(nowMs() / 1_000),
        message: "Please authenticate within 30 seconds",
      });
    }
  }

  function answer(connection: StandInConnection, message: Payload): void {
    switch (message.action) {
      case "auth":
        authenticate(connection, message);
        break;
      case "ping":
        if (!faults.doesNotPong) send(connection, { action: "pong", timestamp: Math.floor(nowMs() / 1_000) });
        break;
      case "subscribe":
      case "unsubscribe":
        if (connection.isAuthenticated) subscribe(connection, message);
        else send(connection, { action: "error", code: "NOT_AUTHENTICATED", message: "not authenticated" });
        break;
    }
    for (const check of waiting) check();
  }

  function authenticate(connection: StandInConnection, message: Payload): void {
    if (faults.doesNotAnswerAuthentication) return;
    const problem = faults.refusal?.message ?? authenticationProblem(message);
    if (problem !== undefined && faults.refusesSilently) {
      connection.socket.close(1008);
      return;
    }
    if (problem !== undefined) {
      send(connection, {
        action: "error",
        code: faults.refusal?.code ?? "AUTH_FAILED",
        message: `authentication failed: ${problem}`,
      });
      connection.socket.close(1008, "authentication failed");
      return;
    }
    connection.isAuthenticated = true;
    send(connection, {
      action: "auth_success",
      user_id: key,
      capabilities: { batch_delivery: false },
      rate_limit: { messages_per_second: 100, subscriptions_max: 100 },
    });
  }

  function authenticationProblem({ api_key, signature, timestamp, nonce }: Payload): string | undefined {
    if (api_key !== key) return "unknown key";
    if (typeof timestamp !== "number" || !Number.isInteger(timestamp)) return "timestamp is not whole seconds";
    if (Math.abs(timestamp - nowMs() / 1_000) > AUTHENTICATION_WINDOW_S) return "timestamp outside valid window";
    if (typeof nonce !== "string" || nonces.has(nonce)) return "nonce was used";
    const expected = createHmac("sha256", secret).update(`${key}:${timestamp}:${nonce}`).digest("hex");
    if (signature !== expected) return "invalid signature";
    nonces.add(nonce);
    return undefined;
  }

  function subscribe(connection: StandInConnection, message: Payload): void {
    const channels = message.channels as { name: string; symbols?: string[] }[];
    for (const { name, symbols = [] } of channels) {
      if (faults.refusesChannel(name)) {
        send(connection, { action: "error", code: "INVALID_CHANNEL", message: `unknown channel: ${name}` });
        return;
      }
      const known = connection.subscriptions.get(name) ?? new Set();
      for (const symbol of symbols) {
        if (message.action === "subscribe") known.add(symbol);
        else known.delete(symbol);
      }
      if (message.action === "subscribe" || known.size > 0) connection.subscriptions.set(name, known);
      else connection.subscriptions.delete(name);
    }
    if (!faults.doesNotAcknowledge) send(connection, { action: `${String(message.action)}d` });
  }

  function send({ socket, encoding }: StandInConnection, message: unknown): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(encoding === "json" ? JSON.stringify(message) : encode(message));
  }

  function isSubscribed(connection: StandInConnection, payload: Payload): boolean {
    const channelOf = CHANNELS_BY_TYPE[String(payload.T)];
    if (!connection.isAuthenticated || channelOf === undefined) return false;
    const symbols = connection.subscriptions.get(`${channelOf(payload)}.${connection.encoding}`);
    if (symbols === undefined) return false;
    return typeof payload.symbol === "string" ? symbols.has(payload.symbol) : true;
  }

  function publish(frame: Payload | readonly Payload[] | string | Uint8Array): void {
    if (faults.isMute) return;
    for (const connection of connections) {
      if (typeof frame === "string" || frame instanceof Uint8Array) {
        if (connection.isAuthenticated) connection.socket.send(frame);
        continue;
      }
      const first = (Array.isArray(frame) ? frame[0] : frame) as Payload;
      if (isSubscribed(connection, first)) send(connection, frame);
    }
  }

  function makeTick(trade: StandInTrade): Payload {
    const payload = tickPayload(trade, volumes, tickFactor);
    const past = history.trades.get(trade.symbol) ?? [];
    past.push(payload);
    history.trades.set(trade.symbol, past);
    return payload;
  }

  http.listen(port, "127.0.0.1");
  await once(http, "listening");
  const address = `127.0.0.1:${(http.address() as AddressInfo).port}`;

  return {
    wsUrl: `ws://${address}`,
    restUrl: `http://${address}`,
    key,
    secret,
    faults,
    history,
    connections,
    get connectionCount() {
      return connectionCount;
    },
    seen,
    requests,
    forcedReplies,
    makeTick,
    publishTick: (trade) => {
      const payload = makeTick(trade);
      publish(payload);
      return payload;
    },
    publish,
    drip: async (payload, fragments, everyMs) => {
      const text = JSON.stringify(payload);
      const size = Math.ceil(text.length / fragments);
      for (let from = 0; from < text.length; from += size) {
        const fin = from + size >= text.length;
        for (const { socket } of connections) socket.send(text.slice(from, from + size), { fin, binary: false });
        if (!fin) await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    },
    sendRaw: (bytes, isLast = false) => {
      for (const { socket } of connections) {
        const { _socket: stream } = socket as unknown as { readonly _socket: Socket };
        if (isLast) stream.end(bytes);
        else stream.write(bytes);
      }
    },
    mute: () => {
      faults.isMute = true;
    },
    unmute: () => {
      faults.isMute = false;
    },
    dropConnections: (code, reason) => {
      for (const { socket } of [...connections]) {
        if (code === undefined) socket.terminate();
        else socket.close(code, reason);
      }
    },
    expireConnections: () => {
      for (const connection of [...connections]) {
        send(connection, {
          action: "connection_expired",
          code: "MAX_DURATION_EXCEEDED",
          message: "Connection expired after 8 hours. Please reconnect.",
        });
        connection.socket.close(1008, "connection expired");
      }
    },
    ping: () => {
      for (const connection of connections) send(connection, { action: "ping", timestamp: nowMs() });
    },
    untilSubscribed: (channel = "tick.G1", symbol) =>
      new Promise((resolve) => {
        const check = () => {
          const isThere = [...connections].some(({ subscriptions, encoding }) => {
            const symbols = subscriptions.get(`${channel}.${encoding}`);
            return symbols !== undefined && (symbol === undefined || symbols.has(symbol));
          });
          if (!isThere) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: async () => {
      for (const { socket } of connections) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function tickPayload(
  {
    symbol,
    board = "G1",
    market = "STO",
    price = 24_350,
    quantity = 100,
    cumulativeVolume,
    timeMs = Date.now(),
    session = "40",
    side,
  }: StandInTrade,
  volumes: Map<string, number>,
  tickFactor: number,
): Payload {
  const place = `${symbol} ${board}`;
  const total = cumulativeVolume ?? (volumes.get(place) ?? 0) + quantity;
  volumes.set(place, total);
  const isDerivative = market === "DVX";
  const factor = !isDerivative && board === "G1" ? tickFactor : 1;
  return {
    T: "t",
    marketId: market,
    boardId: board,
    symbol,
    matchPrice: isDerivative ? price : price / 1_000,
    matchQtty: quantity / factor,
    totalVolumeTraded: total / factor,
    tradingSessionId: session,
    ...(side === undefined ? {} : { side }),
    time: { Seconds: Math.floor(timeMs / 1_000), Nanos: Math.round((timeMs % 1_000) * 1e6) },
  };
}
