import {
  type ClientMessage,
  LIVE_LIMITS,
  type ServerMessage,
  serverMessageSchema,
} from "../../contracts/live-protocol.js";
import type { ChannelCounts } from "./channel-counts.js";
import { inRequests } from "./channel-counts.js";
import { ClockOffset } from "./clock-offset.js";
import { complaintInWords } from "./complaint.js";
import { decodeFrame, type LiveFrame } from "./decode-frame.js";
import type { LiveState } from "./live-state.js";
import { reconnectDelayMs } from "./reconnect-delay.js";
import { ResumePosition } from "./resume-position.js";

/** The part of a browser's WebSocket that the stream needs. */
export interface StreamSocket {
  binaryType: string;
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface StreamListener {
  /** What is known of the stream has changed. */
  state(part: Partial<LiveState>): void;
  frame(frame: LiveFrame): void;
  /** What was shown so far does not go on: a replay begins or ends, or the server began anew. */
  restart(): void;
}

export interface StreamOptions {
  readonly channels: ChannelCounts;
  readonly listener: StreamListener;
  readonly openSocket: () => StreamSocket;
  /** The page's clock. */
  readonly nowMs?: () => number;
  readonly random?: () => number;
  /** Called off by what it returns. */
  readonly later?: (act: () => void, delayMs: number) => () => void;
}

const PING_MS = 15_000;
const SILENT_HEARTBEATS = 2.5;
const OPEN = 1;

/**
 * One connection to the stream, which comes back for ever after it was cut off and goes on from where it was. A
 * server that says nothing for two and a half heartbeats counts as gone.
 */
export class LiveStream {
  /** How far the server's clock is ahead of the page's. */
  readonly clockOffset = new ClockOffset();
  readonly #channels: ChannelCounts;
  readonly #listener: StreamListener;
  readonly #openSocket: () => StreamSocket;
  readonly #nowMs: () => number;
  readonly #random: () => number;
  readonly #later: (act: () => void, delayMs: number) => () => void;
  readonly #position = new ResumePosition();
  readonly #pings = new Map<number, number>();
  #socket: StreamSocket | undefined;
  #isWelcome = false;
  #attempt = 0;
  #cutAtMs: number | undefined;
  #callOffTry = () => {};
  #callOffPulse = () => {};
  #lastHeardMs = 0;
  #silenceMs = 40_000;
  #count = 0;
  #epoch: string | undefined;
  #feed = "";
  #isReplaying = false;
  #replayedMs = Number.NEGATIVE_INFINITY;

  constructor({ channels, listener, openSocket, nowMs, random, later }: StreamOptions) {
    this.#channels = channels;
    this.#listener = listener;
    this.#openSocket = openSocket;
    this.#nowMs = nowMs ?? Date.now;
    this.#random = random ?? Math.random;
    this.#later = later ?? laterByTimer;
  }

  open(): void {
    if (this.#socket) return;
    this.#callOffTry();
    const socket = this.#openSocket();
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#lastHeardMs = this.#nowMs();
    socket.onmessage = ({ data }: { data: unknown }) => this.#hear(data);
    socket.onerror = () => {};
    socket.onclose = ({ reason }: { reason?: string }) => this.#onClosed(socket, reason || "the connection ended");
    this.#callOffPulse = this.#later(() => this.#pulse(socket), PING_MS / 3);
  }

  /** Ends the connection for good, until it is opened again. */
  close(): void {
    this.#callOffTry();
    this.#callOffPulse();
    const socket = this.#socket;
    this.#socket = undefined;
    this.#isWelcome = false;
    socket?.close();
  }

  /** Tries at once where the next try is still to come, as when the machine is online again. */
  hurry(): void {
    if (!this.#socket && this.#cutAtMs !== undefined) this.open();
  }

  subscribe(channels: readonly string[]): void {
    if (!this.#isWelcome) return;
    for (const request of inRequests(channels, LIVE_LIMITS.channelsPerRequest)) {
      this.send({ type: "subscribe", channels: request });
    }
  }

  unsubscribe(channels: readonly string[]): void {
    if (!this.#isWelcome) return;
    for (const request of inRequests(channels, LIVE_LIMITS.channelsPerRequest)) {
      this.send({ type: "unsubscribe", channels: request });
    }
  }

  send(message: ClientMessage): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(message));
  }

  #hear(data: unknown): void {
    this.#lastHeardMs = this.#nowMs();
    if (typeof data !== "string") {
      const frame = data instanceof ArrayBuffer ? decodeFrame(data, this.#feed) : undefined;
      if (!frame) return;
      if (!this.#isReplaying && frame.epoch !== "") this.#position.note(frame.epoch, frame.sequence);
      this.#listener.frame(frame);
      return;
    }
    const message = readMessage(data);
    if (message) this.#understand(message);
  }

  #understand(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.#welcome(message);
        break;
      case "subscribed":
        this.#followEpoch(message.epoch);
        // After a resume the trades up to its sequence are still to come.
        if (message.from === "snapshot") this.#noteSequence(message.sequence);
        break;
      case "conflated":
        this.#noteSequence(message.sequence);
        break;
      case "feed":
        this.#noteSequence(message.sequence);
        this.#listener.state({ status: message.status, statusAtMs: this.#nowMs() });
        break;
      case "ping":
        this.send({ type: "pong" });
        break;
      case "pong":
        this.#measureClock(message);
        break;
      case "replay":
        this.#followReplay(message);
        break;
      case "error":
        this.#listener.state({ complaint: complaintInWords(message) });
        break;
    }
  }

  #welcome({ epoch, status, heartbeatSeconds }: ServerMessage & { type: "welcome" }): void {
    this.#isWelcome = true;
    this.#attempt = 0;
    this.#cutAtMs = undefined;
    this.#silenceMs = SILENT_HEARTBEATS * heartbeatSeconds * 1_000;
    this.#feed = status.feed;
    const nowMs = this.#nowMs();
    const wasReplaying = this.#isReplaying;
    this.#isReplaying = false;
    this.#listener.state({
      link: { kind: "open", sinceMs: nowMs },
      status,
      statusAtMs: nowMs,
      complaint: undefined,
    });
    if (wasReplaying) {
      this.#listener.state({ replay: undefined });
      this.#startAnew();
    }
    this.#followEpoch(epoch);
    const resume = this.#position.from;
    for (const channels of inRequests(this.#channels.all, LIVE_LIMITS.channelsPerRequest)) {
      this.send({ type: "subscribe", channels, ...(resume && { resume }) });
    }
    this.#ping();
  }

