import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { filesIn } from "./site-files.js";

const TEXT_EXTENSIONS: ReadonlySet<string> = new Set([".html", ".js", ".css", ".json", ".svg", ".txt", ".csv"]);
/** Below this a compressed file saves less than a network packet. */
const SMALLEST_BYTES = 1024;
/** Level 5 gives nearly all of the best level's gain at a tenth of its time. */
const BROTLI_LEVEL = 5;
const GZIP_LEVEL = 6;

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

/**
 * Writes `x.br` and `x.gz` beside every text and WebAssembly file of the site, taking from `cacheFolder` what an
 * earlier build compressed; content that no longer occurs leaves the cache.
 */
export async function precompressSite(siteFolder: string, cacheFolder: string): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  const used = new Set<string>();
  for (const file of await filesIn(siteFolder)) {
    const path = join(siteFolder, file);
    const isText = TEXT_EXTENSIONS.has(extname(file));
    if (!isText && extname(file) !== ".wasm") continue;
    if ((await stat(path)).size < SMALLEST_BYTES) continue;
    const content = await readFile(path);
    const name = createHash("sha256").update(content).digest("hex").slice(0, 32);
    const mode = isText ? constants.BROTLI_MODE_TEXT : constants.BROTLI_MODE_GENERIC;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_LEVEL,
      [constants.BROTLI_PARAM_MODE]: mode,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.byteLength,
    };
    await Promise.all([
      cached(`${name}.br`, `${path}.br`, () => brotli(content, { params })),
      cached(`${name}.gz`, `${path}.gz`, () => deflate(content, { level: GZIP_LEVEL })),
    ]);
  }
  for (const file of await filesIn(cacheFolder)) if (!used.has(file)) await rm(join(cacheFolder, file));

  async function cached(name: string, destination: string, compress: () => Promise<Buffer>): Promise<void> {
    used.add(name);
    const held = join(cacheFolder, name);
    if (!existsSync(held)) {
      await writeFile(`${held}.${process.pid}.part`, await compress());
      await rename(`${held}.${process.pid}.part`, held);
    }
    await copyFile(held, destination);
  }
}
