import { Decoder } from "@msgpack/msgpack";
import type { FeedEvent } from "../../engine/live-market/market-event.js";
import type { DnseContext } from "./dnse-context.js";
import { readDnseMessage, rejectedFrame } from "./read-dnse-message.js";

/** What a transport delivers: text, or bytes. */
export type FrameData = string | Uint8Array;

/** What a frame holds; `problem` says what is wrong with the rest of it. */
export interface DecodedFrame {
  readonly messages: readonly unknown[];
  readonly problem: string | undefined;
}

const decoder = new Decoder({
  maxArrayLength: 100_000,
  maxMapLength: 10_000,
  maxExtLength: 1_024,
});

const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;
const WHITE_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * JSON or MessagePack, whichever a frame holds: text is JSON, and so are bytes that begin with a brace or a bracket,
 * which no MessagePack message does. A frame may hold several messages: an array, JSON lines, or MessagePack objects
 * one after the other.
 */
export function decodeFrame(data: FrameData): DecodedFrame {
  if (typeof data === "string") return decodeJson(data);
  const first = data.find((byte) => !WHITE_SPACE.has(byte));
  if (first === OPENING_BRACE || first === OPENING_BRACKET) return decodeJson(Buffer.from(data).toString("utf8"));
  return decodeMessagePack(data);
}

/** The events of a frame that holds nothing but data. */
export function readDnseFrame(data: FrameData, context: DnseContext): readonly FeedEvent[] {
  const { messages, problem } = decodeFrame(data);
  const events = messages.flatMap((message) => readDnseMessage(message, context));
  return problem === undefined ? events : [...events, rejectedFrame(data, context.receivedAtMs, problem)];
}

function decodeJson(text: string): DecodedFrame {
  try {
    return { messages: [JSON.parse(text)], problem: undefined };
  } catch (error) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return lines.length > 1 ? decodeLines(lines) : { messages: [], problem: notReadable("JSON", error) };
  }
}

function decodeLines(lines: readonly string[]): DecodedFrame {
  const messages: unknown[] = [];
  let problem: string | undefined;
  for (const line of lines) {
    try {
      messages.push(JSON.parse(line));
    } catch (error) {
      problem ??= notReadable("JSON", error);
    }
  }
  return { messages, problem };
}

function decodeMessagePack(bytes: Uint8Array): DecodedFrame {
  const messages: unknown[] = [];
  try {
    for (const message of decoder.decodeMulti(bytes)) {
      if (typeof message !== "object" || message === null) {
        return { messages, problem: "invalid frame: not a message (accepted: JSON or MessagePack objects)" };
      }
      messages.push(message);
    }
  } catch (error) {
    return { messages, problem: notReadable("MessagePack", error) };
  }
  const problem = messages.length === 0 ? "invalid frame: empty (accepted: JSON or MessagePack objects)" : undefined;
  return { messages, problem };
}

function notReadable(format: string, error: unknown): string {
  const reason = error instanceof Error ? error.message.slice(0, 120) : String(error);
  return `invalid frame: ${reason} (accepted: ${format} objects)`;
}
