import type { FeedNotice } from "../../engine/live-market/market-event.js";
import { type DnsePayload, numberFrom } from "../dnse/payload-fields.js";
import type { DnseOpenApiSettings } from "../feeds-settings.js";
import type { NamedTimers } from "../named-timers.js";
import type { ConnectionEnd } from "./connection-end.js";
import { streamAuthentication } from "./signing.js";
import type { StreamLimits } from "./stream-limits.js";
import { type ControlMessage, endsSession, errorTextOf, isAboutTime } from "./stream-messages.js";
import type { SubscribeMessage } from "./subscriptions.js";

/** Pings in a row without a pong after which a connection counts as dead. */
const MISSED_PONGS = 2;
/** The server takes 100 messages a second. */
const MESSAGES_PER_BURST = 50;
const BURST_EVERY_MS = 1_000;
/** Clocks that differ less are no reason to doubt either. */
const CLOCK_TOLERANCE_MS = 30_000;

export interface StreamSessionOptions {
  readonly settings: DnseOpenApiSettings;
  readonly limits: StreamLimits;
  readonly messages: readonly SubscribeMessage[];
  readonly nextNonce: () => string;
  readonly nowMs: () => number;
  /** Added to the machine's clock to sign. */
  readonly clockOffsetMs: number;
  /** Called once, when subscriptions have been answered or data came in. */
  readonly onWorking: () => void;
}

/** What a session does to its connection. */
export interface StreamSessionLink {
  readonly timers: NamedTimers;
  send(message: unknown): void;
  tell(notice: FeedNotice["notice"], message: string): void;
  finish(kind: ConnectionEnd["kind"], reason: string, clockOffsetMs?: number): void;
  /** Whether the socket is not being read: pongs cannot come in. */
  isPaused(): boolean;
}

/** The protocol of one connection: the server greets, the key is shown, channels are subscribed, pings go both ways. */
export class StreamSession {
  readonly #options: StreamSessionOptions;
  readonly #link: StreamSessionLink;
  #phase: "opening" | "greeting" | "authenticating" | "subscribing" | "streaming" | "over" = "opening";
  #hasWorked = false;
  #hasExpired = false;
  #answered = 0;
  #acknowledged = 0;
  #unansweredPings = 0;
  #serverOffsetMs = 0;

  constructor(options: StreamSessionOptions, link: StreamSessionLink) {
    this.#options = options;
    this.#link = link;
  }

  get isOver(): boolean {
    return this.#phase === "over";
  }

  get isAuthenticating(): boolean {
    return this.#phase === "authenticating";
  }

  get isSignedIn(): boolean {
    return this.#phase === "subscribing" || this.#phase === "streaming";
  }

  /** Whether data came in, or all subscriptions were answered. */
  get hasWorked(): boolean {
    return this.#hasWorked;
  }

  /** Whether the server said that the connection has lived long enough. */
  get hasExpired(): boolean {
    return this.#hasExpired;
  }

