import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import type { RawData } from "ws";
import { LIVE_CLOSE_CODES, LIVE_PROTOCOL_VERSION, type ServerMessage } from "../../contracts/live-protocol.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { ArrowFrameWriter } from "./arrow-frames.js";
import type { ChannelSource } from "./channel-source.js";
import { HubAnswers } from "./hub-answers.js";
import { ChangeLog } from "./hub-changes.js";
import { HubClient } from "./hub-client.js";
import type { RequestId } from "./hub-client-message.js";
import { HubDelivery } from "./hub-delivery.js";
import { type Guest, HubDoor } from "./hub-door.js";
import { HubFeedStatus } from "./hub-feed-status.js";
import { HubFlushSchedule } from "./hub-flush-schedule.js";
import { FlushFrames, type Payload } from "./hub-frames.js";
import { HubGroups } from "./hub-groups.js";
import { HUB_LIMITS, type HubLimits } from "./hub-limits.js";
import type { ReplaySource } from "./hub-replay.js";
import { HubReplays } from "./hub-replays.js";
import { HubRequests } from "./hub-requests.js";
import { socketFrame, textFrame } from "./hub-socket-frames.js";
import type { LiveMarket } from "./live-market.js";

export interface LiveHubOptions {
  readonly market: LiveMarket;
  readonly replay: ReplaySource;
  /** Channels beside those of the market. */
  readonly channels?: ChannelSource | undefined;
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

const GOING_AWAY = 1001;
const NOTHING: Payload = { bytes: undefined, ticks: 0, quotes: 0 };

/** The stream at `/ws`: docs/live-protocol.md. */
export function createLiveHub(options: LiveHubOptions): LiveHub {
  return new WebSocketHub(options);
}

class WebSocketHub implements LiveHub {
  readonly #market: LiveMarket;
  readonly #logger: Logger;
  readonly #limits: HubLimits;
  readonly #nowMs: () => number;
  readonly #writer = new ArrowFrameWriter();
  readonly #changes = new ChangeLog();
  readonly #clients = new Set<HubClient>();
  readonly #groups = new HubGroups();
  readonly #door: HubDoor;
  readonly #requests: HubRequests;
  readonly #delivery: HubDelivery;
  readonly #replays: HubReplays;
  readonly #answers: HubAnswers;
  readonly #schedule: HubFlushSchedule;
  readonly #status: HubFeedStatus;
  readonly #unsubscribes: readonly (() => void)[];
  readonly #heartbeat: NodeJS.Timeout;
  /** For a snapshot, or for what it missed while it was slow. */
  #isClientWaiting = false;
  #isClosed = false;

