import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tradingDate } from "../../src/engine/units/trading-date.js";
import { loadDemoMarket } from "../../src/import/demo-market.js";
import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/migrate.js";
import { activeDataset } from "../../src/store/queries/data-version.js";
import { createTemporarySchema, postgresUnavailable, type TemporarySchema } from "../support/postgres-schema.js";

const unavailable = await postgresUnavailable();

describe.skipIf(unavailable)(`two processes on one server${unavailable ? ` (${unavailable})` : ""}`, () => {
  let schema: TemporarySchema;
  let first: Database;
  let second: Database;
  beforeAll(async () => {
    schema = await createTemporarySchema();
    [first, second] = await Promise.all([openPostgresDatabase(schema.url), openPostgresDatabase(schema.url)]);
    await migrate(first);
  });
  afterAll(async () => {
    await Promise.all([first?.close(), second?.close()]);
    await schema?.drop();
  });

  it("make the simulated market one after the other", async () => {
    const options = { endDate: tradingDate("2026-04-10") };
    const [one, other] = await Promise.all([loadDemoMarket(first, options), loadDemoMarket(second, options)]);
    expect(one).toEqual(other);
    expect(await activeDataset(first)).toBe("simulated");
    const [stored] = await first.query("SELECT count(*)::int AS daily FROM market_candles_daily WHERE simulated");
    expect(stored).toEqual({ daily: one.dailyCandles });
  });

  it("learn that the server ended a connection, and go on with another", async () => {
    const cut = first.transaction(async (session) => {
      const [backend] = await session.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      const statement = session.query("SELECT pg_sleep(30)");
      await second.query("SELECT pg_terminate_backend($1)", [backend!.pid]);
      return statement;
    });
    await expect(cut).rejects.toMatchObject({ code: "DATABASE_UNREACHABLE" });
    expect(await first.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});
