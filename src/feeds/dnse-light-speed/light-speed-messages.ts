import type { FeedEvent, ReferencePrice } from "../../engine/live-market/market-event.js";
import { readDnseMessage, rejectedFrame } from "../dnse/read-dnse-message.js";
import type { LightSpeedSettings } from "../feeds-settings.js";
import type { TopicContent } from "./light-speed-topics.js";

const LARGEST_PAYLOAD_BYTES = 1_024 * 1_024;
const EXCERPT_BYTES = 800;

export type LightSpeedMessageReader = (topic: string, payload: Uint8Array, receivedAtMs: number) => FeedEvent[];

/**
 * Reads the payloads of the topics asked for. The day's reference prices come with every change of a price; they are
 * passed on when they are new.
 */
export function createLightSpeedMessageReader(
  topics: ReadonlyMap<string, TopicContent>,
  { units }: Pick<LightSpeedSettings, "units">,
): LightSpeedMessageReader {
  const references = new Map<string, ReferencePrice>();

  function isNew(event: FeedEvent): boolean {
    if (event.kind !== "reference") return true;
    const known = references.get(event.symbol);
    references.set(event.symbol, event);
    return known === undefined || !isSameReference(known, event);
  }

  return (topic, payload, receivedAtMs) => {
    const decoded = decode(payload);
    if ("problem" in decoded) return [rejectedFrame(decoded.text, receivedAtMs, `${topic}: ${decoded.problem}`)];
    const content = topics.get(topic);
    const context = { source: "dnse-mqtt", receivedAtMs, units, zone: "utc", ...content } as const;
    return readDnseMessage(decoded.message, context).filter(isNew);
  };
}

type Decoded = { readonly message: unknown } | { readonly problem: string; readonly text: string };

function decode(payload: Uint8Array): Decoded {
  const { buffer, byteOffset, byteLength } = payload;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  if (byteLength > LARGEST_PAYLOAD_BYTES) {
    const problem = `invalid message: ${byteLength} bytes (accepted: up to 1 MiB)`;
    return { problem, text: bytes.toString("utf8", 0, EXCERPT_BYTES) };
  }
  const text = bytes.toString("utf8");
  try {
    return { message: JSON.parse(text) };
  } catch {
    return { problem: "invalid message: not JSON (accepted: a JSON object)", text };
  }
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
