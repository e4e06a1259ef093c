import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { WorkbenchError } from "../engine/errors.js";
import type { Database, DatabaseSession } from "./database.js";

/** Which branch of the migrations' conditional sections a database took. Fixed by its first migration. */
export type SchemaFlavour = "plain" | "timescaledb";

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export interface MigrationReport {
  readonly flavour: SchemaFlavour;
  readonly applied: readonly string[];
}

/** Any number that nothing else on the server locks by. */
const MIGRATION_LOCK = 7_305_150_266;

const MIGRATION_FILE = /^(\d{4})-([a-z0-9-]+)\.sql$/;

/** The migrations of this program, in order. */
export function readMigrations(folder = fileURLToPath(new URL("./migrations/", import.meta.url))): Migration[] {
  return readdirSync(folder)
    .filter((file) => MIGRATION_FILE.test(file))
    .sort()
    .map((file) => {
      const [, version, name] = MIGRATION_FILE.exec(file)!;
      const sql = readFileSync(`${folder}/${file}`, "utf8").replaceAll("\r\n", "\n");
      const checksum = createHash("sha256").update(sql).digest("hex");
      return { version: Number(version), name: name!, sql, checksum };
    });
}

/**
 * Brings the schema up to this program's version, each migration in a transaction of its own.
 * @throws SCHEMA_NEWER_THAN_PROGRAM, SCHEMA_CHANGED_AFTER_APPLY
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = readMigrations(),
): Promise<MigrationReport> {
  await database.transaction((session) =>
    // IF NOT EXISTS alone does not keep two processes from making the table at the same time.
    session.execute(`
      SELECT pg_advisory_xact_lock(${MIGRATION_LOCK});
      CREATE TABLE IF NOT EXISTS schema_migrations (
        version integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        flavour text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`),
  );
  await verifiedHistory(database, migrations);
  const flavour = await schemaFlavour(database);
  const applied: string[] = [];
  for (const migration of migrations) {
    const isNew = await database.transaction(async (session) => {
      await session.execute("LOCK TABLE schema_migrations IN EXCLUSIVE MODE");
      const known = await verifiedHistory(session, migrations);
      if (known.has(migration.version)) return false;
      await session.execute(selectSections(migration.sql, flavour));
      await session.query("INSERT INTO schema_migrations (version, name, checksum, flavour) VALUES ($1, $2, $3, $4)", [
        migration.version,
        migration.name,
        migration.checksum,
        flavour,
      ]);
      return true;
    });
    if (isNew) applied.push(`${String(migration.version).padStart(4, "0")}-${migration.name}`);
  }
  return { flavour, applied };
}

/** The flavour recorded by the first migration, else what the database's extensions allow. */
export async function schemaFlavour(database: DatabaseSession): Promise<SchemaFlavour> {
  const recorded = await database.query<{ flavour: SchemaFlavour }>(
    "SELECT flavour FROM schema_migrations ORDER BY version LIMIT 1",
  );
  if (recorded[0]) return recorded[0].flavour;
  const installed = await database.query("SELECT 1 FROM pg_extension WHERE extname = 'timescaledb'");
  return installed.length > 0 ? "timescaledb" : "plain";
}

async function verifiedHistory(session: DatabaseSession, migrations: readonly Migration[]): Promise<Set<number>> {
  const history = await session.query<{ version: number; name: string; checksum: string }>(
    "SELECT version, name, checksum FROM schema_migrations ORDER BY version",
  );
  for (const entry of history) {
    const migration = migrations.find(({ version }) => version === entry.version);
    if (!migration) {
      throw new WorkbenchError(
        "SCHEMA_NEWER_THAN_PROGRAM",
        `the database has schema version ${entry.version} (${entry.name}), this program knows up to ${migrations.at(-1)?.version ?? 0}: update the program`,
      );
    }
    if (migration.checksum !== entry.checksum) {
      throw new WorkbenchError(
        "SCHEMA_CHANGED_AFTER_APPLY",
        `migration ${entry.version} (${entry.name}) was changed after this database applied it: restore the file and add a new migration`,
      );
    }
  }
  return new Set(history.map(({ version }) => version));
}

/** Keeps the sections of one flavour: `--! if timescaledb` … `--! else` … `--! end`. */
export function selectSections(sql: string, flavour: SchemaFlavour): string {
  let section: SchemaFlavour | "both" = "both";
  const kept: string[] = [];
  for (const line of sql.split("\n")) {
    if (line.startsWith("--! if timescaledb")) section = "timescaledb";
    else if (line.startsWith("--! else")) section = "plain";
    else if (line.startsWith("--! end")) section = "both";
    else if (section === "both" || section === flavour) kept.push(line);
  }
  return kept.join("\n");
}
