import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { isWorkbenchError, WorkbenchError } from "../engine/errors.js";
import { installedLockfile } from "./installed-packages.js";
import { describeRequest, type LoaderRequest, loaderKey, loaderOutputPath, type RunLoader } from "./loader-output.js";
import { contentHash, loaderSources } from "./loader-sources.js";
import { filesIn } from "./site-files.js";

export interface LoaderCacheOptions {
  readonly projectRoot: string;
  /** Framework's cache: `.observablehq/cache` in the site's source folder. */
  readonly cacheFolder: string;
  readonly requests: readonly LoaderRequest[];
  readonly watermark: string;
  readonly run: RunLoader;
  readonly signal?: AbortSignal | undefined;
}

export interface LoaderResult {
  readonly request: LoaderRequest;
  readonly output: string;
  /** `"hit"` when the cached file was made from the same sources, parameters and data. */
  readonly cache: "hit" | "miss";
  readonly milliseconds: number;
  readonly bytes: number;
  /** `undefined` for a file that is not Arrow. */
  readonly rows: number | undefined;
}

/** What is known of a cached file; size and time tell whether another process has replaced it since. */
interface CachedOutput {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
  readonly rows?: number;
}

const RECORD_FILE = ".loader-outputs.json";
/** Loaders mostly wait for the database: two at a time keep it busy without holding many files in memory. */
const RUNS_AT_ONCE = 2;

/**
 * Makes Framework's data cache hold exactly the requested files, each fresh. Framework compares the time of the
 * loader's own file only, and its build takes an old output whatever its age.
 *
 * @throws LOADER_FAILED naming the loader and its parameters
 */
export async function fillLoaderCache(options: LoaderCacheOptions): Promise<LoaderResult[]> {
  const { projectRoot, cacheFolder, requests, watermark, run, signal } = options;
  const known = await readRecord(cacheFolder);
  const record: Record<string, CachedOutput> = {};
  const sources = await loaderSources(projectRoot, [...new Set(requests.map(({ file }) => file))]);
  const sourceHashes = new Map<string, string>();
  for (const [file, imported] of sources) sourceHashes.set(file, await contentHash(projectRoot, imported));
  const packagesHash = await contentHash("", [installedLockfile(projectRoot)]);

  const results = new Array<LoaderResult>(requests.length);
  let next = 0;
  const worker = async () => {
    try {
      for (let i = next++; i < requests.length; i = next++) {
        signal?.throwIfAborted();
        results[i] = await refresh(requests[i]!);
      }
    } finally {
      // After a failure the other worker finishes the file it is at, and no more.
      next = requests.length;
    }
  };
  const endings = await Promise.allSettled(Array.from({ length: RUNS_AT_ONCE }, worker));
  await writeAtomically(join(cacheFolder, RECORD_FILE), JSON.stringify({ ...known, ...record }));
  for (const ending of endings) if (ending.status === "rejected") throw ending.reason;
  await removeOthers(cacheFolder, new Set(results.map(({ output }) => output)));
  return results;

  async function refresh(request: LoaderRequest): Promise<LoaderResult> {
    const sourcesHash = sourceHashes.get(request.file)!;
    const key = loaderKey({ sourcesHash, packagesHash, parameters: request.parameters, watermark });
    const output = loaderOutputPath(request);
    const path = join(cacheFolder, output);
    const cached = known[output];
    const startedAtMs = performance.now();
    const hit = cached?.key === key && (await isUntouched(path, cached));
    const entry = hit ? cached : await make(request, path, key);
    record[output] = entry;
    const milliseconds = performance.now() - startedAtMs;
    return { request, output, cache: hit ? "hit" : "miss", milliseconds, bytes: entry.bytes, rows: entry.rows };
  }

  async function make(request: LoaderRequest, path: string, key: string): Promise<CachedOutput> {
    let bytes: Uint8Array;
    try {
      bytes = await run(request.file, request.parameters);
    } catch (cause) {
      if (isWorkbenchError(cause) && cause.code === "CANCELLED") throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new WorkbenchError("LOADER_FAILED", `${describeRequest(request)}: ${reason}`, {
        cause,
        details: { file: request.file, parameters: request.parameters },
      });
    }
    await writeAtomically(path, bytes);
    const { size, mtimeMs } = await stat(path);
    const rows = path.endsWith(".arrow") ? tableFromIPC(bytes).numRows : undefined;
    return { key, bytes: size, modifiedAtMs: mtimeMs, ...(rows === undefined ? {} : { rows }) };
  }
}

async function isUntouched(path: string, cached: CachedOutput): Promise<boolean> {
  if (!existsSync(path)) return false;
  const { size, mtimeMs } = await stat(path);
  return size === cached.bytes && mtimeMs === cached.modifiedAtMs;
}

async function removeOthers(cacheFolder: string, wanted: ReadonlySet<string>): Promise<void> {
  if (!existsSync(join(cacheFolder, "data"))) return;
  for (const file of await filesIn(join(cacheFolder, "data"))) {
    if (!wanted.has(`data/${file}`)) await rm(join(cacheFolder, "data", file));
  }
}

async function readRecord(cacheFolder: string): Promise<Readonly<Record<string, CachedOutput>>> {
  try {
    return JSON.parse(await readFile(join(cacheFolder, RECORD_FILE), "utf8"));
  } catch {
    return {};
  }
}

async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.part`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}
