import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { WorkbenchError } from "../engine/errors.js";

export interface BuildLock {
  /** True when the build before this one was killed, so that a file it was writing may be cut short. */
  readonly followsKilledBuild: boolean;
  release(): void;
}

const LOCK_FILE = ".site-build.pid";
const POLL_MS = 250;

/**
 * Reserves Framework's cache for one build at a time, waiting for a build that runs.
 * @throws SITE_BUILD_FAILED when that takes longer than `waitMs`, CANCELLED
 */
export async function acquireBuildLock(
  cacheFolder: string,
  { waitMs, signal }: { waitMs: number; signal?: AbortSignal },
): Promise<BuildLock> {
  const file = join(cacheFolder, LOCK_FILE);
  mkdirSync(cacheFolder, { recursive: true });
  const givesUpAtMs = performance.now() + waitMs;
  for (;;) {
    if (tryCreate(file)) return lockOf(file, false);
    const holder = holderOf(file);
    if (holder !== undefined && !isRunning(holder)) {
      writeFileSync(file, String(process.pid));
      return lockOf(file, true);
    }
    if (signal?.aborted) throw new WorkbenchError("CANCELLED", "the site build was cancelled");
    if (performance.now() >= givesUpAtMs) {
      throw new WorkbenchError("SITE_BUILD_FAILED", `another site build is running (process ${holder}): wait for it`);
    }
    await setTimeout(POLL_MS);
  }
}

function lockOf(file: string, followsKilledBuild: boolean): BuildLock {
  return { followsKilledBuild, release: () => rmSync(file, { force: true }) };
}

/** `undefined` while the file is released or not yet written. */
function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
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
