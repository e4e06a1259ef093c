import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildProgress, type BuiltSite, buildSite } from "../site/build-site.js";
import type { LoaderRequest } from "../site/loader-output.js";
import { SYMBOLS_FILE_VARIABLE } from "../site/site-symbols.js";
import type { Database } from "../store/database.js";
import { listCandleExtents } from "../store/queries/candle-extents.js";
import { activeDataset, readDataVersion } from "../store/queries/data-version.js";

/** Loaders that make one file each. */
const SINGLE_LOADERS = [
  "instruments",
  "snapshot",
  "latest-session",
  "daily-closes",
  "quality-findings",
  "trading-calendar",
  "value-chain-nodes",
  "value-chain-edges",
  "lead-lag-screen",
];
const SYMBOL_LOADER = "data-loaders/daily/[symbol].arrow.ts";

interface LoaderModule {
  readonly load: (context: { database: Database; parameters: Readonly<Record<string, string>> }) => Promise<Uint8Array>;
}

export interface SiteBuildOptions {
  readonly projectRoot: string;
  readonly siteFolder: string;
  readonly dataFolder: string;
  readonly database: Database;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: BuildProgress) => void;
}

/** Builds the static site from what is stored: every page, and one for each symbol with candles. */
export async function buildWorkbenchSite(options: SiteBuildOptions): Promise<BuiltSite> {
  const { projectRoot, database, signal, onProgress } = options;
  const { watermark } = await readDataVersion(database);
  const symbols = await writeSymbolsFile(database, options.dataFolder);
  const requests: LoaderRequest[] = [
    ...SINGLE_LOADERS.map((name) => ({ file: `data-loaders/${name}.arrow.ts`, parameters: {} })),
    ...symbols.names.map((symbol) => ({ file: SYMBOL_LOADER, parameters: { symbol } })),
  ];
  return buildSite({
    projectRoot,
    outputDir: options.siteFolder,
    environment: { [SYMBOLS_FILE_VARIABLE]: symbols.file },
    signal,
    loaders: {
      requests,
      watermark,
      run: async (file, parameters) => {
        const module = (await import(pathToFileURL(join(projectRoot, file)).href)) as LoaderModule;
        return module.load({ database, parameters });
      },
    },
    ...(onProgress && { onProgress }),
  });
}

/** The list of symbols that get a page, where Framework's configuration finds it. */
export async function writeSymbolsFile(
  database: Database,
  dataFolder: string,
): Promise<{ file: string; names: string[] }> {
  const extents = await listCandleExtents(database, await activeDataset(database));
  const names = extents.map(({ symbol }) => symbol);
  const file = join(dataFolder, "site-symbols.json");
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(file, JSON.stringify(names));
  return { file, names };
}
