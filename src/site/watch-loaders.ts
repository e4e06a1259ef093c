import { existsSync, type FSWatcher, utimesSync, watch } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { contentHash, loaderSources } from "./loader-sources.js";
import { filesIn } from "./site-files.js";
import { siteFolders } from "./site-folders.js";

export interface LoaderWatch {
  /** Makes Framework run every loader again. */
  touchAll(): void;
  close(): void;
}

/** Folders that loaders import from. */
const WATCHED_FOLDERS = ["data-loaders", "src/engine", "src/contracts", "src/store"];
/** Editors write a file in several steps; this much silence means that they are done. */
const SETTLE_MS = 30;
const HASHES_FILE = ".loader-sources.json";

/**
 * Keeps Framework's preview from showing old data: Framework runs a loader again when the time of the loader's own
 * file changes, so that time is renewed whenever something the loader imports has changed, also between two runs.
 */
export async function watchLoaders(options: {
  readonly projectRoot: string;
  readonly onError: (error: unknown) => void;
}): Promise<LoaderWatch> {
  const { projectRoot, onError } = options;
  const hashesFile = join(siteFolders(projectRoot).cache, HASHES_FILE);
  let hashes = await readHashes(hashesFile);
  let checking = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  await touchChanged();

  const watchers: FSWatcher[] = WATCHED_FOLDERS.map((folder) => join(projectRoot, folder))
    .filter((folder) => existsSync(folder))
    .map((folder) =>
      watch(folder, { recursive: true }, () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          checking = checking.then(touchChanged).catch(onError);
        }, SETTLE_MS);
      }),
    );

  return {
    touchAll: () => touch([...hashes.keys()]),
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };

  async function touchChanged(): Promise<void> {
    const current = await currentHashes(projectRoot);
    const changed = [...current].filter(([loader, hash]) => hashes.get(loader) !== hash).map(([loader]) => loader);
    const same = changed.length === 0 && current.size === hashes.size;
    hashes = current;
    if (same) return;
    touch(changed);
    await mkdir(dirname(hashesFile), { recursive: true });
    await writeFile(hashesFile, JSON.stringify([...current]));
  }

  function touch(loaders: readonly string[]): void {
    const now = new Date();
    for (const loader of loaders) utimesSync(join(projectRoot, loader), now, now);
  }
}

async function currentHashes(projectRoot: string): Promise<ReadonlyMap<string, string>> {
  if (!existsSync(join(projectRoot, "data-loaders"))) return new Map();
  const loaders = (await filesIn(join(projectRoot, "data-loaders")))
    .filter((file) => /\.\w+\.ts$/.test(file) && !file.startsWith("support/"))
    .map((file) => `data-loaders/${file}`);
  const sources = await loaderSources(projectRoot, loaders);
  const entries = [...sources].map(async ([loader, files]) => [loader, await contentHash(projectRoot, files)] as const);
  return new Map(await Promise.all(entries));
}

async function readHashes(file: string): Promise<ReadonlyMap<string, string>> {
  try {
    return new Map(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return new Map();
  }
}
