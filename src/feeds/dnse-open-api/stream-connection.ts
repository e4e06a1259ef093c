import { type RawData, WebSocket } from "ws";
import type { FeedEvent, FeedNotice } from "../../engine/live-market/market-event.js";
import { decodeFrame, type FrameData } from "../dnse/decode-frame.js";
import type { DnseContext } from "../dnse/dnse-context.js";
import { type DnsePayload, numberFrom } from "../dnse/payload-fields.js";
import { readDnseMessage, rejectedFrame } from "../dnse/read-dnse-message.js";
import type { DnseOpenApiSettings } from "../feeds-settings.js";
import type { FrameRecorder } from "../frame-recorder.js";
import type { Schedule } from "../schedule.js";
import type { ConnectionEnd } from "./connection-end.js";
import { streamAuthentication } from "./signing.js";
import type { StreamLimits } from "./stream-limits.js";
import {
  type ControlMessage,
  controlMessageOf,
  encodeMessage,
  endsSession,
  errorTextOf,
  isAboutTime,
  streamUrl,
} from "./stream-messages.js";
import type { SubscribeMessage } from "./subscriptions.js";

/** Pings in a row without a pong after which a connection counts as dead. */
const MISSED_PONGS = 2;
/** The server takes 100 messages a second. */
const MESSAGES_PER_BURST = 50;
const BURST_EVERY_MS = 1_000;
/** Clocks that differ less are no reason to doubt either. */
const CLOCK_TOLERANCE_MS = 30_000;

export interface StreamOptions {
  readonly settings: DnseOpenApiSettings;
  readonly limits: StreamLimits;
  readonly messages: readonly SubscribeMessage[];
  readonly nextNonce: () => string;
  readonly nowMs: () => number;
  /** Added to the machine's clock to sign. */
  readonly clockOffsetMs: number;
  readonly schedule: Schedule;
  readonly recorder: FrameRecorder | undefined;
  /** Every message of data, before it is read. */
  readonly onMessage: (message: unknown) => void;
  readonly onEvents: (events: readonly FeedEvent[]) => void;
  /** Called once, when subscriptions have been answered or data came in. */
  readonly onWorking: () => void;
}

export interface StreamConnection {
  readonly ended: Promise<ConnectionEnd>;
  /** Stops reading the socket, so that the server has to wait. */
  pause(): void;
  resume(): void;
  end(kind: "asked" | "stopped", reason: string): void;
}

