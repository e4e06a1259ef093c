import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseRunHistory, databaseRunStore } from "../../src/server/workflows/database-run-store.js";
import { databaseWorkflowStore } from "../../src/server/workflows/database-workflow-store.js";
import { migrate } from "../../src/store/migrate.js";
import { storeWorkflow, workflowStoresSuite } from "../port-suites/workflow-stores-suite.js";
import { databasesUnderTest, type TestDatabase } from "./databases.js";

for (const under of await databasesUnderTest()) {
  const title = `${under.name}${under.unavailable ? ` (${under.unavailable})` : ""}`;
  describe.skipIf(under.unavailable)(title, () => {
    workflowStoresSuite("workflow stores", async () => {
      const { database, dispose } = await under.open();
      await migrate(database);
      return {
        workflows: databaseWorkflowStore(database),
        runs: databaseRunStore(database),
        otherRuns: databaseRunStore(database),
        history: databaseRunHistory(database),
        dispose,
      };
    });

    describe("workflow_revisions", () => {
      let test: TestDatabase;
      beforeAll(async () => {
        test = await under.open();
        await migrate(test.database);
      });
      afterAll(() => test?.dispose());

      it("refuses to be changed, by whatever statement", async () => {
        await storeWorkflow(databaseWorkflowStore(test.database));
        await expect(test.database.query("UPDATE workflow_revisions SET note = 'other'")).rejects.toMatchObject({
          code: "DATABASE_QUERY_FAILED",
          message: expect.stringContaining("revisions never change"),
        });
      });
    });
  });
}
