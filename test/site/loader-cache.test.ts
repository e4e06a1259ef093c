import { existsSync } from "node:fs";
import { appendFile, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { describe, expect, it, vi } from "vitest";
import { WorkbenchError } from "../../src/engine/errors.js";
import { fillLoaderCache, type LoaderCacheOptions } from "../../src/site/loader-cache.js";
import { temporaryProject } from "./temporary-project.js";

const CLOSES = { file: "data-loaders/closes.arrow.ts", parameters: {} };
const candlesOf = (symbol: string) => ({ file: "data-loaders/candles/[symbol].arrow.ts", parameters: { symbol } });

async function project() {
  const projectRoot = await temporaryProject({
    "data-loaders/closes.arrow.ts": 'import { scale } from "../src/engine/scale.js";\nexport const load = () => scale;',
    "data-loaders/candles/[symbol].arrow.ts": 'import { read } from "../support/read.js";\nexport const load = read;',
    "data-loaders/support/read.ts": 'import type { Row } from "./row.js";\nexport const read = (row: Row) => row;',
    "data-loaders/support/row.ts": "export interface Row { readonly close: number }",
    "src/engine/scale.ts": "export const scale = 1;",
  });
  const run = vi.fn<LoaderCacheOptions["run"]>(async (file, parameters) =>
    new TextEncoder().encode(`${file} ${JSON.stringify(parameters)}`),
  );
  const arrow = tableToIPC(tableFromArrays({ close: [1, 2, 3] }), "stream");
  run.mockResolvedValue(arrow);
  const cacheFolder = join(projectRoot, "notebooks/.observablehq/cache");
  const fill = (changes: Partial<LoaderCacheOptions> = {}) =>
    fillLoaderCache({
      projectRoot,
      cacheFolder,
      requests: [CLOSES, candlesOf("HPG"), candlesOf("DCE.I")],
      watermark: "2026-04-10",
      run,
      ...changes,
    });
  const ran = () => run.mock.calls.map(([file, { symbol }]) => symbol ?? file);
  return { projectRoot, cacheFolder, fill, run, ran, arrow };
}

describe("fillLoaderCache(options)", () => {
  it("runs every loader once and stores what it gave where Framework looks", async () => {
    const { fill, cacheFolder, ran, arrow } = await project();
    const results = await fill();
    expect(ran()).toEqual(["data-loaders/closes.arrow.ts", "HPG", "DCE.I"]);
    expect(results.map(({ output, cache, rows }) => ({ output, cache, rows }))).toEqual([
      { output: "data/closes.arrow", cache: "miss", rows: 3 },
      { output: "data/candles/HPG.arrow", cache: "miss", rows: 3 },
      { output: "data/candles/DCE.I.arrow", cache: "miss", rows: 3 },
    ]);
    expect(await readFile(join(cacheFolder, "data/candles/DCE.I.arrow"))).toEqual(Buffer.from(arrow));
  });

  it("runs none again while nothing changed", async () => {
    const { fill, run } = await project();
    await fill();
    run.mockClear();
    const results = await fill();
    expect(run).not.toHaveBeenCalled();
    expect(results.map(({ cache, rows }) => [cache, rows])).toEqual([
      ["hit", 3],
      ["hit", 3],
      ["hit", 3],
    ]);
  });

  it("ignores the time of the loader's file, which a checkout renews", async () => {
    const { fill, run, projectRoot } = await project();
    await fill();
    run.mockClear();
    await utimes(join(projectRoot, CLOSES.file), new Date(), new Date());
    await fill();
    expect(run).not.toHaveBeenCalled();
  });

  it("runs all again when the data changed", async () => {
    const { fill, run } = await project();
    await fill();
    run.mockClear();
    await fill({ watermark: "2026-04-13" });
    expect(run).toHaveBeenCalledTimes(3);
  });

  it.each([
    ["the loader itself", "data-loaders/closes.arrow.ts", ["data-loaders/closes.arrow.ts"]],
    ["what it imports", "src/engine/scale.ts", ["data-loaders/closes.arrow.ts"]],
    ["what several parameters share", "data-loaders/support/read.ts", ["HPG", "DCE.I"]],
    ["only a type", "data-loaders/support/row.ts", []],
  ])("runs exactly the loaders concerned when %s changed", async (_, file, expected) => {
    const { fill, run, ran, projectRoot } = await project();
    await fill();
    run.mockClear();
    await appendFile(join(projectRoot, file), "\n// changed");
    await fill();
    expect(ran()).toEqual(expected);
  });

  it("runs a new parameter only, and drops the file of one that is gone", async () => {
    const { fill, run, ran, cacheFolder } = await project();
    await fill();
    run.mockClear();
    await fill({ requests: [CLOSES, candlesOf("HPG"), candlesOf("VNM")] });
    expect(ran()).toEqual(["VNM"]);
    expect(existsSync(join(cacheFolder, "data/candles/DCE.I.arrow"))).toBe(false);
  });

  it("does not trust a file that something else has written since", async () => {
    const { fill, run, ran, cacheFolder } = await project();
    await fill();
    run.mockClear();
    await writeFile(join(cacheFolder, "data/candles/HPG.arrow"), "from the preview");
    await fill();
    expect(ran()).toEqual(["HPG"]);
  });

  it("names the loader and its parameters when one fails, and keeps what the others made", async () => {
    const { fill, run, arrow, ran } = await project();
    run.mockImplementation(async (_, { symbol }) => {
      if (symbol === "DCE.I") throw new Error("relation does not exist");
      return arrow;
    });
    await expect(fill()).rejects.toMatchObject({
      code: "LOADER_FAILED",
      message: "data-loaders/candles/[symbol].arrow.ts (symbol=DCE.I): relation does not exist",
    });
    run.mockReset().mockResolvedValue(arrow);
    await fill();
    expect(ran()).toEqual(["DCE.I"]);
  });

  it("passes a cancellation on", async () => {
    const { fill, run } = await project();
    run.mockRejectedValue(new WorkbenchError("CANCELLED", "cancelled"));
    await expect(fill()).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("says which file a loader imports in vain", async () => {
    const { fill, projectRoot } = await project();
    await writeFile(join(projectRoot, CLOSES.file), 'import "./gone.js";');
    await expect(fill()).rejects.toMatchObject({
      code: "LOADER_FAILED",
      message: expect.stringContaining("./gone.js"),
    });
  });
});