/** Connects, signs in, subscribes and reads until one side ends it. */
export function openStreamConnection(options: StreamOptions): StreamConnection {
  const { settings, limits, nowMs, schedule, onEvents } = options;
  const socket = new WebSocket(streamUrl(settings.wsUrl, settings.encoding), {
    handshakeTimeout: limits.handshakeMs,
    maxPayload: limits.longestFrameBytes,
    perMessageDeflate: false,
    // Text that is no UTF-8 is rejected as a frame; it need not cost the connection.
    skipUTF8Validation: true,
  });
  const { promise: ended, resolve } = Promise.withResolvers<ConnectionEnd>();
  const cancels = new Map<string, () => void>();
  let phase: "opening" | "greeting" | "authenticating" | "subscribing" | "streaming" | "over" = "opening";
  let isPaused = false;
  let dataMessages = 0;
  let hasWorked = false;
  let hasExpired = false;
  let answered = 0;
  let acknowledged = 0;
  let unansweredPings = 0;
  let serverOffsetMs = 0;

  function later(name: string, delayMs: number, task: () => void): void {
    cancels.get(name)?.();
    cancels.set(name, schedule(task, delayMs));
  }

  function unschedule(name: string): void {
    cancels.get(name)?.();
    cancels.delete(name);
  }

  function tell(notice: FeedNotice["notice"], message: string): void {
    onEvents([{ kind: "notice", notice, atMs: nowMs(), message }]);
  }

  function send(message: unknown): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(encodeMessage(message, settings.encoding));
  }

  function finish(kind: ConnectionEnd["kind"], reason: string, clockOffsetMs?: number): void {
    if (phase === "over") return;
    phase = "over";
    for (const cancel of cancels.values()) cancel();
    cancels.clear();
    resolve({ kind, reason, hasWorked, clockOffsetMs });
    if (isPaused) socket.resume();
    if (socket.readyState === WebSocket.OPEN && kind !== "lost") {
      socket.close(1000);
      const cancel = schedule(() => socket.terminate(), limits.closingMs);
      socket.once("close", cancel);
    } else {
      socket.terminate();
    }
  }

  function authenticate(): void {
    if (phase !== "greeting") return;
    phase = "authenticating";
    send(streamAuthentication(settings, nowMs() + options.clockOffsetMs, options.nextNonce()));
    later("phase", limits.authenticationMs, () => finish("lost", "the server did not answer the authentication"));
  }

  function subscribeFrom(index: number): void {
    const burst = options.messages.slice(index, index + MESSAGES_PER_BURST);
    for (const message of burst) send(message);
    const next = index + burst.length;
    if (next < options.messages.length) later("subscribe", BURST_EVERY_MS, () => subscribeFrom(next));
    else later("phase", limits.acknowledgementMs, judgeAcknowledgements);
  }

  function judgeAcknowledgements(): void {
    if (answered === 0 && !hasWorked) finish("lost", "the server did not acknowledge any subscription");
    else startStreaming();
  }

  function startStreaming(): void {
    if (phase !== "subscribing") return;
    phase = "streaming";
    unschedule("phase");
    const total = options.messages.length;
    tell("subscribed", `${acknowledged} of ${total} subscriptions were acknowledged`);
    noteWorking();
  }

  function noteWorking(): void {
    if (hasWorked) return;
    hasWorked = true;
    options.onWorking();
  }

  function countAnswer(): void {
    answered += 1;
    if (answered >= options.messages.length) startStreaming();
  }

  function pingLater(): void {
    later("ping", limits.pingEveryMs, () => {
      // While the socket is not read, pongs cannot come in.
      if (!isPaused) {
        if (unansweredPings >= MISSED_PONGS) {
          finish("lost", `the server did not answer ${MISSED_PONGS} pings`);
          return;
        }
        unansweredPings += 1;
      }
      send({ action: "ping" });
      pingLater();
    });
  }

  function control({ action, payload }: ControlMessage): void {
    switch (action) {
      case "welcome":
        serverOffsetMs = offsetOf(payload, nowMs());
        authenticate();
        break;
      case "auth_success":
        if (phase !== "authenticating") break;
        phase = "subscribing";
        unschedule("phase");
        tell("authenticated", "the server accepted the key");
        later("life", limits.lifeMs, () => finish("renewed", "the connection is about to reach its longest life"));
        pingLater();
        if (options.messages.length === 0) startStreaming();
        else subscribeFrom(0);
        break;
      case "auth_error":
      case "error":
        fail(payload, action);
        break;
      case "subscribed":
        acknowledged += 1;
        countAnswer();
        break;
      case "unsubscribed":
        break;
      case "ping":
        send(payload.timestamp === undefined ? { action: "pong" } : { action: "pong", timestamp: payload.timestamp });
        tell("heartbeat", "the server asked whether the feed is there");
        break;
      case "pong":
        unansweredPings = 0;
        tell("heartbeat", "the server answered a ping");
        break;
      case "connection_expired":
        hasExpired = true;
        finish("renewed", `the server ends the connection: ${errorTextOf(payload)}`);
        break;
    }
  }

  function fail(payload: DnsePayload, action: "error" | "auth_error"): void {
    const text = errorTextOf(payload);
    if (phase === "greeting" || phase === "authenticating") {
      if (payload.code === "AUTH_TIMEOUT") finish("lost", text);
      else if (isAboutTime(text) && Math.abs(serverOffsetMs - options.clockOffsetMs) > CLOCK_TOLERANCE_MS) {
        finish("refused", `${text}; the clocks differ by ${Math.round(serverOffsetMs / 1_000)} s`, serverOffsetMs);
      } else finish("refused", text);
    } else if (action === "auth_error" || endsSession(payload)) {
      finish("lost", `the server ended the session: ${text}`);
    } else {
      tell("refused", `the server refused a message: ${text}`);
      countAnswer();
    }
  }

  function receive(data: FrameData): void {
    if (phase === "over") return;
    const receivedAtMs = nowMs();
    const { messages, problem } = decodeFrame(data);
    const context: DnseContext = { source: "dnse", receivedAtMs, units: settings.units, zone: "ict" };
    const before = dataMessages;
    let batch: unknown[] = [];
    for (const message of messages.length === 1 && Array.isArray(messages[0]) ? messages[0] : messages) {
      const controlling = controlMessageOf(message);
      if (controlling === undefined) {
        batch.push(message);
        continue;
      }
      deliver(batch, context);
      batch = [];
      control(controlling);
      if (isOver()) return;
    }
    deliver(batch, context);
    if (problem !== undefined) onEvents([rejectedFrame(data, receivedAtMs, problem)]);
    const isSignedIn = phase === "subscribing" || phase === "streaming";
    if (isSignedIn && (dataMessages > before || problem !== undefined)) options.recorder?.record(data, receivedAtMs);
  }

  function deliver(messages: readonly unknown[], context: DnseContext): void {
    if (messages.length === 0) return;
    dataMessages += messages.length;
    for (const message of messages) options.onMessage(message);
    const events = readDnseMessage(messages, context);
    if (events.length === 0) return;
    if (events.some(({ kind }) => kind !== "rejected")) noteWorking();
    onEvents(events);
  }

  /** Apart from `receive`, whose calls change the phase. */
  function isOver(): boolean {
    return phase === "over";
  }

  socket.on("open", () => {
    if (phase !== "opening") return;
    phase = "greeting";
    tell("connected", `connected to ${new URL(settings.wsUrl).host}`);
    later("phase", limits.welcomeMs, authenticate);
  });
  socket.on("message", (data: RawData, isBinary: boolean) => {
    const bytes = data as Buffer;
    const frame = isBinary ? bytes : bytes.toString("utf8");
    try {
      receive(frame);
    } catch (error) {
      // A fault in reading one frame must not end the process that reads all others.
      onEvents([rejectedFrame(frame, nowMs(), `invalid frame: reading it failed: ${String(error)}`)]);
    }
  });
  socket.on("unexpected-response", (request, response) => {
    const status = response.statusCode ?? 0;
    const reason = `the server answered ${status} to the connection`;
    response.resume();
    finish(status === 401 || status === 403 ? "refused" : status === 429 ? "busy" : "lost", reason);
    request.destroy();
  });
  socket.on("error", (error: Error & { code?: string }) => {
    if (phase !== "over" && error.code?.startsWith("WS_ERR_") === true) {
      const problem =
        error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH"
          ? `too long (accepted: at most ${limits.longestFrameBytes} bytes)`
          : `${error.message} (accepted: frames of the WebSocket protocol)`;
      onEvents([rejectedFrame("", nowMs(), `invalid frame: ${problem}`)]);
    }
    finish("lost", `the connection failed: ${error.message || (error.code ?? "no reason was given")}`);
  });
  socket.on("close", (code, reason) => {
    const text = `the server closed the connection (${code}${reason.length > 0 ? ` ${reason.toString("utf8")}` : ""})`;
    if (hasExpired) finish("renewed", text);
    else if (phase === "authenticating" && isRefusal(code)) finish("refused", text);
    else finish(code === 1013 ? "busy" : "lost", text);
  });

  return {
    ended,
    pause: () => {
      isPaused = true;
      if (phase !== "over" && socket.readyState === WebSocket.OPEN) socket.pause();
    },
    resume: () => {
      isPaused = false;
      unansweredPings = 0;
      if (phase !== "over" && socket.readyState === WebSocket.OPEN) socket.resume();
    },
    end: (kind, reason) => finish(kind, reason),
  };
}

/** Close codes by which a server refuses who signs in: a violated policy, or one of its own. */
function isRefusal(code: number): boolean {
  return code === 1008 || (code >= 3_000 && code < 5_000);
}

/** The server's clock minus the machine's, by the time in its welcome; 0 where that has none. */
function offsetOf({ timestamp }: DnsePayload, nowMs: number): number {
  const value = numberFrom(timestamp);
  if (!(value > 1e9)) return 0;
  return (value < 1e11 ? value * 1_000 : value) - nowMs;
}
