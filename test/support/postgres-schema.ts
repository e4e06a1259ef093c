import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";
import type { Database } from "../../src/store/database.js";
import { databasesUnderTest } from "../store/databases.js";

const SERVER_URL = process.env.TEST_DATABASE_URL ?? "postgresql://postgres@127.0.0.1:5432/test";

/** Why tests with PostgreSQL cannot run here; `undefined` when they can. */
export async function postgresUnavailable(): Promise<string | undefined> {
  return (await databasesUnderTest()).find(({ name }) => name === "PostgreSQL")!.unavailable;
}

export interface TemporarySchema {
  /** For `DATABASE_URL`: connections see the schema alone and carry its name as their application name. */
  readonly url: string;
  readonly name: string;
  /** Connected to the server, outside the schema. */
  readonly admin: Database;
  drop(): Promise<void>;
}

export async function createTemporarySchema(): Promise<TemporarySchema> {
  const name = `quantflow_services_${process.pid}_${Math.floor(performance.now() * 1_000)}`;
  const admin = await openPostgresDatabase(SERVER_URL);
  await admin.execute(`CREATE SCHEMA ${name}`);
  const url = new URL(SERVER_URL);
  url.searchParams.set("options", `-c search_path=${name},public`);
  url.searchParams.set("application_name", name);
  return {
    url: url.href,
    name,
    admin,
    drop: async () => {
      await admin.execute(`DROP SCHEMA IF EXISTS ${name}_jobs CASCADE; DROP SCHEMA ${name} CASCADE`);
      await admin.close();
    },
  };
}
