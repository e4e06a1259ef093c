import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { isWorkbenchError, WorkbenchError } from "../../engine/errors.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import { executeRun, type RunOrigin } from "../../engine/workflow/execute-run.js";
import type { RunClock } from "../../engine/workflow/execution/run-clock.js";
import type { NodeImplementations } from "../../engine/workflow/node-handler.js";
import type { NodeServices } from "../../engine/workflow/node-services.js";
import type { RunEvent } from "../../engine/workflow/run-event.js";
import { hasFinished } from "../../engine/workflow/run-state.js";
import type { RunId, WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { RunClaim } from "../../store/queries/workflow-run-leases.js";
import type { StoredRun } from "../../store/queries/workflow-runs.js";
import { batchedCalls } from "./batched-calls.js";
import { takenOver } from "./database-run-store.js";
import type { PermissionSource } from "./permission-source.js";
import type { LoadedRevision, RevisionCache } from "./revision-cache.js";
import { encodeEvent } from "./run-event-codec.js";
import { readEventTexts } from "./run-events.js";
import { runOrigin } from "./run-origin.js";
import type { QueuedRun } from "./run-queue.js";
import type { RunHistory, RunStore } from "./run-store.js";
import { DEFAULT_RUN_WATCH_TIMING, RunWatch, type RunWatchTiming } from "./run-watch.js";
import { StoredRunJournal } from "./stored-run-journal.js";

/** How often a run is looked at that another worker has, in ms. */
const HELD_POLL_MS = 1_000;

export interface RunExecutorOptions {
  readonly runs: RunStore;
  readonly history: RunHistory;
  readonly revisions: RevisionCache;
  readonly implementations: NodeImplementations;
  readonly servicesOf: (run: StoredRun) => NodeServices;
  readonly permissions: PermissionSource;
  readonly clock: RunClock;
  /** Names this worker in the rows of its runs. */
  readonly holder: string;
  /** Runs that waited for one of this workflow to end may have their turn. */
  readonly onTurn: (workflowIds: readonly WorkflowId[]) => Promise<unknown>;
  readonly logger: Logger;
  readonly timing?: RunWatchTiming;
}

type ClaimedRun = Extract<RunClaim, { kind: "claimed" }>;

/**
 * Executes runs for a queue. A run belongs to whoever claimed it last: others notice within the time of a look, and
 * append nothing in the meantime. What a killed worker left is taken up from the events that it stored.
 */
export class RunExecutor {
  readonly #options: RunExecutorOptions;
  readonly #watch: RunWatch;
  readonly #timing: RunWatchTiming;
  readonly #passTurn: (workflowId: WorkflowId) => Promise<unknown>;

  constructor(options: RunExecutorOptions) {
    this.#options = options;
    this.#timing = options.timing ?? DEFAULT_RUN_WATCH_TIMING;
    this.#watch = new RunWatch(options.runs, this.#timing, options.logger);
    this.#passTurn = batchedCalls(async (workflowIds: readonly WorkflowId[]) => {
      await options.onTurn([...new Set(workflowIds)]);
      return workflowIds.map(() => undefined);
    });
  }

  /**
   * Resolves when the run has ended, here or elsewhere, or it is not its turn; rejects when the signal interrupts it, and
   * when the store fails, after which it can be executed again.
   */
  async execute({ runId }: QueuedRun, signal: AbortSignal): Promise<void> {
    const claim = await this.#claim(runId, signal);
    if (!claim) return;
    try {
      await this.#executeClaimed(claim, signal);
    } catch (error) {
      if (isWorkbenchError(error) && error.code === "WORKFLOW_RUN_TAKEN_OVER") return;
      await this.#options.runs.release(claim.lease).catch(() => {});
      throw error;
    }
    if (claim.run.isExclusive) await this.#passTurn(claim.run.workflowId);
  }

  /** Ends a run as failed that was tried too often. */
  async giveUp({ runId }: QueuedRun, message: string): Promise<void> {
    const claim = await this.#claim(runId, AbortSignal.timeout(this.#timing.leaseMs * 2));
    if (!claim) return;
    await this.#fail(claim, new WorkbenchError("INTERNAL", message));
    if (claim.run.isExclusive) await this.#passTurn(claim.run.workflowId);
  }

  /** Tells a run of this process at once that it was cancelled; the others find it in their rows. */
  cancel(runId: RunId, by: string): void {
    this.#watch.cancel(runId, by);
  }

  /** Waits while another worker has it: that one may be dead. */
  async #claim(runId: RunId, signal: AbortSignal): Promise<ClaimedRun | undefined> {
    const { runs, holder, clock } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const claim = await runs.claim(runId, { holder, leaseMs: this.#timing.leaseMs, nowMs: epochMs(clock.nowMs()) });
      if (claim.kind === "claimed") return claim;
      if (claim.kind !== "held") return undefined;
      await sleep(Math.min(HELD_POLL_MS, claim.forMs + 1), undefined, { signal });
    }
  }

  async #executeClaimed(claim: ClaimedRun, signal: AbortSignal): Promise<void> {
    const { run, hasRevision } = claim;
    let revision: LoadedRevision | undefined;
    let origin: RunOrigin;
    try {
      revision = hasRevision ? await this.#options.revisions.load(run.workflowId, run.revision) : undefined;
      if (!revision) throw revisionMissing(run);
      revision.plan();
      origin = await runOrigin(claim, revision, this.#options);
    } catch (error) {
      if (isWorkbenchError(error) && FINAL_CODES.has(error.code)) return this.#fail(claim, error);
      throw error;
    }
    await this.#drive(claim, revision, origin, signal);
  }

  async #drive(claim: ClaimedRun, revision: LoadedRevision, origin: RunOrigin, signal: AbortSignal): Promise<void> {
    const { runs, implementations, servicesOf, permissions, clock } = this.#options;
    const { run, lease } = claim;
    const cancellation = new AbortController();
    const giveUp = new AbortController();
    const onSignal = () => giveUp.abort(signal.reason);
    const journal = new StoredRunJournal({
      runs,
      lease,
      keepsStates: run.mode === "live",
      failureCode: "events" in origin ? firstFailureCode(origin.events) : undefined,
      onFailure: (error) => giveUp.abort(error),
    });
    const unwatch = this.#watch.add({
      lease,
      onCancelled: (by) => cancellation.abort(by),
      onLost: () => giveUp.abort(takenOver(run.id)),
    });
    signal.addEventListener("abort", onSignal, { once: true });
    if (signal.aborted) onSignal();
    if (run.cancelledBy !== undefined) cancellation.abort(run.cancelledBy);
    try {
      const running = executeRun({
        ...origin,
        plan: revision.plan(),
        implementations,
        services: servicesOf(run),
        journal,
        clock,
        mayUse: (permission) => permissions.mayUse(run.principal, permission),
        cancellation: cancellation.signal,
        signal: giveUp.signal,
      });
      const state = await orGivenUp(running, giveUp.signal, this.#timing.graceMs);
      if (!hasFinished(state)) throw giveUp.signal.reason;
    } finally {
      signal.removeEventListener("abort", onSignal);
      unwatch();
      journal.close();
    }
  }

  /** Ends a run that cannot be executed, with an event where it has some. */
  async #fail({ run, lease }: ClaimedRun, { code, message }: WorkbenchError): Promise<void> {
    const { runs, history, clock } = this.#options;
    const atMs = epochMs(clock.nowMs());
    const sequence = (await readEventTexts(history, run.id)).length;
    const finished: RunEvent = { sequence, atMs, kind: "run-finished", status: "failed", message };
    const events = sequence === 0 ? [] : [encodeEvent(finished).text];
    await runs.append({ lease, events, states: [], end: { status: "failed", finishedAtMs: atMs, code, message } });
  }
}

/** What `running` resolves to, unless it is given up and steps at work do not end in time. */
async function orGivenUp<State>(running: Promise<State>, signal: AbortSignal, graceMs: number): Promise<State> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const late = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(signal.reason), graceMs);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  running.catch(() => {});
  try {
    return await Promise.race([running, late]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  }
}

/** Failures that another try would meet again. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  "WORKFLOW_INVALID",
  "WORKFLOW_REVISION_MISSING",
  "WORKFLOW_OUTPUT_INVALID",
]);

function revisionMissing({ workflowId, revision }: StoredRun): WorkbenchError {
  return new WorkbenchError(
    "WORKFLOW_REVISION_MISSING",
    `revision ${revision} of workflow ${workflowId} is not stored any more: the run cannot go on`,
  );
}

function firstFailureCode(events: Iterable<RunEvent>): string | undefined {
  for (const event of events) if (event.kind === "step-failed") return event.code;
  return undefined;
}
