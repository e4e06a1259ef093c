import type { WorkflowId } from "../../engine/workflow/workflow-ids.js";
import {
  changedSince,
  noSuchRevision,
  noSuchWorkflow,
  type StoredRevision,
  type StoredWorkflow,
  stillRunning,
} from "../../store/queries/workflow-definitions.js";
import type { MemoryRun } from "./memory-run-store.js";
import type { WorkflowStore } from "./workflow-store.js";

/** What the memory adapters of one store share. */
export interface WorkflowMemory {
  readonly workflows: Map<WorkflowId, StoredWorkflow>;
  readonly archived: Map<WorkflowId, StoredWorkflow>;
  readonly revisions: Map<WorkflowId, StoredRevision[]>;
  readonly runs: Map<string, MemoryRun>;
  readonly outputs: Map<string, Uint8Array>;
  /** Of every workflow, by kind and name. */
  readonly states: Map<WorkflowId, Map<string, { kind: "variable" | "node"; name: string; value: string }>>;
}

export function createWorkflowMemory(): WorkflowMemory {
  return {
    workflows: new Map(),
    archived: new Map(),
    revisions: new Map(),
    runs: new Map(),
    outputs: new Map(),
    states: new Map(),
  };
}

export function memoryWorkflowStore(memory: WorkflowMemory): WorkflowStore {
  const { workflows, revisions } = memory;
  const known = (id: WorkflowId): StoredWorkflow => {
    const workflow = workflows.get(id);
    if (!workflow) throw noSuchWorkflow(id);
    return workflow;
  };
  return {
    async create({ id, name, description, webhookToken, isExample, atMs, definition, digest, note }) {
      const times = { createdAtMs: atMs, updatedAtMs: atMs };
      const numbers = { latestRevision: 1, activeRevision: undefined };
      workflows.set(id, { id, name, description, webhookToken, isExample, ...numbers, ...times });
      revisions.set(id, [{ revision: 1, definition, digest, note, createdAtMs: atMs }]);
    },
    async save(id, { name, description, definition, digest, note }, { baseRevision, atMs }) {
      const workflow = known(id);
      const latest = workflow.latestRevision;
      if (revisions.get(id)!.at(-1)!.digest === digest) return latest;
      if (baseRevision !== undefined && baseRevision !== latest) throw changedSince(id, baseRevision, latest);
      const revision = latest + 1;
      revisions.get(id)!.push({ revision, definition, digest, note, createdAtMs: atMs });
      workflows.set(id, { ...workflow, name, description, latestRevision: revision, updatedAtMs: atMs });
      return revision;
    },
    async activate(id, revision, atMs) {
      const workflow = known(id);
      if (revision !== undefined && !revisions.get(id)!.some((stored) => stored.revision === revision))
        throw noSuchRevision(id, revision);
      workflows.set(id, { ...workflow, activeRevision: revision, updatedAtMs: atMs });
    },
    async archive(id) {
      const workflow = known(id);
      const atWork = [...memory.runs.values()].find(
        ({ run }) => run.workflowId === id && (run.status === "queued" || run.status === "running"),
      );
      if (atWork) throw stillRunning(id, atWork.run.id);
      workflows.delete(id);
      memory.archived.set(id, workflow);
    },
    async workflows(ids) {
      const chosen = ids === undefined ? [...workflows.values()] : ids.flatMap((id) => workflows.get(id) ?? []);
      return chosen.sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
    },
    byWebhookToken: async (token) => [...workflows.values()].find(({ webhookToken }) => webhookToken === token),
    revision: async (id, revision) => revisions.get(id)?.find((stored) => stored.revision === revision),
    revisions: async (id) => (revisions.get(id) ?? []).map(({ definition: _, ...rest }) => rest).reverse(),
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
