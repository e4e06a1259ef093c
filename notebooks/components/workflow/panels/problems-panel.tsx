import type { WorkflowProblem } from "../../../engine/workflow/workflow-problem.js";
import { useEditorState } from "../canvas/canvas-context.js";

/** Everything that keeps the workflow from being active. Choosing a problem chooses what it is about. */
export function ProblemsPanel({ onShow }: { readonly onShow: (problem: WorkflowProblem) => void }) {
  const { validation } = useEditorState();
  if (validation.problems.length === 0) {
    return (
      <p className="flow-empty">
        No problems: it can be activated. It runs in {validation.generations.length} steps, one after the other.
      </p>
    );
  }
  return (
    <ul className="flow-problems">
      {validation.problems.map((problem) => (
        <li key={JSON.stringify(problem)}>
          <button type="button" onClick={() => onShow(problem)}>
            <code>{problem.code}</code> {problem.message}
          </button>
        </li>
      ))}
    </ul>
  );
}
