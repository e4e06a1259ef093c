import { createServer, type Server } from "node:http";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PAPER_BROKER, paperOrdersSchema, workflowNoticesSchema } from "../../src/contracts/paper-broker.js";
import { epochMs } from "../../src/engine/units/epoch-ms.js";
import type { IdempotencyKey, WorkflowId } from "../../src/engine/workflow/workflow-ids.js";
import { brokerRoutes } from "../../src/server/broker/broker.routes.js";
import { answerError } from "../../src/server/error-response.js";
import { closeServer, listenOnLoopback } from "../../src/server/listen.js";
import { readNodeServiceSettings } from "../../src/server/workflows/services/node-service-settings.js";
import { openNodeServices } from "../../src/server/workflows/services/open-node-services.js";
import { migrate } from "../../src/store/migrate.js";
import { upsertInstruments } from "../../src/store/queries/instrument-queries.js";
import { BROKER_INSTRUMENTS } from "../port-suites/broker-suite.js";
import { httpGet } from "../support/http-exchange.js";
import { databasesUnderTest, type TestDatabase } from "./databases.js";

const never = new AbortController().signal;
const AT = epochMs(Date.parse("2026-03-03T03:00:00Z"));

describe("GET /api/orders and /api/notices", () => {
  let test: TestDatabase;
  let server: Server;
  let url: string;
  const ask = async (path: string) => {
    const { status, body } = await httpGet(`${url}${path}`);
    return { status, body: JSON.parse(body.toString()) };
  };

  beforeAll(async () => {
    const embedded = (await databasesUnderTest()).find(({ name }) => name === "PGlite")!;
    test = await embedded.open();
    const { database } = test;
    await migrate(database);
    await upsertInstruments(database, BROKER_INSTRUMENTS, { dataset: "market", described: true });
    await database.query(
      "INSERT INTO market_candles_daily (symbol, simulated, trading_date, close, batch_id) VALUES ('FPT', false, '2026-03-02', 85000, 1)",
    );
    const services = openNodeServices({ database, dataFolder: "/nowhere", settings: readNodeServiceSettings({}) });
    const order = { symbol: "FPT", side: "buy", riskProfile: "default", reason: "test", requestedAtMs: AT } as const;
    const kind = { kind: "market" } as const;
    await services.broker.place({ ...order, kind, quantity: 100 }, "o1" as IdempotencyKey, never);
    await services.broker.place({ ...order, kind, quantity: Number.NaN }, "o2" as IdempotencyKey, never);
    const workflowId = "6f2d7a54-3c65-4a35-8a4e-0d2f1c6b9e01" as WorkflowId;
    const notice = { workflowId, severity: "info", title: "bought", text: "", atMs: AT } as const;
    await services.records.notify(notice, "n1" as IdempotencyKey);
    server = createServer(express().use(brokerRoutes({ database })).use(answerError));
    url = await listenOnLoopback(server, 0);
  });
  afterAll(async () => {
    if (server) await closeServer(server);
    await test?.dispose();
  });

  it("say which broker took the orders, the latest first", async () => {
    const { status, body } = await ask("api/orders");
    expect(status).toBe(200);
    const { broker, orders, nextCursor } = paperOrdersSchema.parse(body);
    expect(broker).toEqual(PAPER_BROKER);
    expect(nextCursor).toBeNull();
    expect(orders).toMatchObject([
      { idempotencyKey: "o2", state: "rejected", quantity: null, fillPrice: null },
      { idempotencyKey: "o1", state: "filled", fillPrice: 85_000, priceKnownAt: "2026-03-02T07:45:00.000Z" },
    ]);
  });

  it("go on from page to page", async () => {
    const first = (await ask("api/orders?limit=1")).body;
    expect(first).toMatchObject({ orders: [{ idempotencyKey: "o2" }], nextCursor: expect.any(String) });
    const second = (await ask(`api/orders?limit=1&cursor=${first.nextCursor}`)).body;
    expect(second).toMatchObject({ orders: [{ idempotencyKey: "o1" }], nextCursor: null });
  });

  it("take a symbol and a state", async () => {
    expect((await ask("api/orders?state=filled&symbol=FPT")).body.orders).toHaveLength(1);
    expect((await ask("api/orders?symbol=HPG")).body.orders).toEqual([]);
  });

  it("tell what workflows told people", async () => {
    const { notices } = workflowNoticesSchema.parse((await ask("api/notices")).body);
    expect(notices).toMatchObject([
      { title: "bought", severity: "info", at: "2026-03-03T03:00:00.000Z", incidentId: null },
    ]);
  });

  it.each([
    "orders?limit=0",
    "orders?limit=501",
    "orders?cursor=x",
    "orders?state=open",
    "orders?color=red",
    "notices?limit=x",
  ])("refuse %s", async (path) => {
    expect(await ask(`api/${path}`)).toMatchObject({ status: 400, body: { error: { code: "REQUEST_INVALID" } } });
  });
});
