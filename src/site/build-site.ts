import { rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { WorkbenchError } from "../engine/errors.js";
import { acquireBuildLock } from "./build-lock.js";
import { runFrameworkBuild } from "./framework-build.js";
import { fillLoaderCache, type LoaderResult } from "./loader-cache.js";
import type { LoaderRequest, RunLoader } from "./loader-output.js";
import { clearModuleCache } from "./module-cache.js";
import { precompressSite } from "./precompress.js";
import { filesIn } from "./site-files.js";
import { siteFolders } from "./site-folders.js";
import { MANIFEST_FILE, type SiteManifest, sourceFingerprint } from "./site-freshness.js";
import { restoreInterruptedSwap, swapFolder } from "./swap-folder.js";

/** Longer than any build takes. */
const MAX_WAIT_FOR_OTHER_BUILD_MS = 300_000;

export type BuildStep = "loaders" | "pages" | "compress" | "swap";

export type BuildProgress =
  | { readonly kind: "step-finished"; readonly step: BuildStep; readonly milliseconds: number }
  | { readonly kind: "loaders-filled"; readonly results: readonly LoaderResult[] }
  /** A line of Framework's own output. */
  | { readonly kind: "page-output"; readonly line: string };

export interface BuildSiteOptions {
  /** Folder that holds `observablehq.config.*`, `notebooks` and `node_modules`. */
  readonly projectRoot: string;
  /** The folder that is replaced, inside the project. */
  readonly outputDir: string;
  /** Added to the environment of Framework's process, such as `QUANTFLOW_SYMBOLS_FILE`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly loaders: {
    /** Every file that the pages read. */
    readonly requests: readonly LoaderRequest[];
    /** Changes whenever the stored data does. */
    readonly watermark: string;
    readonly run: RunLoader;
  };
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BuildProgress) => void;
}

export interface BuiltSite {
  readonly manifest: SiteManifest;
  readonly loaders: readonly LoaderResult[];
}

/**
 * Builds the static site beside `outputDir`, checks it, compresses it, and only then puts it in the place of the
 * former one; a build that fails leaves the former site as it was.
 *
 * @throws LOADER_FAILED | MODULE_NOT_INSTALLED | SITE_BUILD_FAILED | SITE_CHECK_FAILED | CANCELLED
 */
export async function buildSite(options: BuildSiteOptions): Promise<BuiltSite> {
  const { environment, loaders, onProgress } = options;
  const signal = options.signal ?? new AbortController().signal;
  const projectRoot = resolve(options.projectRoot);
  const outputDir = resolve(options.outputDir);
  const { cache } = siteFolders(projectRoot);
  const building = join(dirname(outputDir), `${basename(outputDir)}-building`);

  const lock = await acquireBuildLock(cache, { waitMs: MAX_WAIT_FOR_OTHER_BUILD_MS, signal });
  try {
    if (lock.followsKilledBuild) clearModuleCache(cache);
    await restoreInterruptedSwap(outputDir);
    await rm(building, { recursive: true, force: true });
    // Before anything is read: a change made during the build must count as newer than the build.
    const fingerprint = await sourceFingerprint(projectRoot);

    const results = await step("loaders", () =>
      fillLoaderCache({ ...loaders, projectRoot, cacheFolder: cache, signal }),
    );
    onProgress?.({ kind: "loaders-filled", results });
    await step("pages", () =>
      runFrameworkBuild({
        projectRoot,
        outputFolder: building,
        environment,
        signal,
        onOutput: (line) => onProgress?.({ kind: "page-output", line }),
      }),
    );
    await step("compress", () => precompressSite(building, join(cache, "_compressed")));
    const manifest: SiteManifest = {
      builtAt: new Date().toISOString(),
      watermark: loaders.watermark,
      fingerprint,
      pages: await pagesIn(building),
    };
    await writeFile(join(building, MANIFEST_FILE), JSON.stringify(manifest, null, 2));
    await step("swap", () => swapFolder(outputDir, building));
    return { manifest, loaders: results };
  } catch (cause) {
    throw signal.aborted ? new WorkbenchError("CANCELLED", "the site build was cancelled", { cause }) : cause;
  } finally {
    await rm(building, { recursive: true, force: true });
    lock.release();
  }

  async function step<T>(name: BuildStep, run: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const startedAtMs = performance.now();
    const result = await run();
    onProgress?.({ kind: "step-finished", step: name, milliseconds: performance.now() - startedAtMs });
    return result;
  }
}

async function pagesIn(siteFolder: string): Promise<string[]> {
  return (await filesIn(siteFolder))
    .filter((file) => file.endsWith(".html"))
    .map((file) => file.slice(0, -".html".length));
}
