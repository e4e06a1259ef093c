import type { PortPreview, RunEventMessage } from "../../contracts/workflow-api.js";
import { WorkbenchError } from "../../engine/errors.js";
import type { JsonValue } from "../../engine/workflow/json-value.js";
import type { PortType, PortValue } from "../../engine/workflow/port-value.js";
import { decodePortValue, encodePortValue } from "../../engine/workflow/port-value-codec.js";
import type { Outputs, RunEvent } from "../../engine/workflow/run-event.js";
import { type EventText, outputDigest } from "../../store/queries/workflow-run-events.js";
import { portValueFromArrow, portValueToArrow } from "./port-value-arrow.js";
import { previewPortValue } from "./port-value-preview.js";

/*
 * An event at rest is its JSON, with outputs as `encodePortValue` writes them. An output that is large as JSON stands
 * there as a reference, with a preview, to its Arrow stream beside the log.
 */

const LARGEST_JSON_LENGTH = 64 * 1024;
/** Beyond these it is large, whatever the numbers are: the JSON need not be made to know. */
const MANY_POINTS = 4_000;
const MANY_CELLS = 8_000;

interface StoredReference {
  readonly type: PortType;
  /** Digest in `workflow_outputs`. */
  readonly stored: string;
  readonly bytes: number;
  readonly preview: PortPreview;
}

export interface EncodedEvent {
  readonly text: EventText;
  /** Streams that the text refers to by digest, to be kept before it is. */
  readonly streams: readonly Uint8Array[];
}

export function encodeEvent(event: RunEvent): EncodedEvent {
  const streams: Uint8Array[] = [];
  const payload = event.kind === "step-succeeded" ? withOutputs(event, streams) : JSON.stringify(event);
  const { sequence, atMs, kind } = event;
  return {
    text: {
      sequence,
      atMs,
      kind,
      nodeId: "nodeId" in event ? storable(event.nodeId) : undefined,
      item: "item" in event && event.item !== undefined ? storable(event.item) : undefined,
      attempt: "attempt" in event ? event.attempt : undefined,
      code: "code" in event ? storable(event.code) : undefined,
      payload,
    },
    streams,
  };
}

/** Digests that the texts of events refer to, each once. */
export function referencesOf(payloads: readonly string[]): string[] {
  const digests = new Set<string>();
  for (const payload of payloads) {
    if (!payload.includes('"stored":')) continue;
    for (const output of Object.values(outputsOf(payload))) if (isReference(output)) digests.add(output.stored);
  }
  return [...digests];
}

/** @throws WORKFLOW_OUTPUT_INVALID for a stream that is missing or cannot be read */
export function decodeEvent(payload: string, streams: ReadonlyMap<string, Uint8Array>): RunEvent {
  const event = JSON.parse(payload) as RunEvent;
  if (event.kind !== "step-succeeded") return event;
  const outputs: Record<string, PortValue> = {};
  for (const [port, output] of Object.entries(event.outputs as unknown as Record<string, JsonValue>)) {
    outputs[port] = isReference(output) ? referred(output, streams) : decodePortValue(output);
  }
  return { ...event, outputs };
}

/** The event as pages get it: previews in the place of outputs. */
export function eventMessage(payload: string): RunEventMessage {
  const event = JSON.parse(payload) as RunEvent;
  switch (event.kind) {
    case "run-started": {
      const { sequence, atMs, kind, revision, mode, asOfMs, seed } = event;
      return { sequence, atMs, kind, revision, mode, asOfMs, seed };
    }
    case "step-succeeded": {
      const { outputs, nodeState: _, variables: __, ...rest } = event;
      return { ...rest, outputs: previewsOf(outputs as unknown as Record<string, JsonValue>) };
    }
    case "loop-expanded":
      return { ...event, items: [...event.items] };
    default:
      return event;
  }
}

function withOutputs(event: RunEvent & { readonly outputs: Outputs }, streams: Uint8Array[]): string {
  const { outputs, ...rest } = event;
  const ports = Object.entries(outputs).map(([port, value]) => `${JSON.stringify(port)}:${outputText(value, streams)}`);
  return `${JSON.stringify(rest).slice(0, -1)},"outputs":{${ports.join(",")}}}`;
}

function outputText(value: PortValue, streams: Uint8Array[]): string {
  if (!isSurelyLarge(value)) {
    const json = JSON.stringify(encodePortValue(value));
    if (json.length <= LARGEST_JSON_LENGTH) return json;
  }
  const stream = portValueToArrow(value);
  streams.push(stream);
  const reference: StoredReference = {
    type: value.type,
    stored: outputDigest(stream),
    bytes: stream.length,
    preview: previewPortValue(value),
  };
  return JSON.stringify(reference);
}

function isSurelyLarge({ type, value }: PortValue): boolean {
  if (type === "series") return value.timesMs.length > MANY_POINTS;
  return type === "table" && value.rowCount * value.columns.length > MANY_CELLS;
}

function outputsOf(payload: string): Record<string, JsonValue> {
  const event = JSON.parse(payload) as RunEvent;
  return event.kind === "step-succeeded" ? (event.outputs as unknown as Record<string, JsonValue>) : {};
}

function previewsOf(outputs: Readonly<Record<string, JsonValue>>): Record<string, PortPreview> {
  const previews: Record<string, PortPreview> = {};
  for (const [port, output] of Object.entries(outputs)) {
    previews[port] = isReference(output) ? output.preview : previewPortValue(decodePortValue(output));
  }
  return previews;
}

function referred({ stored }: StoredReference, streams: ReadonlyMap<string, Uint8Array>): PortValue {
  const stream = streams.get(stored);
  if (stream) return portValueFromArrow(stream);
  throw new WorkbenchError("WORKFLOW_OUTPUT_INVALID", `invalid output: its stream ${stored} is not stored`);
}

function isReference(output: unknown): output is StoredReference {
  return typeof output === "object" && output !== null && "stored" in output;
}

/** Columns of text take every character but NUL; JSON has an escape for it. */
function storable(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\uFFFD") : text;
}
