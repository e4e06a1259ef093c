import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import {
  type ClientMessage,
  type FeedStatusMessage,
  LIVE_CLOSE_CODES,
  LIVE_PATH,
  LIVE_PROTOCOL_VERSION,
  type ServerMessage,
} from "../../contracts/live-protocol.js";
import { isWorkbenchError, WorkbenchError } from "../../engine/errors.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { isOwnWebSocket } from "../security-headers.js";
import { ArrowFrameWriter } from "./arrow-frames.js";
import { ChangeLog } from "./hub-changes.js";
import { HubClient } from "./hub-client.js";
import { binaryNotAccepted, readClientMessage } from "./hub-client-message.js";
import {
  catchUpFrames,
  FlushFrames,
  missedTicksFrames,
  type Payload,
  type StateFrames,
  snapshotFrames,
  wantsTicksOf,
} from "./hub-frames.js";
import { type Interest, interestIn } from "./hub-interest.js";
import { HUB_LIMITS, type HubLimits } from "./hub-limits.js";
import { HubReplay, type ReplaySource } from "./hub-replay.js";
import { socketFrame, textFrame } from "./hub-socket-frames.js";
import type { LiveMarket } from "./live-market.js";

export interface LiveHubOptions {
  readonly market: LiveMarket;
  readonly replay: ReplaySource;
  readonly logger: Logger;
  readonly limits?: Partial<HubLimits>;
  readonly nowMs?: () => number;
}

export interface LiveHub {
  /** Takes the connection when it is meant for the stream; `false` when it is someone else's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  clients(): number;
  /** Says goodbye to every client; resolves when they are gone. */
  close(): Promise<void>;
}

type RequestId = string | number | undefined;

/** Clients with one interest. */
interface Group {
  readonly interest: Interest;
  readonly clients: Set<HubClient>;
}

/** How often the feed's status is told while it stays the same. */
const STATUS_MS = 1_000;
/** How often clients that are too slow are looked at. */
const SLOW_CHECK_MS = 100;
/** Messages in a row that cannot be read before the connection is closed. */
const MOST_MISUNDERSTOOD = 20;
const POLICY_VIOLATION = 1008;
const GOING_AWAY = 1001;
/** Of the bytes that may wait for a client, how many may be left when it gets updates again. */
const CAUGHT_UP_SHARE = 0.25;
/** The least of them, however many clients there are. */
const LEAST_BACKLOG_BYTES = 65_536;

/** The stream at `/ws`: docs/live-protocol.md. */
export function createLiveHub(options: LiveHubOptions): LiveHub {
  return new WebSocketHub(options);
}

class WebSocketHub implements LiveHub {
  readonly #market: LiveMarket;
  readonly #replaySource: ReplaySource;
  readonly #logger: Logger;
  readonly #limits: HubLimits;
  readonly #nowMs: () => number;
  readonly #sockets: WebSocketServer;
  readonly #writer = new ArrowFrameWriter();
  readonly #changes = new ChangeLog();
  readonly #clients = new Set<HubClient>();
  /** Clients that follow the market, by the key of their interest; those that replay are in none. */
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<HubClient, Group>();
  readonly #requesting = new Set<HubClient>();
  readonly #slow = new Set<HubClient>();
  readonly #unsubscribes: readonly (() => void)[];
  readonly #heartbeat: NodeJS.Timeout;
  /** States that several clients asked for at the same sequence. */
  readonly #shared = new Map<string, StateFrames>();
  #replays = 0;
  #replaySerial = 0;
  #isStatusDue = false;
  /** For a snapshot, or for what it missed while it was slow. */
  #isClientWaiting = false;
  #lastStatus: FeedStatusMessage | undefined;
  #statusAtMs = Number.NEGATIVE_INFINITY;
  #flushTimer: NodeJS.Timeout | undefined;
  #flushDueAtMs = Number.POSITIVE_INFINITY;
  #flushedAtMs = Number.NEGATIVE_INFINITY;
  #quotesAtMs = Number.NEGATIVE_INFINITY;
  /** Quotes up to here have been sent. */
  #quotesSequence = 0;
  #restMs = 0;
  #isClosed = false;

