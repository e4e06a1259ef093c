import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../engine/errors.js";

export interface BuildLock {
  /** True when the build before this one was killed, so that a file it was writing may be cut short. */
  readonly followsKilledBuild: boolean;
  release(): void;
}

const LOCK_FILE = ".site-build.pid";

/**
 * Reserves Framework's cache for one build at a time.
 * @throws SITE_BUILD_FAILED while another process that still runs holds it
 */
export function acquireBuildLock(cacheFolder: string): BuildLock {
  const file = join(cacheFolder, LOCK_FILE);
  mkdirSync(cacheFolder, { recursive: true });
  const holder = tryCreate(file) ? undefined : Number(readFileSync(file, "utf8"));
  if (holder !== undefined) {
    if (isRunning(holder)) {
      throw new WorkbenchError("SITE_BUILD_FAILED", `another site build is running (process ${holder}): wait for it`);
    }
    writeFileSync(file, String(process.pid));
  }
  return { followsKilledBuild: holder !== undefined, release: () => rmSync(file, { force: true }) };
}

function tryCreate(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
