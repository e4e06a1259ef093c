/**
 * Framework's build and the check of what it made as a process of their own, so that their memory ends with it:
 * reads one FrameworkBuildRequest from its parent, answers with one FrameworkBuildAnswer, and leaves.
 */
import { stripVTControlCharacters } from "node:util";
import { isWorkbenchError } from "../engine/errors.js";
import { checkSite } from "./check-site.js";
import type { FrameworkBuildAnswer, FrameworkBuildRequest } from "./framework-build.js";
import { takeShortcuts } from "./framework-shortcuts.js";
import { goOffline } from "./offline-fetch.js";
import { addStyleAssets } from "./package-assets.js";
import { siteFolders } from "./site-folders.js";
import { collectReferences } from "./site-references.js";

/** What Framework was at work on, taken from the lines it prints: `load /index`, `copy notebooks/data/x.arrow`. */
let current: string | undefined;

process.once("message", (request: FrameworkBuildRequest) => {
  // Also when the parent dies: nobody would take the result.
  process.once("disconnect", () => process.exit());
  void answer(request).then((message) => process.send?.(message, () => process.disconnect()));
});

async function answer({ projectRoot, outputFolder }: FrameworkBuildRequest): Promise<FrameworkBuildAnswer> {
  try {
    takeShortcuts("build");
    const { build, FileBuildEffects } = await import("@observablehq/framework/dist/build.js");
    const { readConfig } = await import("@observablehq/framework/dist/config.js");
    const config = await readConfig();
    const cacheFolder = siteFolders(projectRoot).cache;
    goOffline({ projectRoot, cacheFolder });
    config.output = outputFolder;
    await build({ config }, new FileBuildEffects(outputFolder, cacheFolder, { logger: console, output: progress }));
    current = undefined;
    const site = await collectReferences(outputFolder);
    await addStyleAssets(projectRoot, outputFolder, site.references);
    await checkSite(outputFolder, site);
    return { kind: "built" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const { code, details } = isWorkbenchError(error) ? error : { code: "SITE_BUILD_FAILED" as const, details: {} };
    return { kind: "failed", code, message, details, at: current };
  }
}

const progress = {
  write(text: string): void {
    const step = /^(?:load|copy|build|bundle|render) (\S+)/.exec(stripVTControlCharacters(text));
    if (step !== null) current = step[1];
    process.stdout.write(text);
  },
};