  constructor({ market, replay, logger, limits, nowMs = Date.now }: LiveHubOptions) {
    this.#market = market;
    this.#replaySource = replay;
    this.#logger = logger;
    this.#limits = { ...HUB_LIMITS, ...limits };
    this.#nowMs = nowMs;
    const settings = {
      noServer: true,
      clientTracking: false,
      autoPong: false,
      maxPayload: this.#limits.messageBytes,
      perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true },
      closeTimeout: this.#limits.closingMs,
    };
    this.#sockets = new WebSocketServer(settings);
    this.#unsubscribes = [
      market.onMessage(({ events, sequence, status }) => {
        this.#changes.add(events, sequence);
        this.#isStatusDue ||= this.#isNews(status);
        if (this.#changes.hasFast || this.#changes.hasQuotes || this.#isStatusDue) this.#requestFlush();
      }),
      market.onReset(() => this.#beginAnew()),
      market.onStatus(() => {
        this.#isStatusDue = true;
        this.#requestFlush();
      }),
    ];
    this.#heartbeat = setInterval(() => this.#beat(), this.#limits.heartbeatSeconds * 1_000);
    this.#heartbeat.unref();
  }

  clients(): number {
    return this.#clients.size;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (pathOf(request) !== LIVE_PATH) return false;
    if (this.#isClosed || this.#clients.size >= this.#limits.clients) {
      refuse(socket, "503 Service Unavailable", `too many clients (accepted: ${this.#limits.clients})`);
    } else if (!isOwnWebSocket(request.headers)) {
      refuse(socket, "403 Forbidden", "invalid Origin or Host (accepted: pages of this server)");
    } else {
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#welcome(webSocket, request, socket));
    }
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
    clearInterval(this.#heartbeat);
    clearTimeout(this.#flushTimer);
    const clients = Array.from(this.#clients);
    await Promise.all(
      clients.map((client) => {
        const closed = client.closed();
        client.close(GOING_AWAY, "the server stops");
        return closed;
      }),
    );
    this.#sockets.close();
  }

  #welcome(webSocket: WebSocket, request: IncomingMessage, socket: Duplex): void {
    const client = new HubClient({
      id: randomUUID(),
      webSocket,
      socket,
      canInflate: canInflate(webSocket, request),
      limits: this.#limits,
    });
    this.#clients.add(client);
    webSocket.on("message", (data: RawData, isBinary: boolean) => this.#hear(client, data, isBinary));
    webSocket.on("ping", (data: Buffer) => this.#answerPing(client, data));
    webSocket.on("pong", () => client.heard());
    webSocket.on("error", (error) => this.#logger.debug({ err: error, connection: client.id }, "a live client failed"));
    webSocket.on("close", () => this.#leave(client));
    socket.on("drain", () => {
      if (client.behind || client.requests.length > 0) this.#serveSoon();
    });
    const { messageBytes, channelsPerClient, channelsPerRequest, messagesPerSecond, heartbeatSeconds } = this.#limits;
    client.say({
      type: "welcome",
      version: LIVE_PROTOCOL_VERSION,
      connection: client.id,
      epoch: this.#market.epoch,
      sequence: this.#market.sequence,
      heartbeatSeconds,
      limits: { messageBytes, channelsPerClient, channelsPerRequest, messagesPerSecond },
      status: this.#market.status(),
    });
    this.#join(client);
  }

  #leave(client: HubClient): void {
    this.#clients.delete(client);
    this.#forget(client);
  }

  /** Nothing is sent to the client any more. */
  #forget(client: HubClient): void {
    this.#requesting.delete(client);
    this.#slow.delete(client);
    this.#part(client);
    this.#endReplay(client)?.abandon();
  }

  #join(client: HubClient): void {
    this.#part(client);
    const { interest } = client;
    let group = this.#groups.get(interest.key);
    if (!group) {
      group = { interest, clients: new Set() };
      this.#groups.set(interest.key, group);
    }
    group.clients.add(client);
    this.#groupOf.set(client, group);
  }

  #part(client: HubClient): void {
    const group = this.#groupOf.get(client);
    if (!group) return;
    this.#groupOf.delete(client);
    group.clients.delete(client);
    if (group.clients.size === 0) this.#groups.delete(group.interest.key);
  }

  // What clients say

  #hear(client: HubClient, data: RawData, isBinary: boolean): void {
    client.heard();
    if (!this.#isGranted(client)) return;
    try {
      if (isBinary) throw binaryNotAccepted();
      const message = readClientMessage((data as Buffer).toString("utf8"));
      client.misunderstood = 0;
      if (message.type === "pong") return;
      if (message.type === "ping") {
        client.say({ type: "pong", ...named(message.id), atMs: this.#nowMs() });
        return;
      }
      if (client.requests.length >= this.#limits.messageBurst) throw this.#tooManyMessages();
      client.requests.push(message);
      this.#requesting.add(client);
      this.#requestFlush();
    } catch (error) {
      this.#answerError(client, error);
      client.misunderstood++;
      if (client.misunderstood >= MOST_MISUNDERSTOOD) {
        client.close(LIVE_CLOSE_CODES.notUnderstood, "too many messages that could not be read");
      }
    }
  }

  #answerPing(client: HubClient, data: Buffer): void {
    client.heard();
    // Only the latest ping has to be answered; a client that does not read its answers gets none.
    if (this.#isGranted(client) && client.backlogBytes < this.#backlogLimit()) client.send(socketFrame("pong", data));
  }

  /** Whether a client may send one more message. One that goes on and on is closed. */
  #isGranted(client: HubClient): boolean {
    if (!client.isOpen) return false;
    if (client.rate.take(performance.now())) {
      client.refused = 0;
      return true;
    }
    client.refused++;
    if (client.refused > this.#limits.messageBurst) client.close(POLICY_VIOLATION, "too many messages");
    else this.#answerError(client, this.#tooManyMessages());
    return false;
  }

  #tooManyMessages(): WorkbenchError {
    const { messagesPerSecond, messageBurst } = this.#limits;
    return new WorkbenchError(
      "RATE_LIMITED",
      `too many messages (accepted: ${messagesPerSecond} a second, ${messageBurst} at once)`,
    );
  }

  #answerError(client: HubClient, error: unknown, requestId?: RequestId): void {
    const known = isWorkbenchError(error)
      ? error
      : new WorkbenchError("INTERNAL", "the server failed; its log has the cause under this connection");
    if (!isWorkbenchError(error) || error.code === "INTERNAL") {
      this.#logger.error({ err: error, connection: client.id }, "a live request failed");
    }
    const { id, ...details } = known.details as { id?: RequestId };
    client.say({
      type: "error",
      ...named(requestId ?? id),
      code: known.code,
      message: known.message,
      ...(Object.keys(details).length > 0 && { details }),
    });
  }

  #answerRequests(): void {
    for (const client of this.#requesting) {
      while (client.requests.length > 0 && client.isOpen && !this.#isSlow(client)) {
        const request = client.requests.shift()!;
        try {
          this.#answer(client, request);
        } catch (error) {
          this.#answerError(client, error, "id" in request ? request.id : undefined);
        }
      }
      if (client.requests.length === 0 || !client.isOpen) this.#requesting.delete(client);
    }
  }

  #answer(client: HubClient, request: ClientMessage): void {
    switch (request.type) {
      case "subscribe":
        this.#subscribe(client, request);
        return;
      case "unsubscribe":
        for (const channel of request.channels) client.channels.delete(channel);
        this.#setChannels(client);
        client.say({ type: "unsubscribed", ...named(request.id), channels: request.channels });
        return;
      case "replay":
        this.#startReplay(client, request);
        return;
      case "replay-control":
        this.#replayOf(client).control(request.action, request.id);
        return;
      case "replay-stop": {
        this.#replayOf(client).stop(request.id);
        this.#endReplay(client);
        this.#join(client);
        this.#sendAnew(client);
      }
    }
  }

  #subscribe(client: HubClient, request: Extract<ClientMessage, { type: "subscribe" }>): void {
    const { channelsPerClient, channelsPerRequest } = this.#limits;
    const added = new Set(request.channels.filter((channel) => !client.channels.has(channel)));
    const wanted = client.channels.size + added.size;
    if (request.channels.length > channelsPerRequest) {
      throw tooManyChannels(request.channels.length, `at most ${channelsPerRequest} in one request`);
    }
    if (wanted > channelsPerClient) throw tooManyChannels(wanted, `at most ${channelsPerClient} for one client`);

    const before = client.interest;
    for (const channel of added) client.channels.add(channel);
    this.#setChannels(client);
    const addedInterest = interestIn(added);
    const { replay } = client;
    const { epoch, sequence } = replay ?? this.#market;
    const missed = replay ? undefined : this.#missedTicks(request.resume, addedInterest, before);
    client.say({
      type: "subscribed",
      ...named(request.id),
      channels: request.channels,
      from: missed ? "resumed" : "snapshot",
      epoch,
      sequence,
    });
    if (replay) {
      replay.sendSnapshot(addedInterest);
      return;
    }
    if (missed) client.send(missed.plain);
    this.#sendSnapshot(client, addedInterest);
  }

