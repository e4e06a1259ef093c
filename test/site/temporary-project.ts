import { existsSync, symlinkSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { onTestFinished } from "vitest";

export const REPOSITORY = resolve(import.meta.dirname, "../..");

/** Writes files into a new folder, by their paths; the caller removes it. */
export async function writeProject(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "quantflow-site-")));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** A project that lives as long as the test, with the repository's packages installed. */
export async function temporaryProject(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await writeProject(files);
  linkPackages(folder);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function linkPackages(folder: string): void {
  const link = join(folder, "node_modules");
  if (!existsSync(link)) symlinkSync(join(REPOSITORY, "node_modules"), link);
}
