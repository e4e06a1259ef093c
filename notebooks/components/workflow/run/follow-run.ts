import { workflowClient } from "../workflow-client.js";
import { isOver, type RunView, runViewOf, withEvents } from "./run-view.js";

const WAIT_MS = { busy: 250, afterFailure: 2_000 };

/**
 * Shows a run as it goes on, until it has ended or `signal` aborts. The events are asked for, not pushed, so that a
 * page that slept or lost its connection sees each of them all the same.
 * @throws WorkflowRequestError when the run is not there
 */
export async function followRun(runId: string, show: (view: RunView) => void, signal: AbortSignal): Promise<void> {
  let view = runViewOf(await workflowClient.run(runId));
  if (signal.aborted) return;
  show(view);
  while (!signal.aborted && !isOver(view.run)) {
    const wait = await oneRound();
    if (!signal.aborted) await pause(wait, signal);
  }
  if (signal.aborted) return;
  // Inputs stand in the summaries of steps only.
  view = runViewOf(await workflowClient.run(runId));
  if (!signal.aborted) show(view);

  async function oneRound(): Promise<number> {
    try {
      const { events } = await workflowClient.events(runId, view.nextSequence, signal);
      if (events.length > 0 && !signal.aborted) {
        view = withEvents(view, events);
        show(view);
      }
      return WAIT_MS.busy;
    } catch {
      return WAIT_MS.afterFailure;
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
