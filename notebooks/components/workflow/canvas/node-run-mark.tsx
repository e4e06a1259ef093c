import type { PortPreview } from "../../../contracts/workflow-api.js";
import { PortPicture } from "../run/port-picture.js";
import { durationWords, pruneWords, STEP_SIGNS } from "../run/run-words.js";
import { useHasRun, useNodeRun } from "./canvas-context.js";

/** On a card's head: sign, word and time of the node in the run on show. */
export function NodeRunMark({ nodeId }: { readonly nodeId: string }) {
  const hasRun = useHasRun();
  const state = useNodeRun(nodeId);
  if (!hasRun) return null;
  if (state === undefined) return <span className="flow-run-mark" data-state="waiting" title="not reached yet" />;
  const { step, items, failedItems } = state;
  const words =
    step.state === "pruned"
      ? pruneWords(step.pruneReason)
      : step.state === "succeeded" && step.durationMs !== null
        ? durationWords(step.durationMs)
        : step.state;
  const details = [
    step.code && `${step.code}: ${step.message}`,
    step.because && `because of ${step.because}`,
    step.note,
  ]
    .filter(Boolean)
    .join("\n");
  return (
    <span className="flow-run-mark" data-state={step.state} title={details || undefined}>
      {STEP_SIGNS[step.state]} {items > 0 ? `${items - failedItems}/${items}` : words}
      {step.attempts > 1 ? ` ×${step.attempts}` : ""}
      {step.reused === "earlier-run" ? " reused" : ""}
    </span>
  );
}

/** Below a card: its outputs in the run on show, as small pictures. */
export function NodeRunOutputs({ nodeId }: { readonly nodeId: string }) {
  const step = useNodeRun(nodeId)?.step;
  if (step === undefined) return null;
  const outputs = Object.entries(step.outputs);
  if (step.state === "failed") return <p className="flow-card-error">{step.message}</p>;
  if (outputs.length === 0) return null;
  return (
    <div className="flow-card-outputs">
      {outputs.slice(0, 3).map(([port, preview]: [string, PortPreview]) => (
        <PortPicture key={port} port={port} preview={preview} isSmall />
      ))}
    </div>
  );
}
