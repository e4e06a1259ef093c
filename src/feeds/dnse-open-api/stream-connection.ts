import { type RawData, WebSocket } from "ws";
import type { FeedEvent } from "../../engine/live-market/market-event.js";
import { decodeFrame, type FrameData } from "../dnse/decode-frame.js";
import type { DnseContext } from "../dnse/dnse-context.js";
import { readDnseMessage, rejectedFrame } from "../dnse/read-dnse-message.js";
import type { FrameRecorder } from "../frame-recorder.js";
import { NamedTimers } from "../named-timers.js";
import type { Schedule } from "../schedule.js";
import type { ConnectionEnd } from "./connection-end.js";
import { controlMessageOf, encodeMessage, streamUrl } from "./stream-messages.js";
import { StreamSession, type StreamSessionOptions } from "./stream-session.js";

export interface StreamOptions extends StreamSessionOptions {
  readonly schedule: Schedule;
  readonly recorder: FrameRecorder | undefined;
  /** Every message of data, before it is read. */
  readonly onMessage: (message: unknown) => void;
  readonly onEvents: (events: readonly FeedEvent[]) => void;
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
  const timers = new NamedTimers(schedule);
  let isPaused = false;
  let dataMessages = 0;
  const session = new StreamSession(options, {
    timers,
    finish,
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(encodeMessage(message, settings.encoding));
    },
    tell: (notice, message) => onEvents([{ kind: "notice", notice, atMs: nowMs(), message }]),
    isPaused: () => isPaused,
  });

  function finish(kind: ConnectionEnd["kind"], reason: string, clockOffsetMs?: number): void {
    if (session.isOver) return;
    session.over();
    timers.clearAll();
    resolve({ kind, reason, hasWorked: session.hasWorked, clockOffsetMs });
    if (isPaused) socket.resume();
    if (socket.readyState === WebSocket.OPEN && kind !== "lost") {
      socket.close(1000);
      const cancel = schedule(() => socket.terminate(), limits.closingMs);
      socket.once("close", cancel);
    } else {
      socket.terminate();
    }
  }

  function receive(data: FrameData): void {
    if (session.isOver) return;
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
      session.control(controlling);
      if (session.isOver) return;
    }
    deliver(batch, context);
    if (problem !== undefined) onEvents([rejectedFrame(data, receivedAtMs, problem)]);
    const isTelling = dataMessages > before || problem !== undefined;
    if (session.isSignedIn && isTelling) options.recorder?.record(data, receivedAtMs);
  }

  function deliver(messages: readonly unknown[], context: DnseContext): void {
    if (messages.length === 0) return;
    dataMessages += messages.length;
    for (const message of messages) options.onMessage(message);
    const events = readDnseMessage(messages, context);
    if (events.length === 0) return;
    if (events.some(({ kind }) => kind !== "rejected")) session.noteWorking();
    onEvents(events);
  }

  socket.on("open", () => session.opened());
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
    if (!session.isOver && error.code?.startsWith("WS_ERR_") === true) {
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
    if (session.hasExpired) finish("renewed", text);
    else if (session.isAuthenticating && isRefusal(code)) finish("refused", text);
    else finish(code === 1013 ? "busy" : "lost", text);
  });

  return {
    ended,
    pause: () => {
      isPaused = true;
      if (!session.isOver && socket.readyState === WebSocket.OPEN) socket.pause();
    },
    resume: () => {
      isPaused = false;
      session.resumed();
      if (!session.isOver && socket.readyState === WebSocket.OPEN) socket.resume();
    },
    end: (kind, reason) => finish(kind, reason),
  };
}

/** Close codes by which a server refuses who signs in: a violated policy, or one of its own. */
function isRefusal(code: number): boolean {
  return code === 1008 || (code >= 3_000 && code < 5_000);
}