  /** The socket is open: the server's welcome is awaited. */
  opened(): void {
    if (this.#phase !== "opening") return;
    const { settings, limits } = this.#options;
    this.#phase = "greeting";
    this.#link.tell("connected", `connected to ${new URL(settings.wsUrl).host}`);
    this.#link.timers.set("phase", limits.welcomeMs, () => this.#authenticate());
  }

  over(): void {
    this.#phase = "over";
  }

  noteWorking(): void {
    if (this.#hasWorked) return;
    this.#hasWorked = true;
    this.#options.onWorking();
  }

  /** The socket is read again: pings count from here. */
  resumed(): void {
    this.#unansweredPings = 0;
  }

  control({ action, payload }: ControlMessage): void {
    const { timers, send, tell, finish } = this.#link;
    const { limits, messages, nowMs } = this.#options;
    switch (action) {
      case "welcome":
        this.#serverOffsetMs = offsetOf(payload, nowMs());
        this.#authenticate();
        break;
      case "auth_success":
        if (this.#phase !== "authenticating") break;
        this.#phase = "subscribing";
        timers.clear("phase");
        tell("authenticated", "the server accepted the key");
        timers.set("life", limits.lifeMs, () => finish("renewed", "the connection is about to reach its longest life"));
        this.#pingLater();
        if (messages.length === 0) this.#startStreaming();
        else this.#subscribeFrom(0);
        break;
      case "auth_error":
      case "error":
        this.#fail(payload, action);
        break;
      case "subscribed":
        this.#acknowledged += 1;
        this.#countAnswer();
        break;
      case "unsubscribed":
        break;
      case "ping":
        send(payload.timestamp === undefined ? { action: "pong" } : { action: "pong", timestamp: payload.timestamp });
        tell("heartbeat", "the server asked whether the feed is there");
        break;
      case "pong":
        this.#unansweredPings = 0;
        tell("heartbeat", "the server answered a ping");
        break;
      case "connection_expired":
        this.#hasExpired = true;
        finish("renewed", `the server ends the connection: ${errorTextOf(payload)}`);
        break;
    }
  }

  #authenticate(): void {
    if (this.#phase !== "greeting") return;
    const { settings, limits, nowMs, clockOffsetMs, nextNonce } = this.#options;
    const { timers, send, finish } = this.#link;
    this.#phase = "authenticating";
    send(streamAuthentication(settings, nowMs() + clockOffsetMs, nextNonce()));
    timers.set("phase", limits.authenticationMs, () => finish("lost", "the server did not answer the authentication"));
  }

  #subscribeFrom(index: number): void {
    const { messages, limits } = this.#options;
    const burst = messages.slice(index, index + MESSAGES_PER_BURST);
    for (const message of burst) this.#link.send(message);
    const next = index + burst.length;
    if (next < messages.length) this.#link.timers.set("subscribe", BURST_EVERY_MS, () => this.#subscribeFrom(next));
    else this.#link.timers.set("phase", limits.acknowledgementMs, () => this.#judgeAcknowledgements());
  }

  #judgeAcknowledgements(): void {
    if (this.#answered === 0 && !this.#hasWorked) {
      this.#link.finish("lost", "the server did not acknowledge any subscription");
    } else this.#startStreaming();
  }

  #startStreaming(): void {
    if (this.#phase !== "subscribing") return;
    this.#phase = "streaming";
    this.#link.timers.clear("phase");
    const total = this.#options.messages.length;
    this.#link.tell("subscribed", `${this.#acknowledged} of ${total} subscriptions were acknowledged`);
    this.noteWorking();
  }

  #countAnswer(): void {
    this.#answered += 1;
    if (this.#answered >= this.#options.messages.length) this.#startStreaming();
  }

  #pingLater(): void {
    const { timers, send, finish, isPaused } = this.#link;
    timers.set("ping", this.#options.limits.pingEveryMs, () => {
      if (!isPaused()) {
        if (this.#unansweredPings >= MISSED_PONGS) {
          finish("lost", `the server did not answer ${MISSED_PONGS} pings`);
          return;
        }
        this.#unansweredPings += 1;
      }
      send({ action: "ping" });
      this.#pingLater();
    });
  }

  #fail(payload: DnsePayload, action: "error" | "auth_error"): void {
    const { tell, finish } = this.#link;
    const text = errorTextOf(payload);
    if (this.#phase === "greeting" || this.#phase === "authenticating") {
      const difference = Math.abs(this.#serverOffsetMs - this.#options.clockOffsetMs);
      if (payload.code === "AUTH_TIMEOUT") finish("lost", text);
      else if (isAboutTime(text) && difference > CLOCK_TOLERANCE_MS) {
        const offsetMs = this.#serverOffsetMs;
        finish("refused", `${text}; the clocks differ by ${Math.round(offsetMs / 1_000)} s`, offsetMs);
      } else finish("refused", text);
    } else if (action === "auth_error" || endsSession(payload)) {
      finish("lost", `the server ended the session: ${text}`);
    } else {
      tell("refused", `the server refused a message: ${text}`);
      this.#countAnswer();
    }
  }
}

/** The server's clock minus the machine's, by the time in its welcome; 0 where that has none. */
function offsetOf({ timestamp }: DnsePayload, nowMs: number): number {
  const value = numberFrom(timestamp);
  if (!(value > 1e9)) return 0;
  return (value < 1e11 ? value * 1_000 : value) - nowMs;
}
