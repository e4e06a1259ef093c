import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MANIFEST_FILE, type SiteManifest, siteFreshness, sourceFingerprint } from "../../src/site/site-freshness.js";
import { temporaryProject } from "./temporary-project.js";

const SOURCES = {
  "notebooks/index.md": "# Overview",
  "notebooks/components/figure.ts": "export {};",
  "data-loaders/closes.arrow.ts": "export {};",
  "src/engine/returns.ts": "export {};",
  "src/contracts/candle.ts": "export {};",
  "src/store/queries.ts": "export {};",
  "src/site/build-site.ts": "export {};",
  "observablehq.config.ts": "export default {};",
  "package-lock.json": "{}",
};
const NOT_SOURCES = {
  "README.md": "",
  "src/server/main.ts": "",
  "test/site/x.test.ts": "",
  "notebooks/.observablehq/cache/data/closes.arrow": "",
};

async function builtProject() {
  const projectRoot = await temporaryProject({ ...SOURCES, ...NOT_SOURCES });
  const outputDir = await temporaryProject();
  const manifest: SiteManifest = {
    builtAt: "2026-04-10T08:00:00.000Z",
    watermark: "7",
    fingerprint: await sourceFingerprint(projectRoot),
    pages: ["index"],
  };
  await writeFile(join(outputDir, MANIFEST_FILE), JSON.stringify(manifest));
  const freshness = (watermark = "7") => siteFreshness({ projectRoot, outputDir, watermark });
  return { projectRoot, outputDir, manifest, freshness };
}

describe("siteFreshness({ projectRoot, outputDir, watermark })", () => {
  it("is fresh right after the build", async () => {
    const { freshness, manifest } = await builtProject();
    expect(await freshness()).toEqual({ kind: "fresh", manifest });
  });

  it.each(Object.keys(SOURCES))("is stale when %s changed", async (file) => {
    const { freshness, projectRoot } = await builtProject();
    await writeFile(join(projectRoot, file), "// changed");
    expect(await freshness()).toMatchObject({ kind: "stale", because: "sources-changed" });
  });

  it("is stale when a source was removed or added", async () => {
    const { freshness, projectRoot } = await builtProject();
    await rm(join(projectRoot, "src/engine/returns.ts"));
    expect(await freshness()).toMatchObject({ kind: "stale", because: "sources-changed" });
    await writeFile(join(projectRoot, "src/engine/returns.ts"), SOURCES["src/engine/returns.ts"]);
    expect(await freshness()).toMatchObject({ kind: "fresh" });
    await writeFile(join(projectRoot, "notebooks/heatmap.md"), "# Heatmap");
    expect(await freshness()).toMatchObject({ kind: "stale", because: "sources-changed" });
  });

  it.each(Object.keys(NOT_SOURCES))("stays fresh when %s changed", async (file) => {
    const { freshness, projectRoot } = await builtProject();
    await writeFile(join(projectRoot, file), "changed");
    expect(await freshness()).toMatchObject({ kind: "fresh" });
  });

  it("is stale when the data changed", async () => {
    const { freshness } = await builtProject();
    expect(await freshness("8")).toMatchObject({ kind: "stale", because: "data-changed" });
  });

  it("is missing without a site, and with one whose manifest is cut short", async () => {
    const { freshness, outputDir } = await builtProject();
    await writeFile(join(outputDir, MANIFEST_FILE), '{"builtAt":');
    expect(await freshness()).toEqual({ kind: "missing" });
    await rm(outputDir, { recursive: true });
    expect(await freshness()).toEqual({ kind: "missing" });
  });
});
