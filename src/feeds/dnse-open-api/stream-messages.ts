import { encode } from "@msgpack/msgpack";
import type { FrameData } from "../dnse/decode-frame.js";
import { type DnsePayload, isPayload } from "../dnse/payload-fields.js";

/** What a server says of the connection itself. Some payloads of data have an `action` too: none of these. */
const CONTROL_ACTIONS = [
  "welcome",
  "auth_success",
  "auth_error",
  "error",
  "subscribed",
  "unsubscribed",
  "ping",
  "pong",
  "connection_expired",
] as const;

export type ControlAction = (typeof CONTROL_ACTIONS)[number];

const CONTROL: ReadonlySet<unknown> = new Set(CONTROL_ACTIONS);

export interface ControlMessage {
  readonly action: ControlAction;
  readonly payload: DnsePayload;
}

/** A message of control; `undefined` for data. */
export function controlMessageOf(message: unknown): ControlMessage | undefined {
  if (!isPayload(message)) return undefined;
  const action = message.action ?? message.a;
  if (CONTROL.has(action)) return { action: action as ControlAction, payload: message };
  const isGreeting = message.T === undefined && (message.session_id ?? message.sid) !== undefined;
  return isGreeting ? { action: "welcome", payload: message } : undefined;
}

/** What an error says, with its code. */
export function errorTextOf(payload: DnsePayload): string {
  const text = payload.message ?? payload.msg ?? payload.error ?? "no reason was given";
  const code = payload.code === undefined ? "" : `${String(payload.code)}: `;
  return `${code}${typeof text === "string" ? text : JSON.stringify(text)}`.slice(0, 300);
}

const ENDING_CODE = /^(?:AUTH|UNAUTH|NOT_AUTH|TOKEN|INVALID_TOKEN|SESSION_|EXPIRED)/i;
const ENDING_TEXT =
  /\b(?:token|session|authentication|credentials?)\b.{0,40}\b(?:expired|invalid|revoked|required)\b|unauthori[sz]ed|not authenticated/i;
/** Names of channels, such as `session.STO.G1.json`: what they say is not about the stream's own session. */
const CHANNEL_NAME = /\b\w+(?:\.\w+)+\b/g;

/** Errors after which the stream is no longer signed in. */
export function endsSession(payload: DnsePayload): boolean {
  if (typeof payload.code === "string" && ENDING_CODE.test(payload.code)) return true;
  return ENDING_TEXT.test(errorTextOf(payload).replaceAll(CHANNEL_NAME, ""));
}

/** Whether a refusal is about the time rather than the credentials. */
export function isAboutTime(text: string): boolean {
  return /time|clock|window/i.test(text) && !/AUTH_TIMEOUT/.test(text);
}

export function encodeMessage(message: unknown, encoding: "json" | "msgpack"): FrameData {
  return encoding === "json" ? JSON.stringify(message) : encode(message);
}

/** The stream's address, whether or not `wsUrl` names its path already. */
export function streamUrl(wsUrl: string, encoding: "json" | "msgpack"): string {
  const url = new URL(wsUrl);
  if (!/\/v1\/stream\/?$/.test(url.pathname)) url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/stream`;
  url.searchParams.set("encoding", encoding);
  return url.href;
}
