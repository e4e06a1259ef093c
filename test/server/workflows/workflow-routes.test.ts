import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { tableFromIPC } from "apache-arrow";
import express from "express";
import { pinoHttp } from "pino-http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  runAnswerSchema,
  runEventsSchema,
  runPageSchema,
  workflowAnswerSchema,
  workflowCatalogueSchema,
  workflowDiffSchema,
  workflowListSchema,
  workflowRevisionsSchema,
  workflowValidationSchema,
} from "../../../src/contracts/workflow-api.js";
import { answerError, answerNotFound } from "../../../src/server/error-response.js";
import { closeServer, listenOnLoopback } from "../../../src/server/listen.js";
import { RunService } from "../../../src/server/workflows/run-service.js";
import { runRoutes } from "../../../src/server/workflows/runs.routes.js";
import { workflowRoutes } from "../../../src/server/workflows/workflows.routes.js";
import { catalogueOf, nodeType, outputPort, SAMPLE_NODES } from "../../engine/workflow/run/sample-nodes.js";
import { workflowOf } from "../../engine/workflow/run/sample-run.js";
import { silentLogger } from "../../support/silent-logger.js";
import { EFFECT_NODES, MemoryEffects } from "../../support/workflow-effect-nodes.js";
import { memoryStores, WorkflowLab } from "../../support/workflow-lab.js";

const WEBHOOK = {
  type: nodeType("trigger.webhook", { category: "trigger", outputs: [outputPort("value")] }),
  run: () => ({ outputs: { value: { type: "number", value: 1 } as const } }),
};

const chain = workflowOf({
  nodes: { start: { type: "start" }, big: { type: "many" }, sum: { type: "add" }, end: { type: "fail" } },
  edges: ["start.value > big.values", "start.value > sum.values", "sum.sum > end.values"],
});

