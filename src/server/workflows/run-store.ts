import type { EpochMs } from "../../engine/units/epoch-ms.js";
import type { RunId, WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { LogEntry } from "../../store/queries/workflow-run-events.js";
import type { ClaimOptions, FreeRun, LeaseNews, RunClaim } from "../../store/queries/workflow-run-leases.js";
import type { NewRun, RunCreation, RunLease, StoredRun } from "../../store/queries/workflow-runs.js";

/** Runs as those see them who start them and work on them. What many ask at a time goes to the database at once. */
export interface RunStore {
  /** An occurrence gets one run, however often and by however many processes it is brought. */
  create(run: NewRun): Promise<RunCreation>;
  /** Takes a run that nobody has and whose turn it is. */
  claim(runId: RunId, options: ClaimOptions): Promise<RunClaim>;
  /** Adds to a run's log, durably when it resolves. @throws WORKFLOW_RUN_TAKEN_OVER when the lease was lost */
  append(entry: LogEntry): Promise<void>;
  /** Looks at runs at work, and holds them for `leaseMs` more where that is given. */
  look(leases: readonly RunLease[], leaseMs?: number): Promise<readonly LeaseNews[]>;
  /** Gives a run back before its end. */
  release(lease: RunLease): Promise<void>;
  /** Asks for a run's end: at once where nobody began it. Undefined for an unknown run. */
  cancel(runId: RunId, wish: { readonly by: string; readonly nowMs: EpochMs }): Promise<StoredRun | undefined>;
  /** Which of these runs, or of all, a worker could take now; the earliest first. */
  free(selection: { readonly runIds?: readonly RunId[]; readonly limit: number }): Promise<readonly FreeRun[]>;
  /** Of each workflow the exclusive run whose turn it is, where a worker could take it now. */
  onTurn(workflowIds: readonly WorkflowId[]): Promise<readonly FreeRun[]>;
  /** Keeps bytes under their SHA-256, once, and returns it. */
  keepOutput(bytes: Uint8Array): Promise<string>;
}

/** Runs as those see them who look at them. */
export interface RunHistory {
  run(runId: RunId): Promise<StoredRun | undefined>;
  /** Of a workflow, before a number, the latest first. */
  list(
    workflowId: WorkflowId,
    page: { readonly before: number | undefined; readonly limit: number },
  ): Promise<readonly StoredRun[]>;
  /** Of every workflow the run that was created last. */
  lastRuns(): Promise<readonly StoredRun[]>;
  /** Those that were created after a number, and those with these ids; the earliest first. */
  since(page: {
    readonly after: number;
    readonly ids: readonly RunId[];
    readonly limit: number;
  }): Promise<readonly StoredRun[]>;
  /** Number of the run that was created last; 0 before the first. */
  lastNumber(): Promise<number>;
  /** Events of a run as they were appended, from a sequence on. */
  events(runId: RunId, page: { readonly from: number; readonly limit: number }): Promise<readonly string[]>;
  /** What was kept under a digest. */
  output(digest: string): Promise<Uint8Array | undefined>;
}
