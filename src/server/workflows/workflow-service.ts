import { randomBytes, randomUUID } from "node:crypto";
import type {
  WorkflowAnswer,
  WorkflowDiff,
  WorkflowExport,
  WorkflowList,
  WorkflowRevisionAnswer,
  WorkflowRevisions,
  WorkflowSaved,
  WorkflowSummary,
  WorkflowValidation,
} from "../../contracts/workflow-api.js";
import { parseWorkflow } from "../../contracts/workflow-definition.js";
import { WorkbenchError } from "../../engine/errors.js";
import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import { compareWorkflows } from "../../engine/workflow/compare-workflows.js";
import type { NodeCatalogue } from "../../engine/workflow/node-type.js";
import { validateWorkflow } from "../../engine/workflow/validate-workflow.js";
import type { WorkflowDefinition } from "../../engine/workflow/workflow-definition.js";
import type { WorkflowId } from "../../engine/workflow/workflow-ids.js";
import {
  inactiveWorkflow,
  noSuchRevision,
  noSuchWorkflow,
  type RevisionText,
  type StoredWorkflow,
} from "../../store/queries/workflow-definitions.js";
import type { StoredRun } from "../../store/queries/workflow-runs.js";
import { definitionDigest } from "./definition-digest.js";
import { invalidWorkflow, type LoadedRevision, type RevisionCache } from "./revision-cache.js";
import type { RunHistory } from "./run-store.js";
import type { WorkflowStore } from "./workflow-store.js";

export interface WorkflowServiceOptions {
  readonly workflows: WorkflowStore;
  readonly history: RunHistory;
  readonly revisions: RevisionCache;
  readonly catalogue: NodeCatalogue;
  readonly nowMs: () => number;
}

/** Workflows as people handle them: a draft is saved with its problems, and only one without becomes active. */
export class WorkflowService {
  readonly #options: WorkflowServiceOptions;

  constructor(options: WorkflowServiceOptions) {
    this.#options = options;
  }

