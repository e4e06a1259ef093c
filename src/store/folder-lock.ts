import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { WorkbenchError } from "../engine/errors.js";

const LOCK_FILE = "lock.db";
/** The result code of SQLite for a file that another connection has locked. */
const SQLITE_BUSY = 5;
const HOLDER_FILE = "lock-holder.json";

export interface LockHolder {
  readonly pid: number;
  readonly purpose: string;
  readonly since: string;
}

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the folder for this process alone, creating it when missing. The lock is the operating system's
 * (an exclusive SQLite transaction that never ends), so it vanishes with the process however that ends.
 * @throws DATA_FOLDER_LOCKED naming the holder, DATA_FOLDER_UNUSABLE
 */
export async function acquireFolderLock(
  folder: string,
  { purpose, waitMs = 0 }: { purpose: string; waitMs?: number },
): Promise<FolderLock> {
  let lock: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    lock = new DatabaseSync(join(folder, LOCK_FILE), { timeout: waitMs });
    lock.exec("BEGIN EXCLUSIVE");
    const holder: LockHolder = { pid: process.pid, purpose, since: new Date().toISOString() };
    writeFileSync(join(folder, HOLDER_FILE), JSON.stringify(holder));
  } catch (cause) {
    lock?.close();
    throw (cause as { errcode?: number }).errcode === SQLITE_BUSY
      ? lockedError(folder, cause)
      : unusableError(folder, cause);
  }
  const taken = lock;
  let held = true;
  return {
    release: async () => {
      if (!held) return;
      held = false;
      taken.exec("ROLLBACK");
      taken.close();
    },
  };
}

/** Who wrote its name last; the holder when the folder is locked. */
export function readLockHolder(folder: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, HOLDER_FILE), "utf8")) as LockHolder;
  } catch {
    return undefined;
  }
}

function unusableError(folder: string, cause: unknown): WorkbenchError {
  return new WorkbenchError(
    "DATA_FOLDER_UNUSABLE",
    `the data folder ${folder} cannot be locked and written: ${(cause as Error).message}`,
    { cause },
  );
}

function lockedError(folder: string, cause: unknown): WorkbenchError {
  const holder = readLockHolder(folder);
  const who = holder ? `quantflow ${holder.purpose} (process ${holder.pid}, since ${holder.since})` : "another process";
  return new WorkbenchError("DATA_FOLDER_LOCKED", `the data folder ${folder} is in use by ${who}: stop it or wait`, {
    cause,
    details: { folder, holder },
  });
}