  constructor({ market, replay, channels, logger, limits: changes, nowMs = Date.now }: LiveHubOptions) {
    const limits: HubLimits = { ...HUB_LIMITS, ...changes };
    const writer = this.#writer;
    this.#market = market;
    this.#logger = logger;
    this.#limits = limits;
    this.#nowMs = nowMs;
    this.#door = new HubDoor({
      limits,
      hasRoom: () => !this.#isClosed && this.#clients.size < limits.clients,
      onGuest: (guest) => this.#welcome(guest),
    });
    this.#delivery = new HubDelivery({
      ...{ market, writer, limits, changes: this.#changes },
      clientCount: () => this.#clients.size,
      onGivenUp: (client) => this.#forget(client),
    });
    this.#requests = new HubRequests({
      ...{ limits, logger, nowMs },
      backlogLimit: () => this.#delivery.backlogLimit(),
      onRequest: () => this.#requestFlush(),
    });
    this.#replays = new HubReplays({
      ...{ source: replay, writer, limits, market, nowMs },
      onBegin: (client) => this.#groups.part(client),
      onFailure: (client, error, requestId) => this.#replayFailed(client, error, requestId),
    });
    this.#answers = new HubAnswers({
      market,
      limits,
      groups: this.#groups,
      delivery: this.#delivery,
      replays: this.#replays,
      channels,
      onReplayRefused: (client) => this.#backToMarket(client),
    });
    this.#schedule = new HubFlushSchedule(limits, () => this.#flush());
    this.#status = new HubFeedStatus(market);
    this.#unsubscribes = [
      market.onMessage(({ events, sequence, status }) => {
        this.#changes.add(events, sequence);
        this.#status.note(status);
        if (this.#changes.hasFast || this.#changes.hasQuotes || this.#status.isDue) this.#requestFlush();
      }),
      market.onReset(() => this.#beginAnew()),
      market.onStatus(() => {
        this.#status.request();
        this.#requestFlush();
      }),
    ];
    this.#heartbeat = setInterval(() => this.#beat(), limits.heartbeatSeconds * 1_000);
    this.#heartbeat.unref();
  }

  clients(): number {
    return this.#clients.size;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    return this.#door.upgrade(request, socket, head);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
    clearInterval(this.#heartbeat);
    this.#schedule.stop();
    const clients = Array.from(this.#clients);
    await Promise.all(
      clients.map((client) => {
        const closed = client.closed();
        client.close(GOING_AWAY, "the server stops");
        return closed;
      }),
    );
    this.#door.close();
  }

  #welcome({ webSocket, socket, canInflate }: Guest): void {
    const client = new HubClient({ id: randomUUID(), webSocket, socket, canInflate, limits: this.#limits });
    this.#clients.add(client);
    webSocket.on("message", (data: RawData, isBinary: boolean) => this.#requests.hear(client, data, isBinary));
    webSocket.on("ping", (data: Buffer) => this.#requests.answerPing(client, data));
    webSocket.on("pong", () => client.heard());
    webSocket.on("error", (error) => this.#logger.debug({ err: error, connection: client.id }, "a live client failed"));
    webSocket.on("close", () => {
      this.#clients.delete(client);
      this.#forget(client);
    });
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
    this.#groups.join(client);
  }

  /** Nothing is sent to the client any more. */
  #forget(client: HubClient): void {
    this.#requests.forget(client);
    this.#delivery.forget(client);
    this.#groups.part(client);
    for (const stop of client.listening.values()) stop();
    client.listening.clear();
    this.#replays.end(client)?.abandon();
  }

  #replayFailed(client: HubClient, error: unknown, requestId: RequestId): void {
    this.#requests.refuse(client, error, requestId);
    this.#replays.end(client);
    this.#backToMarket(client);
  }

  /** A client that saw the past begins anew from the present; one that never left it goes on. */
  #backToMarket(client: HubClient): void {
    if (this.#groups.has(client)) return;
    this.#groups.join(client);
    client.needsSnapshot = true;
    this.#serveSoon();
  }

  /** Everything that was collected is void: every client begins anew from the board. */
  #beginAnew(): void {
    this.#changes.clear();
    this.#delivery.quotesSequence = this.#market.sequence;
    this.#delivery.forgetStates();
    for (const { clients } of this.#groups) for (const client of clients) client.needsSnapshot = true;
    this.#status.request();
    this.#serveSoon();
  }

  #serveSoon(): void {
    this.#isClientWaiting = true;
    this.#requestFlush();
  }

  #requestFlush(): void {
    if (this.#isClosed) return;
    const isOnlyForQuotes =
      !this.#changes.hasFast && !this.#status.isDue && !this.#isClientWaiting && this.#requests.isEmpty;
    this.#schedule.request({ isOnlyForQuotes });
  }

  #flush(): void {
    if (this.#isClosed) return;
    const startedAtMs = this.#schedule.begin();
    const quotesAreDue = this.#changes.hasQuotes && this.#schedule.areQuotesDue(startedAtMs);
    const quotes = quotesAreDue ? this.#changes.takeQuotes() : new Map<InstrumentSymbol, number>();
    const hasChanges = quotesAreDue || this.#changes.hasFast;
    const { epoch, sequence, dataset, board } = this.#market;
    const label = { epoch, sequence, dataset, isSnapshot: false };
    const frames = new FlushFrames(this.#writer, board, label, this.#changes.takeFast(), quotes);
    const status = this.#status.take(startedAtMs);
    this.#delivery.forgetStates();
    this.#isClientWaiting = false;
    for (const { interest, clients } of this.#groups) {
      const payload = hasChanges ? frames.of(interest) : NOTHING;
      const due = interest.feed ? status : undefined;
      for (const client of clients) this.#delivery.deliver(client, payload, due, startedAtMs);
    }
    if (quotesAreDue) {
      this.#schedule.quotesSent(startedAtMs);
      this.#delivery.quotesSequence = this.#market.sequence;
    }
    this.#requests.answerAll(
      (client) => this.#delivery.isSlow(client),
      (client, request) => this.#answers.answer(client, request),
    );
    const forQuotes = this.#changes.hasQuotes;
    this.#schedule.end(startedAtMs, { forQuotes, forSlowClients: this.#delivery.hasSlowClients });
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
}
