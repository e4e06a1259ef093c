import { randomUUID } from "node:crypto";
import { WorkbenchError } from "../../engine/errors.js";
import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import type { JsonValue } from "../../engine/workflow/json-value.js";
import type { RunMode, TriggerFacts } from "../../engine/workflow/run-event.js";
import type { RunId, TriggerInstance, WorkflowId } from "../../engine/workflow/workflow-ids.js";
import { inactiveWorkflow, noSuchRevision, noSuchWorkflow } from "../../store/queries/workflow-definitions.js";
import type { NewRun, RerunFrom, RunCreation } from "../../store/queries/workflow-runs.js";
import { batchedCalls } from "./batched-calls.js";
import type { LoadedRevision, RevisionCache } from "./revision-cache.js";
import type { QueuedRun, RunQueue } from "./run-queue.js";
import type { RunHistory, RunStore } from "./run-store.js";
import type { DispatchOutcome, TriggerDispatcher, TriggerFiring } from "./trigger-dispatcher.js";
import type { WorkflowStore } from "./workflow-store.js";

export interface RunLauncherOptions {
  readonly workflows: WorkflowStore;
  readonly runs: RunStore;
  readonly history: RunHistory;
  readonly revisions: RevisionCache;
  readonly queue: Pick<RunQueue, "enqueue">;
  readonly principal: string;
  readonly nowMs: () => number;
}

/** A run that somebody asks for, beside what triggers bring. */
export interface ManualStart {
  /** The active revision, else the latest, unless given. */
  readonly revision?: number | undefined;
  readonly mode: RunMode;
  readonly asOfMs?: number | undefined;
  readonly seed?: number | undefined;
  readonly payload: JsonValue;
  /** Asked for twice under one key and in one mode, it runs once: a dry run does not stand for what is done. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * Turns occurrences into runs, and runs whose turn it is into work for the queue. A run that excludes others is queued
 * when those before it have ended: by its launch, or by the worker that ended the last of them.
 */
export class RunLauncher implements TriggerDispatcher {
  readonly #options: RunLauncherOptions;
  readonly #enqueue: (run: QueuedRun) => Promise<void>;
  readonly #isOnTurn: (runId: RunId) => Promise<boolean>;

