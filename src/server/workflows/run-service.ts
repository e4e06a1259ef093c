import type { RunAccepted, RunAnswer, RunEvents, RunPage } from "../../contracts/workflow-api.js";
import { WorkbenchError } from "../../engine/errors.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import { type Outputs, stepName } from "../../engine/workflow/run-event.js";
import type { RunId, WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { StoredRun } from "../../store/queries/workflow-runs.js";
import type { LoadedRevision, RevisionCache } from "./revision-cache.js";
import { decodeEvent, eventMessage, referencesOf } from "./run-event-codec.js";
import { readEventTexts } from "./run-events.js";
import type { RunExecutor } from "./run-executor.js";
import { noSuchRun, type RunLauncher } from "./run-launcher.js";
import type { RunQueue } from "./run-queue.js";
import type { RunHistory, RunStore } from "./run-store.js";
import { runAnswer, runSummary } from "./run-view.js";
import type { DispatchOutcome } from "./trigger-dispatcher.js";

export interface RunServiceOptions {
  readonly runs: RunStore;
  readonly history: RunHistory;
  readonly revisions: RevisionCache;
  readonly launcher: RunLauncher;
  readonly queue: Pick<RunQueue, "withdraw">;
  /** The one of this process, where it executes runs. */
  readonly executor: Pick<RunExecutor, "cancel"> | undefined;
  readonly nowMs: () => number;
}

/** Runs as people look at them. */
export class RunService {
  readonly #options: RunServiceOptions;

  constructor(options: RunServiceOptions) {
    this.#options = options;
  }

  /** The latest first. `cursor` is what the former page gave. */
  async list(
    workflowId: WorkflowId,
    { cursor, limit }: { cursor?: number | undefined; limit: number },
  ): Promise<RunPage> {
    const found = await this.#options.history.list(workflowId, { before: cursor, limit: limit + 1 });
    const page = found.slice(0, limit);
    return {
      runs: page.map(runSummary),
      nextCursor: found.length > limit ? String(page.at(-1)!.number) : null,
    };
  }

  /** A run with its steps. @throws NOT_FOUND */
  async read(runId: RunId): Promise<RunAnswer> {
    const run = await this.#run(runId);
    const [texts, revision] = await Promise.all([
      readEventTexts(this.#options.history, runId),
      this.#definitionOf(run),
    ]);
    return runAnswer(run, texts, revision?.definition);
  }

  /** Events from a sequence on. @throws NOT_FOUND */
  async events(runId: RunId, { from, limit }: { from: number; limit: number }): Promise<RunEvents> {
    // Looked at before: what is read afterwards is then all of a run that had ended.
    const { status } = await this.#run(runId);
    const texts = await this.#options.history.events(runId, { from, limit });
    const isOver = status !== "queued" && status !== "running" && texts.length < limit;
    return { events: texts.map(eventMessage), nextFrom: isOver ? null : from + texts.length };
  }

  /** What a step gave, in full. @throws NOT_FOUND for a step that gave nothing (yet) */
  async outputs(runId: RunId, name: string): Promise<Outputs> {
    await this.#run(runId);
    const { history } = this.#options;
    const texts = await readEventTexts(history, runId);
    const text = texts.findLast((text) => {
      const event = eventMessage(text);
      return event.kind === "step-succeeded" && stepName(event as never) === name;
    });
    if (text === undefined) throw new WorkbenchError("NOT_FOUND", `step ${name} of run ${runId} has no outputs`);
    const streams = new Map<string, Uint8Array>();
    for (const digest of referencesOf([text])) {
      const stream = await history.output(digest);
      if (stream) streams.set(digest, stream);
    }
    const event = decodeEvent(text, streams);
    return event.kind === "step-succeeded" ? event.outputs : {};
  }

  /** Asks a run to end; one that has ended stays as it is. @throws NOT_FOUND */
  async cancel(runId: RunId, by: string): Promise<StoredRun> {
    const { runs, executor, queue, launcher, nowMs } = this.#options;
    const run = await runs.cancel(runId, { by, nowMs: epochMs(nowMs()) });
    if (!run) throw noSuchRun(runId);
    if (run.status === "running") executor?.cancel(runId, by);
    if (run.status !== "cancelled") return run;
    await queue.withdraw(runId);
    if (run.isExclusive) await launcher.queueNext([run.workflowId]);
    return run;
  }

  async #run(runId: RunId): Promise<StoredRun> {
    const run = await this.#options.history.run(runId);
    if (!run) throw noSuchRun(runId);
    return run;
  }

  /** Without its revision a run is shown without the inputs of its steps. */
  #definitionOf({ workflowId, revision }: StoredRun): Promise<LoadedRevision | undefined> {
    return this.#options.revisions.load(workflowId, revision).catch(() => undefined);
  }
}

export function runAccepted(outcome: DispatchOutcome): RunAccepted {
  return { runId: outcome.kind === "skipped" ? outcome.because : outcome.runId, outcome: outcome.kind };
}
