import { epochMs } from "../../src/engine/units/epoch-ms.js";
import type { RunClock } from "../../src/engine/workflow/execution/run-clock.js";
import type { NodeServices } from "../../src/engine/workflow/node-services.js";
import type { WorkflowPermission } from "../../src/engine/workflow/node-type.js";
import type { TriggerFacts } from "../../src/engine/workflow/run-event.js";
import type { RunId, TriggerInstance, WorkflowId } from "../../src/engine/workflow/workflow-ids.js";
import { MACHINE_RUN_CLOCK } from "../../src/server/workflows/machine-run-clock.js";
import { memoryRunHistory, memoryRunStore } from "../../src/server/workflows/memory-run-store.js";
import { createWorkflowMemory, memoryWorkflowStore } from "../../src/server/workflows/memory-workflow-store.js";
import { RevisionCache } from "../../src/server/workflows/revision-cache.js";
import { readRunEvents } from "../../src/server/workflows/run-events.js";
import { RunExecutor } from "../../src/server/workflows/run-executor.js";
import { RunLauncher } from "../../src/server/workflows/run-launcher.js";
import type { QueuedRun } from "../../src/server/workflows/run-queue.js";
import type { RunHistory, RunStore } from "../../src/server/workflows/run-store.js";
import type { RunWatchTiming } from "../../src/server/workflows/run-watch.js";
import { WorkflowService } from "../../src/server/workflows/workflow-service.js";
import type { WorkflowStore } from "../../src/server/workflows/workflow-store.js";
import { catalogueOf, implementationsOf, SAMPLE_NODES, type SampleNode } from "../engine/workflow/run/sample-nodes.js";
import { type WorkflowSketch, workflowOf } from "../engine/workflow/run/sample-run.js";
import { silentLogger } from "./silent-logger.js";
import { EFFECT_NODES, type RecordedEffects } from "./workflow-effect-nodes.js";

export interface WorkflowLabOptions {
  readonly workflows: WorkflowStore;
  readonly runs: RunStore;
  readonly history: RunHistory;
  readonly effects: RecordedEffects;
  readonly nodes?: readonly SampleNode[];
  readonly clock?: RunClock;
  readonly timing?: RunWatchTiming;
  readonly holder?: string;
}

export function memoryStores(nowMs: () => number = Date.now) {
  const memory = createWorkflowMemory();
  return {
    memory,
    workflows: memoryWorkflowStore(memory),
    runs: memoryRunStore(memory, nowMs),
    history: memoryRunHistory(memory),
  };
}

/** Stores, a queue that is emptied on demand, and a worker with nodes for tests. */
export class WorkflowLab {
  readonly options: WorkflowLabOptions;
  readonly service: WorkflowService;
  readonly launcher: RunLauncher;
  readonly executor: RunExecutor;
  /** Everything that was queued, in its order. */
  readonly queued: QueuedRun[] = [];
  readonly revisions: RevisionCache;
  /** What may not be done any more. */
  readonly forbidden = new Set<WorkflowPermission>();

  constructor(options: WorkflowLabOptions) {
    this.options = options;
    const { workflows, runs, history, clock = MACHINE_RUN_CLOCK } = options;
    const nodes = [...SAMPLE_NODES, ...EFFECT_NODES, ...(options.nodes ?? [])];
    const catalogue = catalogueOf(nodes);
    const nowMs = () => clock.nowMs();
    this.revisions = new RevisionCache(workflows, catalogue);
    this.service = new WorkflowService({ workflows, history, revisions: this.revisions, catalogue, nowMs });
    const queue = {
      enqueue: async (queued: readonly QueuedRun[]) => {
        this.queued.push(...queued);
      },
    };
    const shared = { workflows, runs, history, revisions: this.revisions };
    this.launcher = new RunLauncher({ ...shared, queue, principal: "local", nowMs });
    this.executor = new RunExecutor({
      ...shared,
      implementations: implementationsOf(nodes),
      servicesOf: () => options.effects as unknown as NodeServices,
      permissions: { mayUse: (_, permission) => !this.forbidden.has(permission) },
      clock,
      holder: options.holder ?? "lab",
      onTurn: (workflowIds) => this.launcher.queueNext(workflowIds),
      logger: silentLogger(),
      ...(options.timing ? { timing: options.timing } : {}),
    });
  }

  /** Stores a workflow and activates its first revision. */
  async active(sketch: WorkflowSketch): Promise<WorkflowId> {
    const { id } = await this.service.create(workflowOf(sketch));
    await this.service.activate(id as WorkflowId, 1);
    return id as WorkflowId;
  }

  async fire(workflowId: WorkflowId, instance: string, asOfMs?: number): Promise<RunId> {
    const outcome = await this.launcher.fire({ workflowId, facts: aFiring(instance), ...(asOfMs ? { asOfMs } : {}) });
    return outcome.kind === "skipped" ? outcome.because : outcome.runId;
  }

  /** Executes what is queued, and what is queued by that. */
  async drain(signal = new AbortController().signal): Promise<void> {
    for (let run = this.queued.shift(); run; run = this.queued.shift()) await this.executor.execute(run, signal);
  }

  events(runId: RunId) {
    return readRunEvents(this.options.history, runId);
  }

  async run(runId: RunId) {
    return (await this.options.history.run(runId))!;
  }
}

export function aFiring(instance: string): TriggerFacts {
  return {
    kind: "cron",
    instance: instance as TriggerInstance,
    firedAtMs: epochMs(1_776_049_200_000),
    payload: null,
  };
}
