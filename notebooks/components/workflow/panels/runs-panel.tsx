import { useCallback, useEffect, useState } from "npm:react";
import type { RunSummary } from "../../../contracts/workflow-api.js";
import { isOver, type RunView } from "../run/run-view.js";
import { durationWords, RUN_WORDS, saigonTime } from "../run/run-words.js";
import { workflowClient } from "../workflow-client.js";

interface RunsPanelProps {
  readonly workflowId: string;
  /** On show on the canvas. */
  readonly shown: RunView | undefined;
  /** At which the next run looks at the market; undefined for the present. */
  readonly asOfMs: number | undefined;
  readonly onAsOf: (asOfMs: number | undefined) => void;
  readonly onShow: (runId: string | undefined) => void;
  readonly onCancel: () => void;
  readonly onRerunFailed: () => void;
}

/** Runs of this workflow, newest first. Choosing one lays it over the canvas, with its own data. */
export function RunsPanel({ workflowId, shown, asOfMs, onAsOf, onShow, onCancel, onRerunFailed }: RunsPanelProps) {
  const [runs, setRuns] = useState<readonly RunSummary[] | undefined>();
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const load = useCallback(
    async (from?: string) => {
      try {
        const page = await workflowClient.runs(workflowId, from);
        setRuns((before) => (from === undefined ? page.runs : [...(before ?? []), ...page.runs]));
        setCursor(page.nextCursor);
        setProblem("");
      } catch (error) {
        setProblem((error as Error).message);
      }
    },
    [workflowId],
  );
  const shownKey = shown && `${shown.run.id}${shown.run.status}`;
  // Read again when the run on show begins and ends.
  useEffect(() => void load(), [load, shownKey]);
  if (problem) return <p className="flow-inspector-problem">{problem}</p>;
  if (runs === undefined) return <p className="flow-empty">Loading runs</p>;
  return (
    <div className="flow-runs">
      <label className="flow-as-of" title="Ho Chi Minh City; empty for the present">
        next run as of
        <input
          type="datetime-local"
          value={asOfMs === undefined ? "" : saigonTime(asOfMs).slice(0, 16).replace(" ", "T")}
          onChange={({ target }) => onAsOf(target.value === "" ? undefined : Date.parse(`${target.value}:00+07:00`))}
        />
      </label>
      {runs.length === 0 && <p className="flow-empty">Never run so far. “Run” or “Dry run” begins the first.</p>}
      {shown && (
        <ShownRun view={shown} onClose={() => onShow(undefined)} onCancel={onCancel} onRerunFailed={onRerunFailed} />
      )}
      <ul>
        {runs.map((run) => (
          <li key={run.id}>
            <button type="button" aria-pressed={run.id === shown?.run.id} onClick={() => onShow(run.id)}>
              <span className="flow-run-status" data-state={run.status}>
                {RUN_WORDS[run.status]}
              </span>
              <span>{saigonTime(run.createdAtMs)}</span>
              <span className="muted">
                {run.trigger.kind}
                {run.mode === "dry-run" ? ", dry run" : ""}
                {run.rerunOf === null ? "" : ", again"} · r{run.revision}
                {run.startedAtMs !== null && run.finishedAtMs !== null
                  ? ` · ${durationWords(run.finishedAtMs - run.startedAtMs)}`
                  : ""}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {cursor !== null && (
        <button type="button" className="button" onClick={() => void load(cursor)}>
          Older runs
        </button>
      )}
    </div>
  );
}

function ShownRun({
  view,
  onClose,
  onCancel,
  onRerunFailed,
}: {
  readonly view: RunView;
  readonly onClose: () => void;
  readonly onCancel: () => void;
  readonly onRerunFailed: () => void;
}) {
  const { run, steps } = view;
  const counts = new Map<string, number>();
  for (const { state } of steps.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
  return (
    <div className="flow-shown-run" role="status">
      <p>
        <span className="flow-run-status" data-state={run.status}>
          {RUN_WORDS[run.status]}
        </span>{" "}
        {[...counts].map(([state, count]) => `${count} ${state}`).join(", ")}
      </p>
      <p className="muted">
        as of {saigonTime(run.asOfMs)}, revision {run.revision}, seed {run.seed}
        {run.message ? `. ${run.message}` : ""}
      </p>
      <div className="button-bar">
        {!isOver(run) && (
          <button type="button" className="button" disabled={run.isCancelRequested} onClick={onCancel}>
            {run.isCancelRequested ? "Cancelling" : "Cancel"}
          </button>
        )}
        {run.status === "failed" && (
          <button type="button" className="button" onClick={onRerunFailed}>
            Run what failed again
          </button>
        )}
        <button type="button" className="button" onClick={onClose}>
          Hide
        </button>
      </div>
    </div>
  );
}
