import type { JsonValue } from "./json-value.js";
import { decodeOutputs, encodeOutputs } from "./port-value-codec.js";
import type { RunEvent } from "./run-event.js";

/** Where the events of one run are kept. */
export interface RunJournal {
  /**
   * Takes events that follow what was appended before. Batches come in order, and the next may come before the promise
   * of the former is kept. A rejection ends the execution; the run can be taken up from what was kept.
   */
  append(events: readonly RunEvent[]): void | Promise<void>;
  /** Resolves when everything appended outlives a power failure. */
  flush(): Promise<void>;
}

/** An event as JSON, with outputs as `encodePortValue` writes them. */
export function encodeRunEvent(event: RunEvent): JsonValue {
  const json = event.kind === "step-succeeded" ? { ...event, outputs: encodeOutputs(event.outputs) } : event;
  return json as unknown as JsonValue;
}

/** The event that `encodeRunEvent` wrote. @throws WORKFLOW_OUTPUT_INVALID for outputs in another form */
export function decodeRunEvent(json: JsonValue): RunEvent {
  const event = json as unknown as RunEvent;
  if (event.kind !== "step-succeeded") return event;
  return { ...event, outputs: decodeOutputs(event.outputs as unknown as JsonValue) };
}
