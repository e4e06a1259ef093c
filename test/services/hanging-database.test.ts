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
});
