import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { restoreInterruptedSwap, swapFolder } from "../../src/site/swap-folder.js";
import { temporaryProject } from "./temporary-project.js";

async function folders(files: Readonly<Record<string, string>>) {
  const root = await temporaryProject(files);
  const page = async () => readFile(join(root, "dist/index.html"), "utf8");
  const names = async () => (await readdir(root)).filter((name) => name !== "node_modules").sort();
  return { root, dist: join(root, "dist"), building: join(root, "dist-building"), page, names };
}

describe("swapFolder(folder, replacement)", () => {
  it("puts the new content in the place of the old and leaves nothing beside it", async () => {
    const { dist, building, page, names } = await folders({
      "dist/index.html": "old",
      "dist/gone.html": "old",
      "dist-building/index.html": "new",
    });
    await swapFolder(dist, building);
    expect(await page()).toBe("new");
    expect(existsSync(join(dist, "gone.html"))).toBe(false);
    expect(await names()).toEqual(["dist"]);
  });

  it("works the first time, when there is no old content", async () => {
    const { dist, building, page } = await folders({ "dist-building/index.html": "new" });
    await swapFolder(dist, building);
    expect(await page()).toBe("new");
  });

  it("puts the old content back when the new cannot be moved", async () => {
    const { dist, building, page, names } = await folders({ "dist/index.html": "old" });
    await expect(swapFolder(dist, building)).rejects.toThrow("ENOENT");
    expect(await page()).toBe("old");
    expect(await names()).toEqual(["dist"]);
  });
});

describe("restoreInterruptedSwap(folder)", () => {
  it("brings the old content back when the process died before the new was in place", async () => {
    const { root, dist, page, names } = await folders({ "dist/index.html": "old" });
    await rename(dist, join(root, "dist-previous"));
    await restoreInterruptedSwap(dist);
    expect(await page()).toBe("old");
    expect(await names()).toEqual(["dist"]);
  });

  it("drops the old content when the process died after the new was in place", async () => {
    const { root, dist, page, names } = await folders({ "dist/index.html": "new" });
    await mkdir(join(root, "dist-previous"));
    await writeFile(join(root, "dist-previous/index.html"), "old");
    await restoreInterruptedSwap(dist);
    expect(await page()).toBe("new");
    expect(await names()).toEqual(["dist"]);
  });
});