  async list(): Promise<WorkflowList> {
    const { workflows, history } = this.#options;
    const [stored, lastRuns] = await Promise.all([workflows.workflows(), history.lastRuns()]);
    const lastRunOf = new Map(lastRuns.map((run) => [run.workflowId, run]));
    const summaries = stored.map((workflow) => this.#summary(workflow, lastRunOf.get(workflow.id)));
    return { workflows: await Promise.all(summaries) };
  }

  /** @throws WORKFLOW_INVALID for what is no definition */
  async create(value: unknown, { note = "", isExample = false } = {}): Promise<WorkflowSaved> {
    const id = randomUUID() as WorkflowId;
    const webhookToken = randomBytes(24).toString("base64url");
    const text = revisionText(requireDefinition(value), note);
    await this.#options.workflows.create({ ...text, id, webhookToken, isExample, atMs: this.#now() });
    return { id, revision: 1 };
  }

  async read(id: WorkflowId): Promise<WorkflowAnswer> {
    const workflow = await this.#workflow(id);
    const { definition } = await this.#revision(id, workflow.latestRevision);
    return {
      id,
      revision: workflow.latestRevision,
      activeRevision: workflow.activeRevision ?? null,
      definition,
      webhookPath: `/api/hooks/${workflow.webhookToken}`,
      isExample: workflow.isExample,
      createdAtMs: workflow.createdAtMs,
      updatedAtMs: workflow.updatedAtMs,
    };
  }

  /** @throws NOT_FOUND, WORKFLOW_CHANGED, WORKFLOW_INVALID for what is no definition */
  async save(
    id: WorkflowId,
    value: unknown,
    { baseRevision, note }: { baseRevision: number; note: string },
  ): Promise<WorkflowSaved> {
    const text = revisionText(requireDefinition(value), note);
    return { id, revision: await this.#options.workflows.save(id, text, { baseRevision, atMs: this.#now() }) };
  }

  /** @throws NOT_FOUND, WORKFLOW_RUNNING */
  remove(id: WorkflowId): Promise<void> {
    return this.#options.workflows.archive(id, this.#now());
  }

  validate(value: unknown): WorkflowValidation {
    const parsed = parseWorkflow(value);
    if (!parsed.isValid) return { ok: false, problems: [...parsed.problems], generations: [] };
    const { ok, problems, generations } = validateWorkflow(parsed.definition, this.#options.catalogue);
    return { ok, problems: [...problems], generations: generations.map((generation) => [...generation]) };
  }

  /** Lets triggers start a revision. @throws NOT_FOUND, WORKFLOW_INVALID with every problem */
  async activate(id: WorkflowId, revision: number): Promise<void> {
    await this.#workflow(id);
    const { validation } = await this.#revision(id, revision);
    if (!validation.ok) throw invalidWorkflow(validation);
    await this.#options.workflows.activate(id, revision, this.#now());
  }

  deactivate(id: WorkflowId): Promise<void> {
    return this.#options.workflows.activate(id, undefined, this.#now());
  }

  async revisions(id: WorkflowId): Promise<WorkflowRevisions> {
    const { activeRevision } = await this.#workflow(id);
    const stored = await this.#options.workflows.revisions(id);
    return { revisions: stored.map((one) => ({ ...one, isActive: one.revision === activeRevision })) };
  }

  /** Also of a deleted workflow, whose runs are still looked at. */
  async revision(id: WorkflowId, revision: number): Promise<WorkflowRevisionAnswer> {
    const { stored, definition } = await this.#revision(id, revision);
    return { revision, createdAtMs: stored.createdAtMs, note: stored.note, definition };
  }

  async diff(id: WorkflowId, { from, to }: { from: number; to: number }): Promise<WorkflowDiff> {
    const [before, after] = [await this.#revision(id, from), await this.#revision(id, to)];
    return { from, to, changes: compareWorkflows(before.definition, after.definition) };
  }

  /** Saves an old revision as the latest. */
  async restore(id: WorkflowId, revision: number, note: string): Promise<number> {
    const { definition } = await this.#revision(id, revision);
    const text = revisionText(definition, note === "" ? `revision ${revision} again` : note);
    return this.#options.workflows.save(id, text, { baseRevision: undefined, atMs: this.#now() });
  }

  async export(id: WorkflowId): Promise<WorkflowExport> {
    const { latestRevision } = await this.#workflow(id);
    const { definition } = await this.#revision(id, latestRevision);
    return { kind: "quantflow-workflow", version: 1, exportedAtMs: this.#now(), definition };
  }

  /** Which active workflow listens at a webhook. @throws NOT_FOUND, WORKFLOW_INACTIVE */
  async webhook(token: string): Promise<{ workflowId: WorkflowId; trigger: WorkflowSummary["trigger"] }> {
    const workflow = await this.#options.workflows.byWebhookToken(token);
    if (!workflow) throw new WorkbenchError("NOT_FOUND", "no webhook listens here");
    const { id, activeRevision } = workflow;
    if (activeRevision === undefined) throw inactiveWorkflow(workflow);
    const { definition } = await this.#revision(id, activeRevision);
    return { workflowId: id, trigger: this.#triggerOf(definition) };
  }

  async #summary(workflow: StoredWorkflow, lastRun: StoredRun | undefined): Promise<WorkflowSummary> {
    const { id, name, description, latestRevision, activeRevision, updatedAtMs, isExample } = workflow;
    const loaded = await this.#options.revisions.load(id, activeRevision ?? latestRevision);
    return {
      id,
      name,
      description,
      revision: latestRevision,
      activeRevision: activeRevision ?? null,
      updatedAtMs,
      isExample,
      trigger: loaded ? this.#triggerOf(loaded.definition) : null,
      lastRun:
        lastRun === undefined
          ? null
          : {
              id: lastRun.id,
              status: lastRun.status,
              startedAtMs: lastRun.startedAtMs ?? null,
              finishedAtMs: lastRun.finishedAtMs ?? null,
            },
    };
  }

  #triggerOf({ nodes }: WorkflowDefinition): WorkflowSummary["trigger"] {
    const { catalogue } = this.#options;
    const triggers = nodes.filter(({ type, data }) => catalogue.find(type, data.version)?.category === "trigger");
    if (triggers.length !== 1) return null;
    const { id: nodeId, type, data } = triggers[0]!;
    return { nodeId, type, parameters: { ...data.parameters } };
  }

  async #workflow(id: WorkflowId): Promise<StoredWorkflow> {
    const [workflow] = await this.#options.workflows.workflows([id]);
    if (!workflow) throw noSuchWorkflow(id);
    return workflow;
  }

  async #revision(id: WorkflowId, revision: number): Promise<LoadedRevision> {
    const loaded = await this.#options.revisions.load(id, revision);
    if (!loaded) throw noSuchRevision(id, revision);
    return loaded;
  }

  #now(): EpochMs {
    return epochMs(this.#options.nowMs());
  }
}

function requireDefinition(value: unknown): WorkflowDefinition {
  const parsed = parseWorkflow(value);
  if (!parsed.isValid) throw invalidWorkflow(parsed);
  return parsed.definition;
}

function revisionText(definition: WorkflowDefinition, note: string): RevisionText {
  const { name, description } = definition;
  return { definition: JSON.stringify(definition), digest: definitionDigest(definition), name, description, note };
}
