import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { BuildProgress } from "../../site/build-site.js";
import { formatLoaderTable } from "../../site/loader-table.js";
import { readDatabaseSettings } from "../../store/database-settings.js";
import { openDatabase } from "../../store/open-database.js";
import { buildWorkbenchSite } from "../build-workbench-site.js";
import type { CommandContext, OutputStream } from "../command-context.js";
import { writeJson } from "../output.js";

export function addBuildCommand(program: Command, context: CommandContext): void {
  program
    .command("build")
    .description("build the static site, which any file host can serve")
    .option("--output <folder>", "where the site goes, inside the project", "dist")
    .option("--json", "print {output, pages, watermark, loaders} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow build && python3 -m http.server --directory dist")
    .action(async (flags: { output: string; json: boolean }) => {
      const { environment, projectRoot, stderr, signal } = context;
      const settings = { ...readDatabaseSettings(environment, { projectRoot }), purpose: "build" };
      const database = await openDatabase(settings);
      try {
        const startedAtMs = performance.now();
        const siteFolder = resolve(projectRoot, flags.output);
        const { manifest, loaders } = await buildWorkbenchSite({
          projectRoot,
          siteFolder,
          dataFolder: settings.dataFolder,
          database,
          signal,
          onProgress: (progress) => showProgress(stderr, progress),
        });
        const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
        stderr.write(`${manifest.pages.length} pages in ${join(flags.output, "/")}, ${seconds} s\n`);
        if (flags.json) {
          const { pages, watermark } = manifest;
          await writeJson(context.stdout, { output: siteFolder, pages, watermark, loaders });
        }
      } finally {
        await database.close();
      }
    });
}

function showProgress(stderr: OutputStream, progress: BuildProgress): void {
  switch (progress.kind) {
    case "loaders-filled":
      stderr.write(`${formatLoaderTable(progress.results)}\n`);
      return;
    case "step-finished":
      stderr.write(`${progress.step}: ${(progress.milliseconds / 1_000).toFixed(1)} s\n`);
      return;
    case "page-output":
      if (/error|warn/i.test(progress.line)) stderr.write(`${progress.line}\n`);
  }
}
