import { databaseRunHistory, databaseRunStore } from "../../src/server/workflows/database-run-store.js";
import { databaseWorkflowStore } from "../../src/server/workflows/database-workflow-store.js";
import type { RunStore } from "../../src/server/workflows/run-store.js";
import type { Database } from "../../src/store/database.js";
import { StoredEffects } from "./stored-effects.js";
import { WorkflowLab } from "./workflow-lab.js";

/** A lease that is over soon after its worker was killed. */
const TIMING = { leaseMs: 600, lookMs: 50, graceMs: 100 };

/** A lab over a database that was migrated; its effects are stored beside. */
export async function openStoredLab(
  database: Database,
  wrap: (runs: RunStore) => RunStore = (runs) => runs,
): Promise<{ readonly lab: WorkflowLab; readonly effects: StoredEffects }> {
  const effects = await StoredEffects.create(database);
  const lab = new WorkflowLab({
    workflows: databaseWorkflowStore(database),
    runs: wrap(databaseRunStore(database)),
    history: databaseRunHistory(database),
    effects,
    timing: TIMING,
    holder: `process ${process.pid}`,
  });
  return { lab, effects };
}
