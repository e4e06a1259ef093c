import { memoryRunHistory, memoryRunStore } from "../../../src/server/workflows/memory-run-store.js";
import { createWorkflowMemory, memoryWorkflowStore } from "../../../src/server/workflows/memory-workflow-store.js";
import { workflowStoresSuite } from "../../port-suites/workflow-stores-suite.js";

workflowStoresSuite("workflow stores in memory", async () => {
  const memory = createWorkflowMemory();
  const runs = memoryRunStore(memory, () => 0);
  return {
    workflows: memoryWorkflowStore(memory),
    runs,
    otherRuns: runs,
    history: memoryRunHistory(memory),
    dispose: async () => {},
  };
});
