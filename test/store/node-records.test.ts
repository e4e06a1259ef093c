import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../../src/engine/units/epoch-ms.js";
import type { IdempotencyKey, WorkflowId } from "../../src/engine/workflow/workflow-ids.js";
import { readNodeServiceSettings } from "../../src/server/workflows/services/node-service-settings.js";
import { type OpenNodeServices, openNodeServices } from "../../src/server/workflows/services/open-node-services.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/migrate.js";
import { listIncidents } from "../../src/store/queries/feed-incidents.js";
import { listMemories, listNotices, listTableRows } from "../../src/store/queries/workflow-records.js";
import { databasesUnderTest, type TestDatabase } from "./databases.js";

const never = new AbortController().signal;
const WORKFLOW = "6f2d7a54-3c65-4a35-8a4e-0d2f1c6b9e01" as WorkflowId;
const key = (name: string) => name as IdempotencyKey;
/** A time of day in Ho Chi Minh City. */
const on = (day: string, time: string) => epochMs(Date.parse(`${day}T${time}+07:00`));

for (const under of await databasesUnderTest()) {
  const name = `${under.name}${under.unavailable ? ` (${under.unavailable})` : ""}`;
  describe.skipIf(under.unavailable)(`records and news of openNodeServices(options): ${name}`, () => {
    let test: TestDatabase;
    let database: Database;
    let services: OpenNodeServices;
    const dataFolder = mkdtempSync(join(tmpdir(), "quantflow-records-"));
    beforeAll(async () => {
      test = await under.open();
      database = test.database;
      await migrate(database);
      services = openNodeServices({ database, dataFolder, settings: readNodeServiceSettings({}) });
    });
    afterAll(async () => {
      await services?.close();
      await test?.dispose();
      rmSync(dataFolder, { recursive: true, force: true });
    });

    describe("records", () => {
      const notice = {
        workflowId: WORKFLOW,
        severity: "critical",
        title: "stop",
        text: "HPG fell",
        atMs: on("2026-03-04", "10:00"),
      } as const;

      it("keep a notice once for a key, at the same time too", async () => {
        await Promise.all(Array.from({ length: 10 }, () => services.records.notify(notice, key("n1"))));
        await services.records.notify({ ...notice, title: "another" }, key("n2"));
        expect(await listNotices(database, { limit: 10 })).toMatchObject([
          { title: "another", incidentId: undefined },
          { ...notice, incidentId: undefined },
        ]);
      });

      it("open an incident once for a key, and one at a time for a title", async () => {
        for (const name of ["i1", "i1", "i2"]) await services.records.openIncident(notice, key(name));
        const incidents = (await listIncidents(database, { limit: 10 })).filter(({ kind }) => kind === "workflow");
        expect(incidents).toMatchObject([
          { severity: "critical", subject: `${WORKFLOW}: stop`, message: "stop: HPG fell" },
        ]);
        const linked = (await listNotices(database, { limit: 10 })).filter(
          ({ incidentId }) => incidentId !== undefined,
        );
        expect(linked.map(({ incidentId }) => incidentId)).toEqual([incidents[0]!.id, incidents[0]!.id]);
      });

      it("write the rows of a table once for a key", async () => {
        const table = {
          rowCount: 2,
          columns: [
            { name: "symbol", cells: ["HPG", "FPT"] },
            { name: "score", cells: [1.5, Number.NaN] },
          ],
        };
        const write = (name: string) => services.records.writeTable(WORKFLOW, "scores", table, key(name));
        const counts = await Promise.all([write("t1"), write("t1"), write("t1")]);
        expect(counts.sort()).toEqual([0, 0, 2]);
        expect(await write("t2")).toBe(2);
        expect(await listTableRows(database, { workflowId: WORKFLOW, name: "scores", limit: 3 })).toEqual([
          { symbol: "HPG", score: 1.5 },
          { symbol: "FPT", score: null },
          { symbol: "HPG", score: 1.5 },
        ]);
      });

      it.each(["", "1st", "a b", "x'; DROP TABLE paper_orders; --", "a".repeat(61)])(
        "refuse the table name %j",
        async (name) => {
          const table = { rowCount: 0, columns: [] };
          await expect(services.records.writeTable(WORKFLOW, name, table, key("bad"))).rejects.toMatchObject({
            code: "ARGUMENT_INVALID",
          });
        },
      );

      it("remember once for a key", async () => {
        await services.records.remember(WORKFLOW, "HPG follows iron ore", { lag: 3 }, key("m1"));
        await services.records.remember(WORKFLOW, "HPG follows iron ore", { lag: 4 }, key("m1"));
        expect(await listMemories(database, { workflowId: WORKFLOW, limit: 9 })).toMatchObject([
          { text: "HPG follows iron ore", facts: { lag: 3 } },
        ]);
      });
    });

    describe("models.news of the real market", () => {
      const folder = join(dataFolder, "news");
      const line = (symbol: string, publishedAt: string, title: string) =>
        `${JSON.stringify({ symbol, publishedAt, title, source: "test" })}\n`;
      const titles = async (asOfMs: EpochMs, windowMs = 60 * MS_PER_MINUTE) =>
        (await services.models.news("HPG", windowMs, asOfMs, never)).map(({ title }) => title);

      it("is what the files say of the window, newest first, as files change", async () => {
        expect(await titles(on("2026-03-04", "10:00"))).toEqual([]);
        mkdirSync(folder, { recursive: true });
        const file = join(folder, "a.jsonl");
        const lines = [
          line("HPG", "2026-03-04T09:30:00+07:00", "first"),
          line("HPG", "2026-03-04T10:00:00+07:00", "second"),
          line("HPG", "2026-03-04T10:00:01+07:00", "of the future"),
          line("HPG", "2026-03-04T09:00:00+07:00", "before the window"),
          line("FPT", "2026-03-04T09:40:00+07:00", "of another"),
        ];
        writeFileSync(file, lines.join(""));
        expect(await titles(on("2026-03-04", "10:00"))).toEqual(["second", "first"]);
        writeFileSync(file, [...lines, line("HPG", "2026-03-04T09:45:00+07:00", "added")].join(""));
        expect(await titles(on("2026-03-04", "10:00"))).toEqual(["second", "added", "first"]);
      });

      it("stores nothing of a file with a line that cannot be read, and names file, line and field", async () => {
        const bad = join(folder, "b.jsonl");
        writeFileSync(
          bad,
          `${line("HPG", "2026-03-04T09:50:00+07:00", "good")}{"symbol": "HPG", "publishedAt": "today"}\n`,
        );
        await expect(titles(on("2026-03-04", "10:00"))).rejects.toMatchObject({
          code: "ROWS_INVALID",
          message: expect.stringMatching(/^invalid news: b\.jsonl, line 2: publishedAt: accepted: an instant/),
        });
        rmSync(bad);
        expect(await titles(on("2026-03-04", "10:00"))).not.toContain("good");
      });
    });
  });
}
