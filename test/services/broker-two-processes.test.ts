import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OrderReport } from "../../src/engine/trading/order.js";
import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/migrate.js";
import { upsertInstruments } from "../../src/store/queries/instrument-queries.js";
import { BROKER_INSTRUMENTS } from "../port-suites/broker-suite.js";
import { createTemporarySchema, postgresUnavailable, type TemporarySchema } from "../support/postgres-schema.js";

const unavailable = await postgresUnavailable();
const KEYS = 50;

describe.skipIf(unavailable)(`two processes with one broker${unavailable ? ` (${unavailable})` : ""}`, () => {
  let schema: TemporarySchema;
  let database: Database;
  const workers: ChildProcess[] = [];
  beforeAll(async () => {
    schema = await createTemporarySchema();
    database = await openPostgresDatabase(schema.url);
    await migrate(database);
    await upsertInstruments(database, BROKER_INSTRUMENTS, { dataset: "market", described: true });
    await database.query(
      "INSERT INTO market_candles_daily (symbol, simulated, trading_date, close, batch_id) VALUES ('FPT', false, '2026-03-02', 85000, 1)",
    );
  });
  afterAll(async () => {
    for (const worker of workers) worker.kill();
    await database?.close();
    await schema?.drop();
  });

  it("make one order of each key, and hear the same of it", async () => {
    for (let n = 0; n < 2; n++) {
      const worker = fork(join(import.meta.dirname, "../support/order-placing-process.ts"), [schema.url], {
        execArgv: ["--import", "tsx"],
      });
      workers.push(worker);
      await once(worker, "message");
    }
    const answers = workers.map((worker) => once(worker, "message") as Promise<[OrderReport[]]>);
    for (const worker of workers) worker.send(KEYS);
    const [[first], [second]] = (await Promise.all(answers)) as [[OrderReport[]], [OrderReport[]]];
    expect(second).toEqual(first);
    expect(first).toHaveLength(KEYS);
    const [counted] = await database.query(
      "SELECT count(*)::int AS orders, sum(filled_quantity) AS shares FROM paper_orders",
    );
    expect(counted).toEqual({ orders: KEYS, shares: KEYS * 100 });
  });
});
