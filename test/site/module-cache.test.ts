import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pinVersion, refreshModuleCache } from "../../src/site/module-cache.js";
import { temporaryProject } from "./temporary-project.js";

async function projectWithLockfile(lockfile: string) {
  const projectRoot = await temporaryProject();
  await rm(join(projectRoot, "node_modules"));
  await mkdir(join(projectRoot, "node_modules"));
  await writeFile(join(projectRoot, "node_modules/.package-lock.json"), lockfile);
  return { projectRoot, cacheFolder: join(projectRoot, "cache") };
}

describe("refreshModuleCache(projectRoot, cacheFolder)", () => {
  const d3 = { name: "d3", version: "7.9.2", folder: "unused" };

  it("keeps the modules while the installed packages stay the same", async () => {
    const { projectRoot, cacheFolder } = await projectWithLockfile('{"packages":{}}');
    refreshModuleCache(projectRoot, cacheFolder);
    pinVersion(cacheFolder, d3);
    refreshModuleCache(projectRoot, cacheFolder);
    expect(existsSync(join(cacheFolder, "_npm/d3@7.9.2"))).toBe(true);
  });

  it("forgets them, and nothing else, when a package changed", async () => {
    const { projectRoot, cacheFolder } = await projectWithLockfile('{"packages":{}}');
    refreshModuleCache(projectRoot, cacheFolder);
    pinVersion(cacheFolder, d3);
    await mkdir(join(cacheFolder, "data"));
    await writeFile(join(projectRoot, "node_modules/.package-lock.json"), '{"packages":{"node_modules/d3":{}}}');
    refreshModuleCache(projectRoot, cacheFolder);
    expect(existsSync(join(cacheFolder, "_npm"))).toBe(false);
    expect(existsSync(join(cacheFolder, "data"))).toBe(true);
  });
});
