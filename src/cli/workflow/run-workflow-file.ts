import { randomUUID } from "node:crypto";
import { pino } from "pino";
import type { RunAnswer } from "../../contracts/workflow-api.js";
import { WorkbenchError } from "../../engine/errors.js";
import { NODE_CATALOGUE } from "../../engine/workflow/node-catalogue.js";
import { NODE_IMPLEMENTATIONS } from "../../engine/workflow/node-implementations.js";
import type { NodeServices } from "../../engine/workflow/node-services.js";
import type { RunMode } from "../../engine/workflow/run-event.js";
import type { WorkflowDefinition } from "../../engine/workflow/workflow-definition.js";
import type { WorkflowId } from "../../engine/workflow/workflow-ids.js";
import { MACHINE_RUN_CLOCK } from "../../server/workflows/machine-run-clock.js";
import { memoryRunHistory, memoryRunStore } from "../../server/workflows/memory-run-store.js";
import { createWorkflowMemory, memoryWorkflowStore } from "../../server/workflows/memory-workflow-store.js";
import { LOCAL_PRINCIPAL, type PermissionSource } from "../../server/workflows/permission-source.js";
import { RevisionCache } from "../../server/workflows/revision-cache.js";
import { RunExecutor } from "../../server/workflows/run-executor.js";
import { RunLauncher } from "../../server/workflows/run-launcher.js";
import { RunService } from "../../server/workflows/run-service.js";
import { WorkflowService } from "../../server/workflows/workflow-service.js";

export interface WorkflowFileRun {
  readonly definition: WorkflowDefinition;
  readonly mode: RunMode;
  readonly asOfMs: number | undefined;
  readonly seed: number | undefined;
  readonly nodeServices: NodeServices;
  readonly permissions: PermissionSource;
  readonly nowMs: () => number;
  /** Cancels the run. */
  readonly signal: AbortSignal;
}

/** Runs a workflow once in this process; neither it nor the run is stored. @throws WORKFLOW_INVALID */
export async function runWorkflowFile(asked: WorkflowFileRun): Promise<RunAnswer> {
  const { definition, mode, asOfMs, seed, nodeServices, permissions, nowMs, signal } = asked;
  const memory = createWorkflowMemory();
  const workflows = memoryWorkflowStore(memory);
  const runs = memoryRunStore(memory, nowMs);
  const history = memoryRunHistory(memory);
  const revisions = new RevisionCache(workflows, NODE_CATALOGUE);
  const shared = { workflows, runs, history, revisions, nowMs };
  const queue = { enqueue: async () => {}, withdraw: async () => false };
  const launcher = new RunLauncher({ ...shared, queue, principal: LOCAL_PRINCIPAL });
  const executor = new RunExecutor({
    ...shared,
    implementations: NODE_IMPLEMENTATIONS,
    servicesOf: () => nodeServices,
    permissions,
    clock: { ...MACHINE_RUN_CLOCK, nowMs },
    holder: randomUUID(),
    onTurn: async () => {},
    logger: pino({ level: "silent" }),
  });
  const { id } = await new WorkflowService({ ...shared, catalogue: NODE_CATALOGUE }).create(definition);
  const workflowId = id as WorkflowId;
  const outcome = await launcher.start(workflowId, { mode, asOfMs, seed, payload: null });
  if (outcome.kind !== "queued") throw new WorkbenchError("INTERNAL", `the run was ${outcome.kind}`);
  const { runId } = outcome;
  const service = new RunService({ ...shared, launcher, queue, executor });
  const cancel = () => void service.cancel(runId, LOCAL_PRINCIPAL);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    await executor.execute({ runId, workflowId }, new AbortController().signal);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
  return service.read(runId);
}
