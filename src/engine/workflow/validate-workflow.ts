import type { NodeCatalogue } from "./node-type.js";
import { checkEdges } from "./validation/check-edges.js";
import { checkLoops } from "./validation/check-loops.js";
import { checkNodes } from "./validation/check-nodes.js";
import { checkOrder } from "./validation/check-order.js";
import { checkParameters } from "./validation/check-parameters.js";
import { checkSettings } from "./validation/check-settings.js";
import { beginExamination } from "./validation/examination.js";
import type { WorkflowDefinition } from "./workflow-definition.js";
import type { NodeId } from "./workflow-ids.js";
import type { WorkflowProblem } from "./workflow-problem.js";

export interface WorkflowValidation {
  /** Whether it may become active: there is no problem. */
  readonly ok: boolean;
  /** Every one that was found, in the order of the checks: nodes, edges, parameters, settings, loops, order. The first 10,000. */
  readonly problems: readonly WorkflowProblem[];
  /** Nodes that may run at the same time, in the order of dependence; without those in a cycle or behind one. */
  readonly generations: readonly (readonly NodeId[])[];
}

/**
 * Everything that is wrong with a workflow, at once. A workflow without problems can be planned and run. Time and memory
 * are linear in nodes and edges.
 */
export function validateWorkflow(definition: WorkflowDefinition, catalogue: NodeCatalogue): WorkflowValidation {
  const examination = beginExamination(definition, catalogue);
  checkNodes(examination);
  const inputUse = checkEdges(examination);
  checkParameters(examination, inputUse);
  checkSettings(examination);
  checkLoops(examination);
  const generations = checkOrder(examination);
  return { ok: examination.problems.length === 0, problems: examination.problems, generations };
}
