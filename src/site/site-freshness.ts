import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { contentHash } from "./loader-sources.js";
import { filesIn } from "./site-files.js";

/** What a built site says of itself, in its `build.json`. */
export interface SiteManifest {
  /** ISO 8601, UTC. */
  readonly builtAt: string;
  /** Of the data the pages show. */
  readonly watermark: string;
  /** {@link sourceFingerprint} of the code the pages were built from. */
  readonly fingerprint: string;
  /** Page paths, such as `index` and `symbols/HPG`. */
  readonly pages: readonly string[];
}

export const MANIFEST_FILE = "build.json";

/** Everything of the project that decides how the site looks, apart from the data. */
const SITE_SOURCES = [
  "notebooks",
  "data-loaders",
  "src/engine",
  "src/contracts",
  "src/store",
  "src/site",
  "observablehq.config.ts",
  "package-lock.json",
];

export type SiteFreshness =
  | { readonly kind: "fresh"; readonly manifest: SiteManifest }
  | { readonly kind: "missing" }
  | { readonly kind: "stale"; readonly because: "sources-changed" | "data-changed"; readonly manifest: SiteManifest };

/** Whether the built site still shows what the sources and the data with `watermark` would give. */
export async function siteFreshness(options: {
  readonly projectRoot: string;
  readonly outputDir: string;
  readonly watermark: string;
}): Promise<SiteFreshness> {
  const manifest = await readSiteManifest(options.outputDir);
  if (manifest === undefined) return { kind: "missing" };
  const fingerprint = await sourceFingerprint(options.projectRoot);
  if (manifest.fingerprint !== fingerprint) return { kind: "stale", because: "sources-changed", manifest };
  if (manifest.watermark !== options.watermark) return { kind: "stale", because: "data-changed", manifest };
  return { kind: "fresh", manifest };
}

/** `undefined` when there is no built site, or one that was not built to its end. */
export async function readSiteManifest(outputDir: string): Promise<SiteManifest | undefined> {
  try {
    return JSON.parse(await readFile(join(outputDir, MANIFEST_FILE), "utf8"));
  } catch {
    return undefined;
  }
}

/** A hash of the paths and contents of the site's sources; sources that the project does not have count as empty. */
export async function sourceFingerprint(projectRoot: string): Promise<string> {
  const files: string[] = [];
  for (const source of SITE_SOURCES) {
    const path = join(projectRoot, source);
    if (!existsSync(path)) continue;
    if ((await stat(path)).isFile()) files.push(source);
    else
      files.push(...(await filesIn(path)).filter((file) => !file.startsWith(".")).map((file) => `${source}/${file}`));
  }
  return contentHash(projectRoot, files);
}
