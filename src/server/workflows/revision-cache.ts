import { parseWorkflow } from "../../contracts/workflow-definition.js";
import { WorkbenchError } from "../../engine/errors.js";
import type { NodeCatalogue } from "../../engine/workflow/node-type.js";
import { validateWorkflow, type WorkflowValidation } from "../../engine/workflow/validate-workflow.js";
import type { WorkflowDefinition } from "../../engine/workflow/workflow-definition.js";
import type { WorkflowId } from "../../engine/workflow/workflow-ids.js";
import { planWorkflow, type WorkflowPlan } from "../../engine/workflow/workflow-plan.js";
import type { StoredRevision } from "../../store/queries/workflow-definitions.js";
import type { WorkflowStore } from "./workflow-store.js";

/** More than there are workflows: a list of more of them than this would read each anew. */
const MOST_REVISIONS = 1_000;

/** A revision as it was read once: it never changes. */
export interface LoadedRevision {
  readonly stored: StoredRevision;
  readonly definition: WorkflowDefinition;
  readonly validation: WorkflowValidation;
  /** @throws WORKFLOW_INVALID with every problem */
  readonly plan: () => WorkflowPlan;
}

/** The revisions that were used last, parsed, checked and planned. */
export class RevisionCache {
  readonly #store: WorkflowStore;
  readonly #catalogue: NodeCatalogue;
  readonly #loaded = new Map<string, Promise<LoadedRevision | undefined>>();

  constructor(store: WorkflowStore, catalogue: NodeCatalogue) {
    this.#store = store;
    this.#catalogue = catalogue;
  }

  /** Undefined where it is not stored. @throws WORKFLOW_INVALID for a definition that cannot be read */
  async load(workflowId: WorkflowId, revision: number): Promise<LoadedRevision | undefined> {
    const key = `${workflowId} ${revision}`;
    const known = this.#loaded.get(key);
    this.#loaded.delete(key);
    const loading = known ?? this.#read(workflowId, revision);
    this.#loaded.set(key, loading);
    if (this.#loaded.size > MOST_REVISIONS) this.#loaded.delete(this.#loaded.keys().next().value!);
    try {
      const loaded = await loading;
      if (!loaded) this.#loaded.delete(key);
      return loaded;
    } catch (error) {
      this.#loaded.delete(key);
      throw error;
    }
  }

  async #read(workflowId: WorkflowId, revision: number): Promise<LoadedRevision | undefined> {
    const stored = await this.#store.revision(workflowId, revision);
    if (!stored) return undefined;
    const parsed = parseWorkflow(JSON.parse(stored.definition));
    if (!parsed.isValid) throw invalidWorkflow(parsed);
    const { definition } = parsed;
    const validation = validateWorkflow(definition, this.#catalogue);
    let plan: WorkflowPlan | undefined;
    return {
      stored,
      definition,
      validation,
      plan: () => {
        if (!validation.ok) throw invalidWorkflow(validation);
        plan ??= planWorkflow(definition, this.#catalogue);
        return plan;
      },
    };
  }
}

/** Names the first problem; `details.problems` has all. */
export function invalidWorkflow({ problems }: Pick<WorkflowValidation, "problems">): WorkbenchError {
  const [first, ...more] = problems;
  const rest = more.length === 0 ? "" : `, and ${more.length} more`;
  return new WorkbenchError("WORKFLOW_INVALID", `invalid workflow: ${first?.message ?? "it has problems"}${rest}`, {
    details: { problems },
  });
}