describe("/api/workflows, /api/runs, /api/hooks", () => {
  let server: Server;
  let url: string;
  let lab: WorkflowLab;
  beforeAll(async () => {
    const stores = memoryStores();
    lab = new WorkflowLab({ ...stores, effects: new MemoryEffects(), nodes: [WEBHOOK] });
    const { launcher, executor, service: workflows, revisions } = lab;
    const queue = { withdraw: async () => true };
    const runs = new RunService({ ...stores, revisions, launcher, queue, executor, nowMs: Date.now });
    const catalogue = catalogueOf([...SAMPLE_NODES, ...EFFECT_NODES, WEBHOOK]);
    const app = express();
    app.use(pinoHttp({ logger: silentLogger() }));
    app.use(workflowRoutes({ workflows, launcher, runs, catalogue }));
    app.use(runRoutes({ workflows, launcher, runs, principal: "local", nowMs: Date.now }));
    app.use(answerNotFound, answerError);
    server = createServer(app);
    url = await listenOnLoopback(server, 0);
  });
  afterAll(() => closeServer(server));

  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: text === "" ? undefined : JSON.parse(text) };
  };
  const created = async (definition: unknown = chain): Promise<string> => {
    const { status, json } = await ask("POST", "/api/workflows", { definition });
    expect(status).toBe(201);
    return json.id as string;
  };

  it("keeps, lists, changes and deletes workflows", async () => {
    const id = await created();
    const { json } = await ask("GET", `/api/workflows/${id}`);
    expect(workflowAnswerSchema.parse(json)).toMatchObject({
      id,
      revision: 1,
      activeRevision: null,
      definition: chain,
    });
    const changed = { ...chain, name: "renamed" };
    const saved = await ask("PUT", `/api/workflows/${id}`, { definition: changed, baseRevision: 1, note: "why" });
    expect(saved).toMatchObject({ status: 200, json: { id, revision: 2 } });
    const again = await ask("PUT", `/api/workflows/${id}`, { definition: chain, baseRevision: 1 });
    expect(again).toMatchObject({ status: 409, json: { error: { code: "WORKFLOW_CHANGED" } } });
    const list = workflowListSchema.parse((await ask("GET", "/api/workflows")).json);
    expect(list.workflows.find((workflow) => workflow.id === id)).toMatchObject({
      name: "renamed",
      trigger: { nodeId: "start", type: "start" },
      lastRun: null,
    });
    const diff = workflowDiffSchema.parse((await ask("GET", `/api/workflows/${id}/diff?from=1&to=2`)).json);
    expect(diff.changes).toEqual([{ kind: "setting-changed", field: "name", before: "sample", after: "renamed" }]);
    expect((await ask("POST", `/api/workflows/${id}/restore`, { revision: 1 })).json).toEqual({ revision: 3 });
    const revisions = workflowRevisionsSchema.parse((await ask("GET", `/api/workflows/${id}/revisions`)).json);
    expect(revisions.revisions.map(({ revision, note }) => [revision, note])).toEqual([
      [3, "revision 1 again"],
      [2, "why"],
      [1, ""],
    ]);
    expect((await ask("GET", `/api/workflows/${id}/revisions/2`)).json.definition).toEqual(changed);
    expect((await ask("DELETE", `/api/workflows/${id}`)).status).toBe(204);
    expect((await ask("GET", `/api/workflows/${id}`)).status).toBe(404);
  });

  it("brings an exported workflow back as another one", async () => {
    const id = await created();
    const exported = await ask("GET", `/api/workflows/${id}/export`);
    expect(exported.headers.get("content-disposition")).toContain(`workflow-${id}.json`);
    const imported = await ask("POST", "/api/workflows/import", exported.json);
    expect(imported.status).toBe(201);
    expect((await ask("GET", `/api/workflows/${imported.json.id}`)).json.definition).toEqual(chain);
  });

  it("saves a draft with problems, says what they are, and lets it neither be active nor run", async () => {
    const definition = workflowOf({ nodes: { a: { type: "add" } }, edges: [] });
    const id = await created(definition);
    const validation = workflowValidationSchema.parse(
      (await ask("POST", "/api/workflows/validate", { definition })).json,
    );
    expect(validation.ok).toBe(false);
    const problems = validation.problems.map(({ code }) => code);
    expect(problems).toContain("TRIGGER_MISSING");
    for (const path of ["activate", "execute"]) {
      const refused = await ask("POST", `/api/workflows/${id}/${path}`, { revision: 1 });
      expect(refused.status).toBe(422);
      expect(refused.json.error.code).toBe("WORKFLOW_INVALID");
      expect(refused.json.error.details.problems.map(({ code }: { code: string }) => code)).toEqual(problems);
    }
    expect((await ask("POST", `/api/workflows/${id}/activate`, { revision: 7 })).status).toBe(404);
  });

  it.each([
    ["POST", "/api/workflows", { definition: [] }, "REQUEST_INVALID", 400],
    ["POST", "/api/workflows", { definition: { nodes: [{ id: "" }] } }, "WORKFLOW_INVALID", 422],
    ["POST", "/api/workflows", { definition: chain, extra: 1 }, "REQUEST_INVALID", 400],
    ["PUT", `/api/workflows/${randomUUID()}`, { definition: chain, baseRevision: 1 }, "NOT_FOUND", 404],
    ["GET", "/api/workflows/1", undefined, "REQUEST_INVALID", 400],
    ["GET", `/api/workflows/${randomUUID()}/runs?limit=0`, undefined, "REQUEST_INVALID", 400],
    ["POST", "/api/workflows/import", { definition: chain }, "REQUEST_INVALID", 400],
    ["GET", `/api/runs/${randomUUID()}`, undefined, "NOT_FOUND", 404],
    ["POST", `/api/runs/${randomUUID()}/cancel`, {}, "NOT_FOUND", 404],
    ["POST", `/api/runs/${randomUUID()}/cancel`, undefined, "REQUEST_INVALID", 400],
    ["POST", `/api/runs/${randomUUID()}/rerun`, { from: "start" }, "REQUEST_INVALID", 400],
    ["POST", "/api/hooks/x", {}, "REQUEST_INVALID", 400],
    ["POST", `/api/hooks/${"x".repeat(32)}`, {}, "NOT_FOUND", 404],
  ])("%s %s with %j is refused: %s", async (method, path, body, code, status) => {
    expect(await ask(method, path, body)).toMatchObject({ status, json: { error: { code } } });
  });

  it("runs a workflow once per idempotency key, and shows what became of it", async () => {
    const id = await created();
    const headers = { "Idempotency-Key": "once" };
    const first = await ask("POST", `/api/workflows/${id}/execute`, {}, headers);
    expect(first).toMatchObject({ status: 202, json: { outcome: "queued" } });
    const { runId } = first.json;
    expect((await ask("POST", `/api/workflows/${id}/execute`, {}, headers)).json).toEqual({
      runId,
      outcome: "repeated",
    });
    expect((await ask("DELETE", `/api/workflows/${id}`)).json.error.code).toBe("WORKFLOW_RUNNING");
    await lab.drain();

    const answer = runAnswerSchema.parse((await ask("GET", `/api/runs/${runId}`)).json);
    expect(answer.run).toMatchObject({ status: "failed", message: expect.stringContaining("it always fails") });
    const steps = new Map(answer.steps.map((step) => [step.stepName, step]));
    expect(steps.get("sum")).toMatchObject({
      state: "succeeded",
      attempts: 1,
      inputsPreview: { values: [{ type: "number", value: 1 }] },
      outputsPreview: { sum: { type: "number", value: 2 } },
    });
    expect(steps.get("end")).toMatchObject({ state: "failed", message: "it always fails" });
    expect(steps.get("big")!.outputsPreview.series).toMatchObject({ type: "series", length: 20_000, symbol: "HPG" });
    expect(JSON.stringify(answer).length).toBeLessThan(20_000);

    const events = runEventsSchema.parse((await ask("GET", `/api/runs/${runId}/events?limit=3`)).json);
    expect(events).toMatchObject({ events: [{ kind: "run-started" }, {}, {}], nextFrom: 3 });
    const rest = runEventsSchema.parse((await ask("GET", `/api/runs/${runId}/events?from=3`)).json);
    expect(rest.nextFrom).toBeNull();
    expect(rest.events.at(-1)).toMatchObject({ kind: "run-finished", status: "failed" });
    const page = runPageSchema.parse((await ask("GET", `/api/workflows/${id}/runs?limit=1`)).json);
    expect(page).toMatchObject({ runs: [{ id: runId }], nextCursor: null });
  });

  it("gives outputs in full, as JSON or Arrow", async () => {
    const id = await created();
    const { json } = await ask("POST", `/api/workflows/${id}/execute`, {});
    await lab.drain();
    const path = `/api/runs/${json.runId}/steps/big/outputs`;
    expect((await ask("GET", path)).json.outputs.series.value.timesMs).toHaveLength(20_000);
    const response = await fetch(new URL(`${path}/series`, url), {
      headers: { Accept: "application/vnd.apache.arrow.stream" },
    });
    expect(response.headers.get("content-type")).toContain("application/vnd.apache.arrow.stream");
    expect(tableFromIPC(new Uint8Array(await response.arrayBuffer())).numRows).toBe(20_000);
    expect((await ask("GET", `${path}/none`)).status).toBe(404);
    expect((await ask("GET", `/api/runs/${json.runId}/steps/end/outputs`)).status).toBe(404);
  });

  it("repeats a run from what failed, without doing again what succeeded", async () => {
    const id = await created();
    const first = (await ask("POST", `/api/workflows/${id}/execute`, {})).json.runId;
    expect((await ask("POST", `/api/runs/${first}/rerun`, { from: "failed" })).json.error.code).toBe(
      "WORKFLOW_RUNNING",
    );
    await lab.drain();
    const again = await ask("POST", `/api/runs/${first}/rerun`, { from: "failed" });
    expect(again.json.outcome).toBe("queued");
    await lab.drain();
    const answer = runAnswerSchema.parse((await ask("GET", `/api/runs/${again.json.runId}`)).json);
    expect(answer.run.rerunOf).toBe(first);
    expect(answer.steps.map(({ stepName, reused }) => [stepName, reused])).toEqual(
      expect.arrayContaining([
        ["big", "earlier-run"],
        ["sum", "earlier-run"],
        ["end", null],
      ]),
    );
    const unknown = await ask("POST", `/api/runs/${first}/rerun`, { from: { nodeId: "none" } });
    expect(unknown.json.error.code).toBe("NOT_FOUND");
  });

  it("cancels a run, waiting or at work", async () => {
    const hang = workflowOf({
      nodes: { start: { type: "start" }, hang: { type: "hang" } },
      edges: ["start.value > hang.values"],
    });
    const id = await created(hang);
    const waiting = (await ask("POST", `/api/workflows/${id}/execute`, {})).json.runId;
    expect((await ask("POST", `/api/runs/${waiting}/cancel`, {})).json.status).toBe("cancelled");
    lab.queued.length = 0;
    const runId = (await ask("POST", `/api/workflows/${id}/execute`, {})).json.runId;
    const done = lab.drain();
    await vi.waitFor(async () => expect((await lab.run(runId)).status).toBe("running"));
    expect((await ask("POST", `/api/runs/${runId}/cancel`, {})).json.isCancelRequested).toBe(true);
    await done;
    expect((await ask("GET", `/api/runs/${runId}`)).json.run.status).toBe("cancelled");
  });

  it("lets programs start the active revision by its webhook, once per idempotency key", async () => {
    const id = await created(workflowOf({ nodes: { hook: { type: "trigger.webhook" } }, edges: [] }));
    const { webhookPath } = (await ask("GET", `/api/workflows/${id}`)).json;
    expect((await ask("POST", webhookPath, {})).json.error.code).toBe("WORKFLOW_INACTIVE");
    expect((await ask("POST", `/api/workflows/${id}/activate`, { revision: 1 })).json.activeRevision).toBe(1);
    const headers = { "Idempotency-Key": "order-7" };
    const first = await ask("POST", webhookPath, { price: 27.5 }, headers);
    expect(first).toMatchObject({ status: 202, json: { outcome: "queued" } });
    expect((await ask("POST", webhookPath, { price: 27.5 }, headers)).json.outcome).toBe("repeated");
    expect((await lab.run(first.json.runId)).trigger).toMatchObject({ kind: "webhook", payload: { price: 27.5 } });
    expect((await ask("POST", `/api/workflows/${id}/deactivate`, {})).json.activeRevision).toBeNull();
  });

  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
  it.each([
    ["70,000 keys", keys(70_000), "70000 different keys (accepted: at most 500)"],
    ["501 objects without a common key", Array.from({ length: 501 }, (_, i) => ({ [`k${i}`]: 1 })), "501 different"],
    ["more cells than values", [keys(500), ...Array(400).fill({})], "401 objects of 500 different keys"],
  ])("starts nothing with a payload of %s", async (_, payload, problem) => {
    const id = await created(workflowOf({ nodes: { hook: { type: "trigger.webhook" } }, edges: [] }));
    const { webhookPath } = (await ask("GET", `/api/workflows/${id}`)).json;
    await ask("POST", `/api/workflows/${id}/activate`, { revision: 1 });
    for (const [field, refused] of [
      ["body", await ask("POST", webhookPath, payload)],
      ["payload", await ask("POST", `/api/workflows/${id}/execute`, { payload })],
    ] as const) {
      expect(refused).toMatchObject({ status: 400, json: { error: { code: "REQUEST_INVALID" } } });
      expect(refused.json.error.message).toContain(`invalid ${field}: ${problem}`);
    }
    expect((await ask("GET", `/api/workflows/${id}/runs`)).json.runs).toEqual([]);
    expect((await ask("POST", webhookPath, [keys(500), ...Array(399).fill({})])).status).toBe(202);
  });

  it("refuses a webhook's body that is no JSON, and takes none", async () => {
    const id = await created(workflowOf({ nodes: { hook: { type: "trigger.webhook" } }, edges: [] }));
    const { webhookPath } = (await ask("GET", `/api/workflows/${id}`)).json;
    await ask("POST", `/api/workflows/${id}/activate`, { revision: 1 });
    const refused = await ask("POST", webhookPath, { price: 1 }, { "Content-Type": "text/plain" });
    expect(refused).toMatchObject({ status: 400, json: { error: { code: "REQUEST_INVALID" } } });
    expect(refused.json.error.message).toContain("invalid Content-Type: text/plain (accepted: application/json");
    const { json } = await ask("POST", webhookPath);
    expect((await lab.run(json.runId)).trigger.payload).toBeNull();
  });

  it("takes a dry run and a live one under one idempotency key for two occurrences", async () => {
    const id = await created();
    const execute = (mode: string) =>
      ask("POST", `/api/workflows/${id}/execute`, { mode }, { "Idempotency-Key": "same" });
    const dry = (await execute("dry-run")).json;
    const live = (await execute("live")).json;
    expect([dry.outcome, live.outcome]).toEqual(["queued", "queued"]);
    expect((await execute("dry-run")).json).toEqual({ runId: dry.runId, outcome: "repeated" });
    expect((await execute("live")).json).toEqual({ runId: live.runId, outcome: "repeated" });
    expect((await lab.run(live.runId)).effectScope).not.toBe((await lab.run(dry.runId)).effectScope);
  });

  it("tells the catalogue", async () => {
    const { types } = workflowCatalogueSchema.parse((await ask("GET", "/api/workflow-catalogue")).json);
    expect(types.map(({ id }) => id)).toContain("add");
  });
});
