import type { RunEvent } from "../../engine/workflow/run-event.js";
import type { RunId } from "../../engine/workflow/workflow-ids.js";
import { decodeEvent, referencesOf } from "./run-event-codec.js";
import type { RunHistory } from "./run-store.js";

const PAGE = 1_000;

/** Every event of a run, as it was stored. */
export async function readEventTexts(history: RunHistory, runId: RunId): Promise<string[]> {
  const texts: string[] = [];
  for (;;) {
    const page = await history.events(runId, { from: texts.length, limit: PAGE });
    texts.push(...page);
    if (page.length < PAGE) return texts;
  }
}

/** Every event of a run, with its outputs. @throws WORKFLOW_OUTPUT_INVALID */
export async function readRunEvents(history: RunHistory, runId: RunId): Promise<RunEvent[]> {
  const texts = await readEventTexts(history, runId);
  const streams = new Map<string, Uint8Array>();
  for (const digest of referencesOf(texts)) {
    const stream = await history.output(digest);
    if (stream) streams.set(digest, stream);
  }
  return texts.map((text) => decodeEvent(text, streams));
}
