import type { RunId, WorkflowId } from "../../src/engine/workflow/workflow-ids.js";
import type { RunStore } from "../../src/server/workflows/run-store.js";
import { openDatabase } from "../../src/store/open-database.js";
import { openStoredLab } from "./stored-lab.js";

/**
 * Executes one run, as a worker of its own: `workflow-worker.mts URL-OR-FOLDER RUN WORKFLOW [SEQUENCE]`. With a
 * sequence, it is killed as soon as the event of that sequence is stored, and none after it.
 */
const [place, runId, workflowId, sequence] = process.argv.slice(2) as [string, RunId, WorkflowId, string?];
const lastWords = sequence === undefined ? Number.POSITIVE_INFINITY : Number(sequence);

const database = await openDatabase({
  databaseUrl: place.startsWith("postgresql:") ? place : undefined,
  dataFolder: place,
  purpose: "test",
});
const { lab } = await openStoredLab(database, dyingAt);
await lab.executor.execute({ runId, workflowId }, new AbortController().signal);
await database.close();

function dyingAt(runs: RunStore): RunStore {
  return {
    ...runs,
    append: async ({ lease, events, states, end }) => {
      const stored = events.filter((event) => event.sequence <= lastWords);
      const isLast = stored.length < events.length || stored.at(-1)?.sequence === lastWords;
      const isWhole = stored.length === events.length;
      // States belong to the event that sets them: those of events that are not stored are not either.
      const kept = isWhole || stored.some(({ payload }) => payload.includes('"variables":')) ? states : [];
      await runs.append({ lease, events: stored, states: kept, end: isWhole ? end : undefined });
      if (isLast) process.kill(process.pid, "SIGKILL");
    },
  };
}
