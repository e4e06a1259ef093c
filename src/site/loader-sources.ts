import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { WorkbenchError } from "../engine/errors.js";

/**
 * The files that decide what each loader computes: the loader itself and everything of the project it imports,
 * directly or not. Types and packages are not among them.
 *
 * @param loaderFiles paths relative to `projectRoot`
 * @returns sorted paths relative to `projectRoot`, by loader
 * @throws LOADER_FAILED when a loader cannot be parsed or imports a file that is not there
 */
export async function loaderSources(
  projectRoot: string,
  loaderFiles: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (loaderFiles.length === 0) return new Map();
  const { metafile } = await build({
    entryPoints: [...loaderFiles],
    absWorkingDir: projectRoot,
    outdir: projectRoot,
    bundle: true,
    write: false,
    metafile: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "silent",
  }).catch((cause: Error) => {
    throw new WorkbenchError("LOADER_FAILED", `cannot read the data loaders: ${cause.message}`, { cause });
  });
  return new Map(loaderFiles.map((file) => [file, importedFrom(file, metafile)]));
}

/** One value for the content of several files; it changes with any byte of any of them, and with their paths. */
export async function contentHash(projectRoot: string, files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) {
    const content = await readFile(join(projectRoot, file));
    hash.update(`${file}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest("hex");
}

function importedFrom(entry: string, { inputs }: Metafile): string[] {
  const found = new Set([entry]);
  for (const file of found) {
    for (const { path, external } of inputs[file]?.imports ?? []) if (external !== true) found.add(path);
  }
  return [...found].sort();
}
