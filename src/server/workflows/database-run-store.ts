import { WorkbenchError } from "../../engine/errors.js";
import type { RunId } from "../../engine/workflow/workflow-ids.js";
import type { Database } from "../../store/database.js";
import { insertRuns } from "../../store/queries/workflow-run-creation.js";
import {
  appendToLogs,
  type LogEntry,
  readEvents,
  readOutput,
  storeOutput,
} from "../../store/queries/workflow-run-events.js";
import {
  type ClaimOptions,
  claimRuns,
  readFreeRuns,
  readLeases,
  readRunsOnTurn,
  releaseLease,
} from "../../store/queries/workflow-run-leases.js";
import {
  cancelRun,
  listRuns,
  readLastRunNumber,
  readLastRuns,
  readRuns,
  readRunsSince,
} from "../../store/queries/workflow-run-list.js";
import type { NewRun } from "../../store/queries/workflow-runs.js";
import { batchedCalls } from "./batched-calls.js";
import type { RunHistory, RunStore } from "./run-store.js";

/** Events in one statement: their texts are held in memory twice while it is sent. */
const MOST_ENTRIES = 400;

export function databaseRunStore(database: Database): RunStore {
  const create = batchedCalls((runs: readonly NewRun[]) => insertRuns(database, runs));
  const claim = batchedCalls((calls: readonly { runId: RunId; options: ClaimOptions }[]) =>
    claimRuns(
      database,
      calls.map(({ runId }) => runId),
      calls[0]!.options,
    ),
  );
  const append = batchedCalls(
    async (entries: readonly LogEntry[]) => {
      const taken = await appendToLogs(database, entries);
      return entries.map((_, place) => taken.has(place));
    },
    { most: MOST_ENTRIES },
  );
  return {
    create,
    claim: (runId, options) => claim({ runId, options }),
    append: async (entry) => {
      if (!(await append(entry))) throw takenOver(entry.lease.runId);
    },
    look: (leases, leaseMs) => readLeases(database, leases, leaseMs),
    release: (lease) => releaseLease(database, lease),
    cancel: (runId, wish) => cancelRun(database, runId, wish),
    free: (selection) => readFreeRuns(database, selection),
    onTurn: (workflowIds) => readRunsOnTurn(database, workflowIds),
    keepOutput: (bytes) => storeOutput(database, bytes),
  };
}

export function databaseRunHistory(database: Database): RunHistory {
  return {
    run: async (runId) => (await readRuns(database, [runId]))[0],
    list: (workflowId, page) => listRuns(database, workflowId, page),
    lastRuns: () => readLastRuns(database),
    since: (page) => readRunsSince(database, page),
    lastNumber: () => readLastRunNumber(database),
    events: (runId, page) => readEvents(database, runId, page),
    output: (digest) => readOutput(database, digest),
  };
}

export function takenOver(runId: RunId): WorkbenchError {
  return new WorkbenchError(
    "WORKFLOW_RUN_TAKEN_OVER",
    `run ${runId} has another worker now, or has ended: what this one did since is not kept`,
  );
}
