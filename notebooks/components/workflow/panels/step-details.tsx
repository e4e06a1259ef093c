import { useState } from "npm:react";
import { PortPicture } from "../run/port-picture.js";
import type { StepView } from "../run/run-view.js";
import { durationWords, pruneWords, STEP_SIGNS } from "../run/run-words.js";

/** What became of the chosen node in the run on show: state, reason, what came in and went out. */
export function StepDetails({
  steps,
  onRerun,
  onPin,
}: {
  readonly steps: readonly StepView[];
  readonly onRerun: (() => void) | undefined;
  /** Keeps the outputs of this step in the workflow, in the place of running the node. */
  readonly onPin: (() => void) | undefined;
}) {
  const [chosen, setChosen] = useState<string | null>(null);
  const step = steps.find(({ item }) => item === chosen) ?? steps[0];
  if (step === undefined) return null;
  return (
    <section className="flow-step" aria-label="In this run">
      {steps.length > 1 && (
        <select value={step.item ?? ""} aria-label="item" onChange={({ target }) => setChosen(target.value)}>
          {steps.map(({ item, state }) => (
            <option key={item} value={item ?? ""}>
              {STEP_SIGNS[state]} {item}
            </option>
          ))}
        </select>
      )}
      <p className="flow-step-state" data-state={step.state}>
        {STEP_SIGNS[step.state]} {step.state}
        {step.durationMs === null ? "" : ` in ${durationWords(step.durationMs)}`}
        {step.attempts > 1 ? `, ${step.attempts} attempts` : ""}
        {step.state === "pruned" ? `: ${pruneWords(step.pruneReason)}, because of ${step.because}` : ""}
        {step.reused ? ` (${step.reused})` : ""}
      </p>
      {step.code && (
        <p className="flow-inspector-problem">
          <code>{step.code}</code> {step.message}
        </p>
      )}
      {step.note && <p className="muted">{step.note}</p>}
      {Object.entries(step.inputs).map(([port, values]) =>
        values.map((preview, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: values of a port have no name and keep their order
          <PortPicture key={`${port}${index}`} port={`${port} ←`} preview={preview} isSmall />
        )),
      )}
      {Object.entries(step.outputs).map(([port, preview]) => (
        <PortPicture key={port} port={`${port} →`} preview={preview} />
      ))}
      <div className="button-bar">
        {onRerun && (
          <button type="button" className="button" onClick={onRerun}>
            Run again from here
          </button>
        )}
        {onPin && step.item === null && step.state === "succeeded" && (
          <button type="button" className="button" title="Use these outputs in the place of running it" onClick={onPin}>
            Pin outputs
          </button>
        )}
      </div>
    </section>
  );
}
