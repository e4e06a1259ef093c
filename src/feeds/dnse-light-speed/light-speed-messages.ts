import type { FeedEvent, ReferencePrice } from "../../engine/live-market/market-event.js";
import { type FrameData, readDnseFrame } from "../dnse/decode-frame.js";
import type { DnseUnits } from "../dnse/dnse-units.js";
import { rejectedFrame } from "../dnse/read-dnse-message.js";
import type { TopicContent } from "./light-speed-topics.js";

const LARGEST_PAYLOAD_BYTES = 1_024 * 1_024;
const EXCERPT_BYTES = 800;

export type LightSpeedMessageReader = (topic: string, payload: FrameData, receivedAtMs: number) => FeedEvent[];

export interface LightSpeedMessageReaderOptions {
  readonly units: DnseUnits;
  /** The feed, as figures print it. */
  readonly source: string;
  readonly contentOf: (topic: string) => TopicContent | undefined;
}

/**
 * Reads the payloads of topics. The day's reference prices come with every change of a price; they are passed on when
 * they are new.
 */
export function createLightSpeedMessageReader({
  units,
  source,
  contentOf,
}: LightSpeedMessageReaderOptions): LightSpeedMessageReader {
  const references = new Map<string, ReferencePrice>();

  function isNew(event: FeedEvent): boolean {
    if (event.kind !== "reference") return true;
    const known = references.get(event.symbol);
    references.set(event.symbol, event);
    return known === undefined || !isSameReference(known, event);
  }

  return (topic, payload, receivedAtMs) => {
    if (payload.length > LARGEST_PAYLOAD_BYTES) {
      const excerpt = textOf(payload.slice(0, EXCERPT_BYTES));
      const problem = `invalid frame: ${payload.length} bytes (accepted: up to 1 MiB)`;
      return [rejectedFrame(excerpt, receivedAtMs, `${topic}: ${problem}`)];
    }
    const { kind, board } = contentOf(topic) ?? {};
    const events = readDnseFrame(textOf(payload), { source, receivedAtMs, units, zone: "ict", kind, board });
    return events.filter(isNew).map((event) => withTopic(event, topic));
  };
}

function textOf(data: FrameData): string {
  return typeof data === "string" ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8");
}

function withTopic(event: FeedEvent, topic: string): FeedEvent {
  return event.kind === "rejected" ? { ...event, problem: `${topic}: ${event.problem}` } : event;
}

function isSameReference(one: ReferencePrice, other: ReferencePrice): boolean {
  return (
    one.tradingDate === other.tradingDate &&
    one.reference === other.reference &&
    one.ceiling === other.ceiling &&
    one.floor === other.floor &&
    one.isHalted === other.isHalted
  );
}
