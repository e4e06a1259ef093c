import { useCallback, useEffect, useState } from "npm:react";
import type { WorkflowRevisions } from "../../../contracts/workflow-api.js";
import type { NodeCatalogue } from "../../../engine/workflow/node-type.js";
import type { WorkflowDefinition } from "../../../engine/workflow/workflow-definition.js";
import { saigonTime } from "../run/run-words.js";
import { workflowClient } from "../workflow-client.js";
import { RevisionDiff } from "./revision-diff.js";

interface Comparison {
  readonly from: { readonly revision: number; readonly definition: WorkflowDefinition };
  readonly to: { readonly revision: number; readonly definition: WorkflowDefinition };
}

/** Every revision there ever was: compared side by side, brought back as a new one. */
export function RevisionsPanel({
  workflowId,
  revision,
  catalogue,
  isReadOnly,
  onRestored,
}: {
  readonly workflowId: string;
  /** The latest; the list is read again when it moves. */
  readonly revision: number;
  readonly catalogue: NodeCatalogue;
  readonly isReadOnly: boolean;
  readonly onRestored: () => void;
}) {
  const [list, setList] = useState<WorkflowRevisions["revisions"] | undefined>();
  const [comparison, setComparison] = useState<Comparison | undefined>();
  const [problem, setProblem] = useState("");
  const attempt = useCallback(async (work: () => Promise<void>) => {
    try {
      setProblem("");
      await work();
    } catch (error) {
      setProblem((error as Error).message);
    }
  }, []);
  // Read again with each revision, which is then in the list, too.
  useEffect(() => {
    void attempt(async () => setList((await workflowClient.revisions(workflowId)).revisions));
  }, [workflowId, revision, attempt]);
  if (problem) return <p className="flow-inspector-problem">{problem}</p>;
  if (list === undefined) return <p className="flow-empty">Loading revisions</p>;
  const compare = (from: number, to: number) =>
    attempt(async () => {
      const [left, right] = await Promise.all([
        workflowClient.revision(workflowId, from),
        workflowClient.revision(workflowId, to),
      ]);
      setComparison({ from: left, to: right });
    });
  return (
    <>
      <ul className="flow-revisions">
        {list.map((entry, index) => {
          const before = list[index + 1]?.revision;
          return (
            <li key={entry.revision}>
              <span>
                Revision {entry.revision}
                {entry.isActive ? " · active" : ""}
              </span>
              <span className="muted">
                {saigonTime(entry.createdAtMs)} {entry.note}
              </span>
              <span className="button-bar">
                {before !== undefined && (
                  <button type="button" className="button" onClick={() => void compare(before, entry.revision)}>
                    Compare with {before}
                  </button>
                )}
                {!isReadOnly && index > 0 && (
                  <button
                    type="button"
                    className="button"
                    onClick={() =>
                      void attempt(async () => {
                        await workflowClient.restore(workflowId, entry.revision);
                        onRestored();
                      })
                    }
                  >
                    Restore
                  </button>
                )}
              </span>
            </li>
          );
        })}
      </ul>
      {comparison && <RevisionDiff {...comparison} catalogue={catalogue} onClose={() => setComparison(undefined)} />}
    </>
  );
}
