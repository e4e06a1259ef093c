import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Where the folder that is being replaced waits until its replacement stands in its place. */
function previousFolder(folder: string): string {
  return join(dirname(folder), `${basename(folder)}-previous`);
}

/**
 * Puts `replacement` in the place of `folder` by renaming, within one file system: a reader sees the old content or
 * the new, never a mixture. When the replacement cannot be moved, the old content is put back.
 */
export async function swapFolder(folder: string, replacement: string): Promise<void> {
  const previous = previousFolder(folder);
  await restoreInterruptedSwap(folder);
  const replaces = existsSync(folder);
  if (replaces) await rename(folder, previous);
  try {
    await rename(replacement, folder);
  } catch (error) {
    if (replaces) await rename(previous, folder);
    throw error;
  }
  await rm(previous, { recursive: true, force: true });
}

/** Finishes what a process that was killed inside {@link swapFolder} left: the old content comes back if none is there. */
export async function restoreInterruptedSwap(folder: string): Promise<void> {
  const previous = previousFolder(folder);
  if (!existsSync(previous)) return;
  if (existsSync(folder)) await rm(previous, { recursive: true, force: true });
  else await rename(previous, folder);
}
