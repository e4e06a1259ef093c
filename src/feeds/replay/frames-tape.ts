import type { FeedEvent } from "../../engine/live-market/market-event.js";
import { decodeFrame } from "../dnse/decode-frame.js";
import { DNSE_UNITS, type DnseUnits } from "../dnse/dnse-units.js";
import { readDnseMessage, rejectedFrame } from "../dnse/read-dnse-message.js";
import { createLightSpeedMessageReader } from "../dnse-light-speed/light-speed-messages.js";
import { topicContentOf } from "../dnse-light-speed/light-speed-topics.js";
import { controlMessageOf } from "../dnse-open-api/stream-messages.js";
import { dataOf, type RecordedFrame, readRecordedFrames } from "../frame-recorder.js";
import { tapeFileError } from "./tape-file-error.js";
import { tapeRangeOf } from "./tape-range.js";
import { type TapeEvent, type TickTape, tapeTimeOf } from "./tick-tape.js";

const BATCH_EVENTS = 1_024;

/**
 * Frames as a feed recorded them, read again by what reads them live: what was rejected then is rejected here. A line
 * of the recording that is no frame is rejected too; it has the time of the frame before it.
 */
export function createFramesTape(path: string, { units = DNSE_UNITS }: { readonly units?: DnseUnits } = {}): TickTape {
  async function* open(fromMs: number): AsyncGenerator<readonly TapeEvent[], void> {
    const read = createFrameReader(units);
    let receivedAtMs = 0;
    let batch: TapeEvent[] = [];
    try {
      for await (const line of readRecordedFrames(path)) {
        if (line.kind === "frame") receivedAtMs = line.frame.receivedAtMs;
        const events =
          line.kind === "frame" ? read(line.frame) : [rejectedFrame(line.excerpt, receivedAtMs, line.problem)];
        for (const event of events) if (event.kind !== "notice" && tapeTimeOf(event) >= fromMs) batch.push(event);
        if (batch.length < BATCH_EVENTS) continue;
        yield batch;
        batch = [];
      }
    } catch (error) {
      throw tapeFileError(path, error);
    }
    if (batch.length > 0) yield batch;
  }

  return { description: "recorded frames", dataset: "market", open, range: tapeRangeOf(path, open) };
}

function createFrameReader(units: DnseUnits): (frame: RecordedFrame) => readonly FeedEvent[] {
  const readLightSpeed = createLightSpeedMessageReader({ units, source: "replay", contentOf: topicContentOf });
  return (frame) => {
    const { receivedAtMs, topic } = frame;
    const data = dataOf(frame);
    if (topic !== undefined) return readLightSpeed(topic, data, receivedAtMs);
    const { messages, problem } = decodeFrame(data);
    const context = { source: "replay", receivedAtMs, units, zone: "ict" } as const;
    const events = messages
      .filter((message) => controlMessageOf(message) === undefined)
      .flatMap((message) => readDnseMessage(message, context));
    return problem === undefined ? events : [...events, rejectedFrame(data, receivedAtMs, problem)];
  };
}
