import type { RunId, WorkflowId } from "../../../engine/workflow/workflow-ids.js";
import type { QueuedRun, RunWorkerOptions } from "../run-queue.js";

/** Runs below this are short, in ms. */
const SHORT_RUN_MS = 100;
/** Weight of the last run in the mean. */
const SMOOTHING = 0.2;

export interface Take {
  readonly limit: number;
  readonly leavingOut: readonly WorkflowId[];
  /** How often the queue may have got more before this. */
  readonly news: number;
}

/**
 * Which runs a worker takes and starts next. Workflows take turns: within a round each gives at most one batch of
 * `parallelRunsPerWorkflow`, so a backlog of one delays the first run of another by no more than that. While runs are
 * short, they are taken ahead of their places and wait here, where workflows take turns, too. Long ones are left to
 * workers that have a place.
 */
export class FairTurns {
  readonly #options: RunWorkerOptions;
  readonly #waiting = new Map<WorkflowId, QueuedRun[]>();
  readonly #atWork = new Map<WorkflowId, number>();
  #countAtWork = 0;
  /** Workflows that had their batch in this round. */
  readonly #served = new Set<WorkflowId>();
  /** Leaving these out, the queue had nothing more. */
  #nothingBut: readonly WorkflowId[] | undefined;
  #news = 0;
  /** Of the last runs; unknown at first, as if they were long. */
  #meanRunMs = Number.POSITIVE_INFINITY;

  constructor(options: RunWorkerOptions) {
    this.#options = options;
  }

  /** What to ask the queue for; undefined while there is no place, or the queue is known to have nothing. */
  nextTake(): Take | undefined {
    const { parallelRuns, parallelRunsPerWorkflow } = this.#options;
    const places = parallelRuns - this.#countAtWork;
    const hasEnough = this.#runsAreShort ? this.waiting.length >= parallelRuns : places <= 0;
    if (hasEnough) return undefined;
    const full = [...this.#atWork.keys(), ...this.#waiting.keys()].filter((workflowId) => this.#isFull(workflowId));
    let leavingOut = new Set([...full, ...this.#served]);
    if (this.#isKnownEmpty(leavingOut)) {
      this.#served.clear();
      leavingOut = new Set(full);
      if (this.#isKnownEmpty(leavingOut)) return undefined;
    }
    const limit = this.#runsAreShort ? parallelRuns : Math.min(places, parallelRunsPerWorkflow);
    return { limit, leavingOut: [...leavingOut], news: this.#news };
  }

  took(runs: readonly QueuedRun[], { limit, leavingOut, news }: Take): void {
    if (runs.length < limit && news === this.#news) this.#nothingBut = leavingOut;
    for (const run of runs) {
      this.#served.add(run.workflowId);
      const others = this.#waiting.get(run.workflowId);
      if (others) others.push(run);
      else this.#waiting.set(run.workflowId, [run]);
    }
  }

  /** Forgets that the queue had nothing: something was put in, or may have been. */
  mayHaveMore(): void {
    this.#nothingBut = undefined;
    this.#news++;
  }

  /** The next run to start, counted as at work from now on. */
  start(): QueuedRun | undefined {
    if (this.#countAtWork >= this.#options.parallelRuns) return undefined;
    for (const workflowId of this.#waiting.keys()) {
      if (this.#countOf(workflowId) >= this.#options.parallelRunsPerWorkflow) continue;
      const run = this.#shift(workflowId);
      this.#atWork.set(workflowId, this.#countOf(workflowId) + 1);
      this.#countAtWork++;
      return run;
    }
    return undefined;
  }

  ended({ workflowId }: QueuedRun, { tookMs }: { tookMs: number }): void {
    const known = Number.isFinite(this.#meanRunMs) ? this.#meanRunMs : tookMs;
    this.#meanRunMs = known + SMOOTHING * (tookMs - known);
    const left = this.#countOf(workflowId) - 1;
    if (left > 0) this.#atWork.set(workflowId, left);
    else this.#atWork.delete(workflowId);
    this.#countAtWork--;
  }

  /** Taken and not started. */
  get waiting(): readonly RunId[] {
    return [...this.#waiting.values()].flat().map(({ runId }) => runId);
  }

  /** Takes a run out that has not been started; false when there is none. */
  remove(runId: RunId): boolean {
    for (const [workflowId, runs] of this.#waiting) {
      const at = runs.findIndex((run) => run.runId === runId);
      if (at < 0) continue;
      runs.splice(at, 1);
      if (runs.length === 0) this.#waiting.delete(workflowId);
      return true;
    }
    return false;
  }

  /** Those without a place that another worker may have one for, which are forgotten. */
  surplus(): readonly RunId[] {
    if (this.#runsAreShort || this.#waiting.size === 0) return [];
    this.mayHaveMore();
    return this.drain();
  }

  /** Those that have not been started, which are forgotten. */
  drain(): readonly RunId[] {
    const runIds = this.waiting;
    this.#waiting.clear();
    return runIds;
  }

  /** The first of a workflow, which goes behind the others. */
  #shift(workflowId: WorkflowId): QueuedRun {
    const runs = this.#waiting.get(workflowId)!;
    const run = runs.shift()!;
    this.#waiting.delete(workflowId);
    if (runs.length > 0) this.#waiting.set(workflowId, runs);
    return run;
  }

  get #runsAreShort(): boolean {
    return this.#meanRunMs < SHORT_RUN_MS;
  }

  #countOf(workflowId: WorkflowId): number {
    return this.#atWork.get(workflowId) ?? 0;
  }

  #isFull(workflowId: WorkflowId): boolean {
    const { parallelRuns, parallelRunsPerWorkflow } = this.#options;
    const waiting = this.#waiting.get(workflowId)?.length ?? 0;
    if (this.#runsAreShort) return waiting >= parallelRuns / 2;
    return waiting > 0 || this.#countOf(workflowId) >= parallelRunsPerWorkflow;
  }

  #isKnownEmpty(leavingOut: ReadonlySet<WorkflowId>): boolean {
    return this.#nothingBut?.every((workflowId) => leavingOut.has(workflowId)) ?? false;
  }
}
