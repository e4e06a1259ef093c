import { readFileSync } from "node:fs";
import { readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { precompressSite } from "../../src/site/precompress.js";
import { temporaryProject } from "./temporary-project.js";

const SCRIPT = "export const close = 1;\n".repeat(100);

async function compressed(files: Readonly<Record<string, string>>) {
  const site = await temporaryProject(files);
  const cache = join(await temporaryProject(), "cache");
  await precompressSite(site, cache);
  return { site, cache, names: (await readdir(site)).filter((name) => name !== "node_modules").sort() };
}

describe("precompressSite(siteFolder, cacheFolder)", () => {
  it("writes both encodings of a text beside it", async () => {
    const { site, names } = await compressed({ "a.js": SCRIPT });
    expect(names).toEqual(["a.js", "a.js.br", "a.js.gz"]);
    expect(String(brotliDecompressSync(readFileSync(join(site, "a.js.br"))))).toBe(SCRIPT);
    expect(String(gunzipSync(readFileSync(join(site, "a.js.gz"))))).toBe(SCRIPT);
  });

  it("leaves alone what is small, and what is neither text nor WebAssembly", async () => {
    const { names } = await compressed({ "small.js": "export {};", "font.woff2": SCRIPT, "closes.arrow": SCRIPT });
    expect(names).toEqual(["closes.arrow", "font.woff2", "small.js"]);
  });

  it("takes from the cache what was compressed before, and forgets what no longer occurs", async () => {
    const { site, cache } = await compressed({ "a.wasm": SCRIPT });
    const [held] = await readdir(cache);
    const long = new Date(0);
    await utimes(join(cache, held!), long, long);
    await precompressSite(site, cache);
    expect((await stat(join(cache, held!))).mtimeMs).toBe(0);

    await writeFile(join(site, "a.wasm"), `${SCRIPT}changed`);
    await precompressSite(site, cache);
    expect(await readdir(cache)).not.toContain(held);
  });
});