  #setChannels(client: HubClient): void {
    client.interest = interestIn(client.channels);
    if (!client.replay) this.#join(client);
  }

  /** Frames of the trades after `resume`, of which the client has got none by what it followed before. */
  #missedTicks(
    resume: Extract<ClientMessage, { type: "subscribe" }>["resume"],
    added: Interest,
    before: Interest,
  ): StateFrames | undefined {
    if (!resume || resume.epoch !== this.#market.epoch) return undefined;
    const recent = this.#market.recent(resume.sequence);
    if (!recent) return undefined;
    return this.#sharedFrames(`missed ${resume.sequence} ${added.key} | ${before.key}`, () => {
      const wants = (symbol: InstrumentSymbol) => wantsTicksOf(added, symbol) && !wantsTicksOf(before, symbol);
      const ticks = recent
        .flatMap(({ events }) => events)
        .filter((event) => event.kind === "tick")
        .filter(({ symbol }) => wants(symbol));
      return missedTicksFrames(this.#writer, ticks, resume.sequence, this.#label);
    });
  }

  // What the market says

  /** Everything that was collected is void: every client begins anew from the board. */
  #beginAnew(): void {
    this.#changes.clear();
    this.#quotesSequence = this.#market.sequence;
    this.#shared.clear();
    for (const { clients } of this.#groups.values()) for (const client of clients) client.needsSnapshot = true;
    this.#isStatusDue = true;
    this.#serveSoon();
  }

  #serveSoon(): void {
    this.#isClientWaiting = true;
    this.#requestFlush();
  }

  /** Flushes at once when the last flush was long enough ago, and otherwise as soon as that is so. */
  #requestFlush(): void {
    if (this.#isClosed) return;
    const nowMs = performance.now();
    const soonestAtMs = this.#flushedAtMs + Math.max(this.#limits.flushMs, this.#restMs);
    const isOnlyForQuotes =
      !this.#changes.hasFast && !this.#isStatusDue && !this.#isClientWaiting && this.#requesting.size === 0;
    const dueAtMs = isOnlyForQuotes ? Math.max(soonestAtMs, this.#quotesAtMs + this.#limits.quotesMs) : soonestAtMs;
    if (dueAtMs <= nowMs) this.#flush();
    else this.#flushAt(dueAtMs, nowMs);
  }

  #flushAt(dueAtMs: number, nowMs: number): void {
    if (this.#flushDueAtMs <= dueAtMs) return;
    clearTimeout(this.#flushTimer);
    this.#flushDueAtMs = dueAtMs;
    this.#flushTimer = setTimeout(() => this.#flush(), dueAtMs - nowMs);
  }

  #flush(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#flushTimer);
    this.#flushDueAtMs = Number.POSITIVE_INFINITY;
    const startedAtMs = performance.now();
    const quotesAreDue = this.#changes.hasQuotes && startedAtMs >= this.#quotesAtMs + this.#limits.quotesMs;
    const quotes = quotesAreDue ? this.#changes.takeQuotes() : new Map<InstrumentSymbol, number>();
    const hasChanges = quotesAreDue || this.#changes.hasFast;
    const label = { ...this.#label, isSnapshot: false };
    const frames = new FlushFrames(this.#writer, this.#market.board, label, this.#changes.takeFast(), quotes);
    const status = this.#takeStatus(startedAtMs);
    this.#shared.clear();
    this.#isClientWaiting = false;
    for (const { interest, clients } of this.#groups.values()) {
      const payload = hasChanges ? frames.of(interest) : NOTHING;
      for (const client of clients) this.#deliver(client, payload, interest.feed ? status : undefined, startedAtMs);
    }
    if (quotesAreDue) {
      this.#quotesAtMs = startedAtMs;
      this.#quotesSequence = this.#market.sequence;
    }
    this.#answerRequests();
    this.#flushedAtMs = performance.now();
    this.#restMs = (this.#flushedAtMs - startedAtMs) * (1 / this.#limits.busyShare - 1);
    if (this.#changes.hasQuotes) {
      this.#flushAt(
        Math.max(this.#quotesAtMs + this.#limits.quotesMs, this.#flushedAtMs + this.#restMs),
        this.#flushedAtMs,
      );
    }
    if (this.#slow.size > 0) this.#flushAt(this.#flushedAtMs + SLOW_CHECK_MS, this.#flushedAtMs);
  }

  #deliver(client: HubClient, { bytes, ticks, quotes }: Payload, status: Buffer | undefined, nowMs: number): void {
    if (!client.behind && this.#isSlow(client)) {
      client.behind = { afterSequence: this.#quotesSequence, sinceMs: nowMs, ticks: 0, quotes: 0 };
      this.#slow.add(client);
    }
    if (client.behind) {
      client.behind.ticks += ticks;
      client.behind.quotes += quotes;
      if (client.backlogBytes <= this.#backlogLimit() * CAUGHT_UP_SHARE) this.#catchUp(client);
      else if (nowMs - client.behind.sinceMs > this.#limits.slowSeconds * 1_000) {
        client.close(LIVE_CLOSE_CODES.tooSlow, "too slow");
        this.#forget(client);
      }
      return;
    }
    if (client.needsSnapshot) {
      this.#sendAnew(client);
      return;
    }
    if (bytes) client.send(bytes);
    if (status) client.send(status);
  }

  /** Sends what a slow client has missed, as far as it still matters, and says how much does not come any more. */
  #catchUp(client: HubClient): void {
    const { afterSequence, ticks, quotes } = client.behind!;
    client.behind = undefined;
    this.#slow.delete(client);
    const { board, sequence } = this.#market;
    const { interest } = client;
    const missed = client.needsSnapshot
      ? undefined
      : catchUpFrames(this.#writer, board, interest, this.#changes.changedAt, afterSequence, this.#label);
    const replaced = Math.max(0, quotes - (missed?.quotes ?? 0));
    if (ticks + replaced > 0) client.say({ type: "conflated", ticks, quotes: replaced, sequence });
    if (missed?.bytes) client.send(missed.bytes);
    if (client.needsSnapshot) this.#sendAnew(client);
    else if (interest.feed) client.say({ type: "feed", sequence, status: this.#market.status() });
  }

  /** Begins all channels of a client anew from the present state. */
  #sendAnew(client: HubClient): void {
    client.needsSnapshot = false;
    if (client.channels.size === 0) return;
    const { epoch, sequence } = this.#market;
    client.say({ type: "subscribed", channels: Array.from(client.channels), from: "snapshot", epoch, sequence });
    this.#sendSnapshot(client, client.interest);
  }

  #sendSnapshot(client: HubClient, interest: Interest): void {
    const state = this.#sharedFrames(`state ${interest.key}`, () =>
      snapshotFrames(this.#writer, this.#market.board, interest, this.#label),
    );
    client.send(client.canInflate ? state.deflated(this.#limits.deflateAboveBytes) : state.plain);
    if (interest.feed) {
      client.say({ type: "feed", sequence: this.#market.sequence, status: this.#market.status() });
    }
  }

  #sharedFrames(key: string, make: () => StateFrames): StateFrames {
    let frames = this.#shared.get(key);
    if (!frames) {
      frames = make();
      this.#shared.set(key, frames);
    }
    return frames;
  }

  #isNews({ state, reason, sinceMs }: Pick<FeedStatusMessage, "state" | "reason" | "sinceMs">): boolean {
    const last = this.#lastStatus;
    if (last?.state !== state || last.reason !== reason || last.sinceMs !== sinceMs) return true;
    return performance.now() >= this.#statusAtMs + STATUS_MS;
  }

  #takeStatus(nowMs: number): Buffer | undefined {
    if (!this.#isStatusDue) return undefined;
    this.#isStatusDue = false;
    this.#statusAtMs = nowMs;
    this.#lastStatus = this.#market.status();
    return textFrame({
      type: "feed",
      sequence: this.#market.sequence,
      status: this.#lastStatus,
    } satisfies ServerMessage);
  }

  get #label() {
    const { epoch, sequence, dataset } = this.#market;
    return { epoch, sequence, dataset };
  }

  #isSlow(client: HubClient): boolean {
    return client.backlogBytes > this.#backlogLimit();
  }

  #backlogLimit(): number {
    const { backlogBytes, totalBacklogBytes } = this.#limits;
    const share = totalBacklogBytes / Math.max(1, this.#clients.size);
    return Math.min(backlogBytes, Math.max(LEAST_BACKLOG_BYTES, share));
  }

  /** Asks every client for a sign of life, and closes those that gave none to the last two questions. */
  #beat(): void {
    const silentSinceMs = performance.now() - 2 * this.#limits.heartbeatSeconds * 1_000;
    const beat = Buffer.concat([
      socketFrame("ping", Buffer.alloc(0)),
      textFrame({ type: "ping", atMs: this.#nowMs() } satisfies ServerMessage),
    ]);
    for (const client of this.#clients) {
      if (client.lastHeardAtMs < silentSinceMs) client.close(LIVE_CLOSE_CODES.silent, "silent");
      else if (!client.behind) client.send(beat);
    }
    this.#serveSoon();
  }

  // Replays

  #startReplay(client: HubClient, request: Extract<ClientMessage, { type: "replay" }>): void {
    this.#endReplay(client)?.abandon();
    if (this.#replays >= this.#limits.replays) {
      this.#join(client);
      throw new WorkbenchError("RATE_LIMITED", `too many replays (accepted: ${this.#limits.replays} at the same time)`);
    }
    this.#part(client);
    this.#replays++;
    const replay = new HubReplay(request, ++this.#replaySerial, {
      source: this.#replaySource,
      client,
      writer: this.#writer,
      limits: this.#limits,
      dataset: this.#market.dataset,
      nowMs: this.#nowMs,
      onFailure: (error) => {
        if (client.replay !== replay) return;
        this.#answerError(client, error, request.id);
        this.#endReplay(client);
        this.#join(client);
        client.needsSnapshot = true;
        this.#serveSoon();
      },
    });
    client.replay = replay;
    replay.start();
  }

  #replayOf({ replay }: HubClient): HubReplay {
    if (replay) return replay;
    throw new WorkbenchError("REQUEST_INVALID", "nothing is being replayed (accepted: after a replay message)");
  }

  #endReplay(client: HubClient): HubReplay | undefined {
    const { replay } = client;
    client.replay = undefined;
    if (replay) this.#replays--;
    return replay;
  }
}

const NOTHING: Payload = { bytes: undefined, ticks: 0, quotes: 0 };

function pathOf({ url = "/" }: IncomingMessage): string {
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}

/** Whether large frames may be compressed without regard to what this client asked of the compression's window. */
function canInflate({ extensions }: WebSocket, { headers }: IncomingMessage): boolean {
  return (
    extensions.includes("permessage-deflate") &&
    !headers["sec-websocket-extensions"]?.includes("server_max_window_bits")
  );
}

function refuse(socket: Duplex, status: string, reason: string): void {
  const body = JSON.stringify({
    error: { code: status.startsWith("403") ? "REQUEST_FORBIDDEN" : "RATE_LIMITED", message: reason },
  });
  socket.on("error", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${status.startsWith("503") ? "Retry-After: 5\r\n" : ""}\r\n${body}`,
    () => socket.destroy(),
  );
}

function named(id: RequestId): { id?: string | number } {
  return id === undefined ? {} : { id };
}

function tooManyChannels(count: number, accepted: string): WorkbenchError {
  return new WorkbenchError("REQUEST_INVALID", `invalid channels: ${count} (accepted: ${accepted})`, {
    details: { field: "channels", problem: `${count} channels`, accepted },
  });
}