  /** Sequences of another epoch say nothing on this one; nor do the numbers of its day. */
  #followEpoch(epoch: string): void {
    if (this.#epoch !== undefined && this.#epoch !== epoch && !this.#isReplaying) this.#startAnew();
    this.#epoch = epoch;
  }

  /** Of a message that bears no epoch of its own. Those of a replay have no place in the present. */
  #noteSequence(sequence: number): void {
    if (!this.#isReplaying && this.#epoch !== undefined) this.#position.note(this.#epoch, sequence);
  }

  #startAnew(): void {
    this.#position.forget();
    this.#listener.restart();
  }

  #followReplay({ state, asOfMs, fromMs, toMs, speed }: ServerMessage & { type: "replay" }): void {
    const wasReplaying = this.#isReplaying;
    this.#isReplaying = state !== "stopped";
    const isBackwards = this.#isReplaying && asOfMs < this.#replayedMs;
    if (wasReplaying !== this.#isReplaying || isBackwards) this.#startAnew();
    this.#replayedMs = this.#isReplaying ? asOfMs : Number.NEGATIVE_INFINITY;
    this.#listener.state({
      complaint: undefined,
      replay: state === "stopped" ? undefined : { state, asOfMs, fromMs, toMs, speed },
    });
  }

  #onClosed(socket: StreamSocket, reason: string): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#isWelcome = false;
    this.#callOffPulse();
    const nowMs = this.#nowMs();
    this.#cutAtMs ??= nowMs;
    const delayMs = reconnectDelayMs(this.#attempt++, this.#random);
    this.#listener.state({
      link: { kind: "cut", sinceMs: this.#cutAtMs, nextTryAtMs: nowMs + delayMs, reason },
    });
    this.#callOffTry = this.#later(() => this.open(), delayMs);
  }

  /** Measures the clock now and then, and gives a silent server up. */
  #pulse(socket: StreamSocket): void {
    if (socket !== this.#socket) return;
    if (this.#nowMs() - this.#lastHeardMs > this.#silenceMs) {
      this.#onClosed(socket, "the server fell silent");
      socket.close();
      return;
    }
    if (this.#isWelcome && this.#count % 3 === 0) this.#ping();
    this.#count++;
    this.#callOffPulse = this.#later(() => this.#pulse(socket), PING_MS / 3);
  }

  #ping(): void {
    const id = this.#pings.size === 0 ? this.#lastHeardMs : Math.max(...this.#pings.keys()) + 1;
    if (this.#pings.size > 8) this.#pings.clear();
    this.#pings.set(id, this.#nowMs());
    this.send({ type: "ping", id });
  }

  #measureClock({ id, atMs }: ServerMessage & { type: "pong" }): void {
    const sentAtMs = this.#pings.get(Number(id));
    if (sentAtMs === undefined) return;
    this.#pings.delete(Number(id));
    this.clockOffset.note({ sentAtMs, serverMs: atMs, heardAtMs: this.#nowMs() });
  }
}

function readMessage(text: string): ServerMessage | undefined {
  try {
    return serverMessageSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function laterByTimer(act: () => void, delayMs: number): () => void {
  const timer = setTimeout(act, delayMs);
  return () => clearTimeout(timer);
}
