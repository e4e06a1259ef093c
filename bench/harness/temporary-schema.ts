import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/migrate.js";

export interface TemporarySchema {
  readonly database: Database;
  /** Address of the server that finds the schema's tables by their bare names. */
  readonly url: string;
  dispose(): Promise<void>;
}

/** An empty store in a schema of its own. @throws DATABASE_UNREACHABLE | DATABASE_URL_INVALID */
export async function openTemporarySchema(databaseUrl: string): Promise<TemporarySchema> {
  const schema = `quantflow_bench_${process.pid}_${Math.floor(performance.now())}`;
  const admin = await openPostgresDatabase(databaseUrl);
  await admin.execute(`CREATE SCHEMA ${schema}`);
  const url = new URL(databaseUrl);
  url.searchParams.set("options", `-c search_path=${schema},public`);
  const database = await openPostgresDatabase(url.href);
  const dispose = async () => {
    await database.close();
    await admin.execute(`DROP SCHEMA ${schema} CASCADE`);
    await admin.close();
  };
  try {
    await migrate(database);
  } catch (error) {
    await dispose();
    throw error;
  }
  // libpq reads "+" literally.
  return { database, url: url.href.replaceAll("+", "%20"), dispose };
}
