import { useEffect, useState } from "npm:react";
import type { RunMode } from "../../../engine/workflow/run-event.js";
import { ChangingValue } from "../../live/observable-value.js";
import { changeNodeData } from "../document/edit-workflow.js";
import type { Attempt, OpenedWorkflow } from "../document/use-stored-workflow.js";
import { workflowClient } from "../workflow-client.js";
import { followRun } from "./follow-run.js";
import { type NodeRunState, nodeRunStates, type RunView } from "./run-view.js";

interface ShownRunOptions {
  readonly opened: OpenedWorkflow;
  /** The run on show, from the address. */
  readonly runId: string | undefined;
  readonly savedRevision: () => Promise<number>;
  readonly attempt: Attempt;
  readonly say: (text: string) => void;
  readonly onShow: (runId: string | undefined) => void;
}

/** The run that lies over the canvas, as it goes on, and what can be done with runs. */
export function useShownRun({ opened, runId, savedRevision, attempt, say, onShow }: ShownRunOptions) {
  const { editor, stored } = opened;
  const [view, setView] = useState<RunView | undefined>();
  const [asOfMs, setAsOf] = useState<number | undefined>();
  const [runStates] = useState(() => new ChangingValue<ReadonlyMap<string, NodeRunState> | undefined>(undefined));
  useEffect(() => {
    setView(undefined);
    if (runId === undefined || stored === undefined) return undefined;
    const stop = new AbortController();
    followRun(runId, setView, stop.signal).catch((error: Error) => {
      if (!stop.signal.aborted) say(error.message);
    });
    return () => stop.abort();
  }, [runId, stored, say]);
  useEffect(() => runStates.set(view && nodeRunStates(view)), [view, runStates]);
  const begin = (mode: RunMode) =>
    attempt(async () => {
      if (stored === undefined || !editor.state().validation.ok) return;
      const accepted = await workflowClient.execute(stored.id, {
        ...{ revision: await savedRevision(), mode, attempt: crypto.randomUUID() },
        ...(asOfMs !== undefined && { asOfMs }),
      });
      if (accepted.outcome === "skipped") say("Not begun: another run is at work, and the policy is to skip.");
      onShow(accepted.runId);
    });
  const rerun = (from: "failed" | { readonly nodeId: string }) =>
    attempt(async () => {
      if (view) onShow((await workflowClient.rerun(view.run.id, from, await savedRevision())).runId);
    });
  const cancel = () =>
    attempt(async () => {
      if (view) await workflowClient.cancel(view.run.id);
    });
  /** Keeps a step's outputs in the workflow, in the place of running its node. */
  const pin = (nodeId: string) =>
    attempt(async () => {
      if (!view) return;
      const { outputs } = await workflowClient.outputs(view.run.id, nodeId);
      editor.change((all) => changeNodeData(all, nodeId, (data) => ({ ...data, pinned: outputs })));
      say("Pinned: the node gives these outputs until it is unpinned.");
    });
  return { view, runStates, asOfMs, setAsOf, begin, rerun, cancel, pin };
}
