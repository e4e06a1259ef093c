import { createHash } from "node:crypto";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { histogramBoosting } from "../../src/engine/boosting/histogram-boosting.js";
import { studyPairWithBoosting } from "../../src/engine/lead-lag/study-pair.js";
import { simulatePair } from "../support/lead-lag-simulation.js";
import { PROJECT_ROOT } from "../support/quantflow-process.js";
import { OPTIONS, pairOf } from "../support/study-inputs.js";
import { launchChromium } from "./page-visit.js";

const ENTRY = `
  import { histogramBoosting } from "./src/engine/boosting/histogram-boosting.js";
  import { studyPairWithBoosting } from "./src/engine/lead-lag/study-pair.js";
  globalThis.study = (sides, options) => {
    const series = ([name, values]) => ({
      name, kind: "returns",
      openedAtMs: Float64Array.from(values, (_, day) => day * 86400000),
      values: Float64Array.from(values),
    });
    const [source, target, ...factors] = sides.map(series);
    return studyPairWithBoosting({ source, target, factors }, options, { boosting: histogramBoosting });
  };`;

describe("studyPairWithBoosting in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it("gives the numbers of Node, bit for bit", async () => {
    const pair = simulatePair(41, { kind: "linear", lag: 4, correlation: 0.2 });
    const market = simulatePair(42, { kind: "none" }).source;
    const options = { ...OPTIONS, maxLag: 6 };
    const here = await studyPairWithBoosting(pairOf(pair.source, pair.target, [market]), options, {
      boosting: histogramBoosting,
    });

    const { outputFiles } = await build({
      stdin: { contents: ENTRY, resolveDir: PROJECT_ROOT, loader: "js" },
      bundle: true,
      format: "iife",
      write: false,
      logLevel: "silent",
    });
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0]!.text });
    const sides = [
      ["source", Array.from(pair.source)],
      ["target", Array.from(pair.target)],
      ["factor 1", Array.from(market)],
    ];
    const there = await page.evaluate(
      async ([series, chosen]) => {
        const run = (globalThis as unknown as { study: (sides: unknown, options: unknown) => Promise<unknown> }).study;
        return JSON.stringify(await run(series, chosen), (_, value) =>
          ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
        );
      },
      [sides, options] as const,
    );
    const written = JSON.stringify(here, (_, value) =>
      ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
    );
    expect(JSON.parse(there)).toEqual(JSON.parse(written));
    const digest = (text: string) => createHash("sha256").update(text).digest("hex");
    expect(digest(there)).toBe(digest(written));
  });
});
