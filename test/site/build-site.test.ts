import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type BuildSiteOptions, buildSite } from "../../src/site/build-site.js";
import { temporaryProject } from "./temporary-project.js";

async function project(files: Readonly<Record<string, string>> = {}) {
  const projectRoot = await temporaryProject({
    "observablehq.config.js": 'export default { root: "notebooks", globalStylesheets: [], style: null };',
    "notebooks/index.md": "# Overview",
    "data-loaders/closes.arrow.ts": "export const load = () => {};",
    "dist/index.html": "the former site",
    ...files,
  });
  const outputDir = join(projectRoot, "dist");
  const build = (changes: Partial<BuildSiteOptions> = {}) =>
    buildSite({
      projectRoot,
      outputDir,
      environment: {},
      loaders: { requests: [], watermark: "1", run: async () => new Uint8Array() },
      ...changes,
    });
  const site = async () => readFile(join(outputDir, "index.html"), "utf8");
  const folders = async () => (await readdir(projectRoot)).filter((name) => name.startsWith("dist"));
  return { projectRoot, outputDir, build, site, folders };
}

describe("buildSite(options) that fails", () => {
  it("leaves the former site as it was when a loader fails", async () => {
    const { build, site, folders } = await project();
    const loaders = {
      requests: [{ file: "data-loaders/closes.arrow.ts", parameters: {} }],
      watermark: "1",
      run: async () => {
        throw new Error("no such table");
      },
    };
    await expect(build({ loaders })).rejects.toMatchObject({
      code: "LOADER_FAILED",
      message: "data-loaders/closes.arrow.ts: no such table",
    });
    expect(await site()).toBe("the former site");
    expect(await folders()).toEqual(["dist"]);
  });

  it("leaves it, and frees the lock, when a page imports a package that is not installed", async () => {
    const { build, site, folders, projectRoot } = await project({
      "notebooks/index.md": '```js\nimport _ from "npm:not-a-package";\n```',
    });
    await expect(build()).rejects.toMatchObject({
      code: "MODULE_NOT_INSTALLED",
      message: "/index: not-a-package is not installed: run npm install not-a-package",
    });
    expect(await site()).toBe("the former site");
    expect(await folders()).toEqual(["dist"]);
    expect(existsSync(join(projectRoot, "notebooks/.observablehq/cache/.site-build.pid"))).toBe(false);
  });

  it("leaves it when the check finds a fault that Framework's build lets pass", async () => {
    const { build, site, folders } = await project({ "notebooks/index.md": "```js\nconst 1 = ;\n```" });
    await expect(build()).rejects.toMatchObject({
      code: "SITE_CHECK_FAILED",
      message: expect.stringMatching(/^index\.html: a cell holds an error: SyntaxError: /),
      details: { page: "index.html" },
    });
    expect(await site()).toBe("the former site");
    expect(await folders()).toEqual(["dist"]);
  });

  it("leaves it when the build is cancelled", async () => {
    const { build, site, folders } = await project();
    await expect(build({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "CANCELLED" });
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    await expect(build({ signal: controller.signal, onProgress })).rejects.toMatchObject({ code: "CANCELLED" });
    expect(await site()).toBe("the former site");
    expect(await folders()).toEqual(["dist"]);
  });
});