  constructor(options: RunLauncherOptions) {
    this.#options = options;
    const { queue, runs } = options;
    this.#enqueue = batchedCalls(async (queued: readonly QueuedRun[]) => {
      await queue.enqueue(queued);
      return queued.map(() => undefined);
    });
    this.#isOnTurn = batchedCalls(async (runIds: readonly RunId[]) => {
      const free = new Set((await runs.free({ runIds, limit: runIds.length })).map(({ runId }) => runId));
      return runIds.map((runId) => free.has(runId));
    });
  }

  async fire({ workflowId, facts, asOfMs, mode = "live" }: TriggerFiring): Promise<DispatchOutcome> {
    const workflow = await this.#workflow(workflowId);
    const { activeRevision } = workflow;
    if (activeRevision === undefined) throw inactiveWorkflow(workflow);
    const revision = await this.#revision(workflowId, activeRevision);
    return this.#launch(firstRun(revision, { workflowId, facts, asOfMs: asOfMs ?? facts.firedAtMs, mode }));
  }

  /** @throws NOT_FOUND, WORKFLOW_INVALID for a draft that cannot run */
  async start(workflowId: WorkflowId, asked: ManualStart): Promise<DispatchOutcome> {
    const workflow = await this.#workflow(workflowId);
    const number = asked.revision ?? workflow.activeRevision ?? workflow.latestRevision;
    const revision = await this.#revision(workflowId, number);
    revision.plan();
    const { mode, payload, seed } = asked;
    const nowMs = epochMs(this.#options.nowMs());
    const instance = `manual:${mode}:${asked.idempotencyKey ?? randomUUID()}` as TriggerInstance;
    const facts: TriggerFacts = { kind: "manual", instance, firedAtMs: nowMs, payload };
    return this.#launch(firstRun(revision, { workflowId, facts, asOfMs: asked.asOfMs ?? nowMs, mode, seed }));
  }

  /**
   * Repeats a run from what failed or from a node. Its effects have the keys of the first: what was done then is not
   * done again. @throws NOT_FOUND, WORKFLOW_RUNNING while the run has not ended, WORKFLOW_INVALID
   */
  async rerun(
    runId: RunId,
    { from, revision }: { from: RerunFrom; revision?: number | undefined },
  ): Promise<DispatchOutcome> {
    const run = await this.#options.history.run(runId);
    if (!run) throw noSuchRun(runId);
    if (run.status === "queued" || run.status === "running") {
      throw new WorkbenchError("WORKFLOW_RUNNING", `run ${runId} has not ended: cancel it, or wait for its end`);
    }
    const { workflowId, trigger, effectScope, mode, asOfMs, seed } = run;
    await this.#workflow(workflowId);
    const number = revision ?? run.revision;
    const loaded = await this.#revision(workflowId, number);
    const { plan } = loaded;
    if (from !== "failed" && !plan().indexOf.has(from.nodeId)) {
      throw new WorkbenchError("NOT_FOUND", `revision ${number} of the workflow has no node ${from.nodeId}`);
    }
    const rerun = { of: runId, from };
    const concurrency = loaded.definition.settings.concurrency;
    return this.#launch({
      ...{ workflowId, trigger, effectScope, mode, asOfMs, seed, rerun, concurrency },
      revision: number,
    });
  }

  /** Queues runs that a worker could take now: also those that a killed process left behind. */
  async queueFree(limit: number): Promise<void> {
    const free = await this.#options.runs.free({ limit });
    if (free.length > 0) await this.#options.queue.enqueue(free);
  }

  /** Queues of each workflow the run whose turn it is, after one of it has ended. */
  async queueNext(workflowIds: readonly WorkflowId[]): Promise<void> {
    const next = await this.#options.runs.onTurn(workflowIds);
    if (next.length > 0) await this.#options.queue.enqueue(next);
  }

  async #launch(asked: Omit<NewRun, "id" | "principal" | "createdAtMs">): Promise<DispatchOutcome> {
    const { runs, principal, nowMs } = this.#options;
    const run: NewRun = { ...asked, id: randomUUID() as RunId, principal, createdAtMs: epochMs(nowMs()) };
    const creation = await runs.create(run);
    if (creation.kind !== "created") return outcomeOf(creation, run.workflowId);
    const { id: runId, workflowId } = run;
    const isOnTurn = run.concurrency === "parallel" || (await this.#isOnTurn(runId));
    if (isOnTurn) await this.#enqueue({ runId, workflowId });
    return { kind: "queued", runId };
  }

  async #workflow(workflowId: WorkflowId) {
    const [workflow] = await this.#options.workflows.workflows([workflowId]);
    if (!workflow) throw noSuchWorkflow(workflowId);
    return workflow;
  }

  async #revision(workflowId: WorkflowId, revision: number): Promise<LoadedRevision> {
    const loaded = await this.#options.revisions.load(workflowId, revision);
    if (!loaded) throw noSuchRevision(workflowId, revision);
    return loaded;
  }
}

export function noSuchRun(runId: string): WorkbenchError {
  return new WorkbenchError("NOT_FOUND", `no run ${runId} is stored`);
}

interface FirstRun {
  readonly workflowId: WorkflowId;
  readonly facts: TriggerFacts;
  readonly asOfMs: number;
  readonly mode: RunMode;
  readonly seed?: number | undefined;
}

function firstRun(
  { stored, definition }: LoadedRevision,
  { workflowId, facts, asOfMs, mode, seed }: FirstRun,
): Omit<NewRun, "id" | "principal" | "createdAtMs"> {
  const { settings } = definition;
  return {
    workflowId,
    revision: stored.revision,
    trigger: facts,
    rerun: undefined,
    effectScope: `${workflowId}:${stored.revision}:${facts.instance}`,
    mode,
    asOfMs: asOfMs as EpochMs,
    seed: seed ?? settings.seed,
    concurrency: settings.concurrency,
  };
}

function outcomeOf(creation: Exclude<RunCreation, { kind: "created" }>, workflowId: WorkflowId): DispatchOutcome {
  if (creation.kind === "unknown-workflow") throw noSuchWorkflow(workflowId);
  return creation;
}
