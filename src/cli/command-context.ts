import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Database } from "../store/database.js";
import { type Environment, readDatabaseSettings } from "../store/database-settings.js";
import { openDatabase } from "../store/open-database.js";

/** A place for text: the terminal, a file, a pipe. */
export type OutputStream = Writable & { readonly isTTY?: boolean };

/** What every command works with; tests pass one of their own. */
export interface CommandContext {
  readonly environment: Environment;
  readonly projectRoot: string;
  readonly version: string;
  readonly nowMs: () => number;
  /** Ends when the user interrupts. */
  readonly signal: AbortSignal;
  /** Results, and nothing else. */
  readonly stdout: OutputStream;
  /** Progress, mappings, messages for a person. */
  readonly stderr: OutputStream;
}

export function processContext(signal: AbortSignal): CommandContext {
  const projectRoot = fileURLToPath(new URL("../..", import.meta.url));
  const { version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string };
  const { env, stdout, stderr } = process;
  return { environment: env, projectRoot, version, nowMs: Date.now, signal, stdout, stderr };
}

/** Runs `work` on the database the environment names and closes it afterwards. */
export async function withDatabase<T>(
  { environment, projectRoot }: CommandContext,
  purpose: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ ...readDatabaseSettings(environment, { projectRoot }), purpose });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
