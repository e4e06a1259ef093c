import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isWorkbenchError } from "../engine/errors.js";
import { openEmbeddedDatabase } from "./adapters/embedded-database.js";
import { type LoopbackAddress, openLoopbackDatabase } from "./adapters/loopback-database.js";
import { serveOnLoopback } from "./adapters/loopback-endpoint.js";
import { openPostgresDatabase } from "./adapters/postgres-database.js";
import type { Database } from "./database.js";
import { migrate } from "./migrate.js";
import { refreshDirtyRollups } from "./rollups.js";

const ADDRESS_FILE = "loopback.json";
/** Another command that holds the folder is done soon; a workbench that starts offers it soon. */
const MAX_WAIT_FOR_OTHER_COMMAND_MS = 10_000;
const POLL_MS = 100;

export interface DatabaseSettings {
  /** A PostgreSQL server; the embedded database when undefined. */
  readonly databaseUrl: string | undefined;
  /** The folder of the embedded database. */
  readonly dataFolder: string;
  /** What this process does, for the message another process gets when the folder is taken. */
  readonly purpose: string;
}

/**
 * Opens the database for one command: the server of `databaseUrl`, else the running workbench that owns the
 * embedded folder, else the folder itself, for which it waits some seconds while another command has it. The schema is brought up to date, and so are rollups that a killed
 * import left behind.
 */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  const database = await openUnmigrated(settings);
  try {
    if (database.kind !== "loopback") await migrate(database);
    await refreshDirtyRollups(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Opens the database for a process that others may share: an embedded folder is offered to them on loopback
 * until the database is closed.
 */
export async function openSharedDatabase(settings: DatabaseSettings): Promise<Database> {
  if (settings.databaseUrl !== undefined) return openDatabase(settings);
  const database = await openEmbeddedDatabase(settings.dataFolder, settings);
  try {
    await migrate(database);
    return await shareEmbedded(database, settings.dataFolder);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * The same database over connections of its own, for work that nobody else's may keep waiting. An embedded one has none:
 * then it is `database` itself, and `close` leaves it open.
 */
export async function openReserved(
  database: Database,
  { databaseUrl, connections }: { databaseUrl: string | undefined; connections: number },
): Promise<{ readonly database: Database; close(): Promise<void> }> {
  if (databaseUrl === undefined) return { database, close: async () => {} };
  const reserved = await openPostgresDatabase(databaseUrl, { connections });
  return { database: reserved, close: () => reserved.close() };
}

async function shareEmbedded(database: Database, dataFolder: string): Promise<Database> {
  const endpoint = await serveOnLoopback(database);
  const addressFile = join(dataFolder, ADDRESS_FILE);
  writeFileSync(addressFile, JSON.stringify(endpoint.address), { mode: 0o600 });
  return {
    kind: database.kind,
    location: database.location,
    query: (sql, parameters) => database.query(sql, parameters),
    execute: (sql) => database.execute(sql),
    copyIn: (sql, chunks) => database.copyIn(sql, chunks),
    copyOut: (sql, sink) => database.copyOut(sql, sink),
    transaction: (work) => database.transaction(work),
    close: async () => {
      rmSync(addressFile, { force: true });
      await endpoint.close();
      await database.close();
    },
  };
}

async function openUnmigrated({ databaseUrl, dataFolder, purpose }: DatabaseSettings): Promise<Database> {
  if (databaseUrl !== undefined) return openPostgresDatabase(databaseUrl);
  const givesUpAtMs = performance.now() + MAX_WAIT_FOR_OTHER_COMMAND_MS;
  for (;;) {
    try {
      return await openEmbeddedDatabase(dataFolder, { purpose });
    } catch (error) {
      if (!isWorkbenchError(error) || error.code !== "DATA_FOLDER_LOCKED") throw error;
      const running = await connectToOwner(dataFolder);
      if (running) return running;
      if (performance.now() >= givesUpAtMs) throw error;
    }
    await setTimeout(POLL_MS);
  }
}

/** The workbench that offers the folder; an address that a killed process left behind does not answer. */
async function connectToOwner(dataFolder: string): Promise<Database | undefined> {
  const address = readAddress(dataFolder);
  return address && openLoopbackDatabase(address).catch(() => undefined);
}

function readAddress(dataFolder: string): LoopbackAddress | undefined {
  try {
    return JSON.parse(readFileSync(join(dataFolder, ADDRESS_FILE), "utf8")) as LoopbackAddress;
  } catch {
    return undefined;
  }
}
