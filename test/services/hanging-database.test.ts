import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TcpProxy } from "../../bench/support/tcp-proxy.js";
import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/migrate.js";
import { upsertInstruments } from "../../src/store/queries/instrument-queries.js";
import { instrumentOf, type MarketApi, serveMarket } from "../server/live/market-store.js";
import { createTemporarySchema, postgresUnavailable, type TemporarySchema } from "../support/postgres-schema.js";

const PATHS = ["candles?symbol=HPG&dataset=market", "ticks?symbol=HPG", "instruments", "instruments?dataset=market"];

describe.skipIf(await postgresUnavailable())("the market API over a database that takes bytes and gives none", () => {
  let schema: TemporarySchema;
  let proxy: TcpProxy;
  let database: Database;
  let api: MarketApi;
  beforeAll(async () => {
    schema = await createTemporarySchema();
    const url = new URL(schema.url);
    proxy = await TcpProxy.open({ host: url.hostname, port: Number(url.port || 5432) });
    url.hostname = "127.0.0.1";
    url.port = String(proxy.port);
    database = await openPostgresDatabase(url.href);
    await migrate(database);
    await upsertInstruments(database, [instrumentOf("HPG")], { dataset: "market", described: true });
    api = await serveMarket(database);
  });
  afterAll(async () => {
    proxy?.restore();
    await api?.close();
    await database?.close();
    await proxy?.close();
    await schema?.drop();
  });

  /** Status and error code of an answer that has to come within ten seconds. */
  const answerTo = async (path: string): Promise<unknown[]> => {
    const answer = await fetch(`${api.url}api/market/${path}`, { signal: AbortSignal.timeout(10_000) });
    const body = (await answer.json()) as { error?: { code: string } };
    return [answer.status, body.error?.code];
  };

  it("says within ten seconds that the database is unreachable, over old connections and new ones", async () => {
    expect(await Promise.all(PATHS.map(answerTo))).toEqual(PATHS.map(() => [200, undefined]));
    proxy.hang();
    for (const _ of ["connections that were open", "connections that are made"]) {
      expect(await Promise.all(PATHS.map(answerTo))).toEqual(PATHS.map(() => [503, "DATABASE_UNREACHABLE"]));
    }
  });

  it("answers everybody although more ask than there are connections", async () => {
    proxy.hang();
    const crowd = Array.from({ length: 40 }, (_, at) => PATHS[at % PATHS.length]!);
    expect(await Promise.all(crowd.map(answerTo))).toEqual(crowd.map(() => [503, "DATABASE_UNREACHABLE"]));
  });

  it("answers again when the database does", async () => {
    proxy.restore();
    for (const path of PATHS) expect(await answerTo(path), path).toEqual([200, undefined]);
  });

  it("answers at once after the first question in vain, although every connection that was open is dead", async () => {
    const path = "ticks?symbol=HPG";
    await Promise.all(Array.from({ length: 12 }, () => answerTo(path)));
    proxy.hang();
    const lost = Array.from({ length: 12 }, () => answerTo(path));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    proxy.restore();
    for (const answer of await Promise.all(lost)) expect(answer).toEqual([503, "DATABASE_UNREACHABLE"]);
    expect(await Promise.all(PATHS.map(answerTo))).toEqual(PATHS.map(() => [200, undefined]));
  });

  it("answers for candles while another session holds the trades and many ask for them", async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const direct = await openPostgresDatabase(schema.url);
    const isLocked = new Promise<void>((resolve) => {
      void direct.transaction(async (session) => {
        await session.execute("LOCK TABLE market_ticks IN ACCESS EXCLUSIVE MODE");
        resolve();
        await released;
      });
    });
    await isLocked;
    try {
      const ticks = Array.from({ length: 14 }, async () => {
        const answer = await fetch(`${api.url}api/market/ticks?symbol=HPG`);
        return { status: answer.status, text: await answer.text() };
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const others = PATHS.filter((path) => !path.startsWith("ticks"));
      expect(await Promise.all(others.map(answerTo))).toEqual(others.map(() => [200, undefined]));
      for (const { status, text } of await Promise.all(ticks)) {
        expect(status).toBeGreaterThanOrEqual(500);
        expect(text).not.toContain("no database answers");
        expect(text).toMatch(/lock timeout|reads of trades wait for the database, 3 at a time/);
      }
    } finally {
      release();
      await direct.close();
    }
  });
});
