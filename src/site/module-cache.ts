import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type InstalledPackage, installedLockfile } from "./installed-packages.js";

/** Folders of Framework's cache whose content comes from packages rather than from pages or data. */
const MODULE_FOLDERS = ["_npm", "_node", "_jsr", "_duckdb", "_observablehq"];

/** The code that decides what a cached module looks like. */
const BUNDLING_CODE = ["bundle-module", "installed-packages", "module-cache", "offline-fetch", "package-specifier"];

const STAMP_FILE = ".installed-packages";

/**
 * Empties Framework's module cache when the installed packages or the bundling code changed since it was filled.
 * Framework itself keys the cache by version alone, so it would never notice either.
 */
export function refreshModuleCache(projectRoot: string, cacheFolder: string): void {
  const stamp = moduleStamp(projectRoot);
  const stampFile = join(cacheFolder, STAMP_FILE);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  clearModuleCache(cacheFolder);
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Forgets every cached module, as after a build that was killed while it wrote one. */
export function clearModuleCache(cacheFolder: string): void {
  for (const folder of [...MODULE_FOLDERS, STAMP_FILE])
    rmSync(join(cacheFolder, folder), { recursive: true, force: true });
}

/** Makes Framework import `dependency` at exactly its installed version, without asking for the newest. */
export function pinVersion(cacheFolder: string, { name, version }: InstalledPackage): void {
  mkdirSync(join(cacheFolder, "_npm", `${name}@${version}`), { recursive: true });
}

function moduleStamp(projectRoot: string): string {
  const hash = createHash("sha256").update(readFileSync(installedLockfile(projectRoot)));
  for (const name of BUNDLING_CODE) hash.update(readFileSync(fileURLToPath(new URL(`${name}.ts`, import.meta.url))));
  return hash.digest("hex");
}
