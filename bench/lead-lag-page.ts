import { join } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { type StudyQuestion, testQuestion } from "../notebooks/components/lead-lag/study-question.js";
import { STUDY_BOOSTING } from "../src/engine/boosting/gradient-boosting.js";
import { histogramBoosting } from "../src/engine/boosting/histogram-boosting.js";
import { alignReturns } from "../src/engine/lead-lag/aligned-returns.js";
import { boostingByLag } from "../src/engine/lead-lag/boosting-by-lag.js";
import { STUDY_DEFAULTS } from "../src/engine/lead-lag/study-pair.js";
import { gaussianRandom, seededRandom } from "../src/engine/statistics/seeded-random.js";
import { MS_PER_DAY } from "../src/engine/units/epoch-ms.js";
import type { Bench } from "./harness/bench.js";
import { withChromium } from "./harness/page-timing.js";
import { takeTurns, timed } from "./harness/take-turns.js";

const DAYS = 1_250;

/** A whole study in the worker of a page, against the same in Node: both single threads, both warm. */
export const leadLagPage: Bench = {
  name: "lead-lag-page",
  async run({ projectRoot, repeats }) {
    const question = simulatedQuestion();
    const worker = await bundledWorker(join(projectRoot, "notebooks/components/lead-lag/study-worker.ts"));
    return withChromium(async (browser) => {
      const page = await browser.newPage();
      await prepare(page, worker, question);
      const samples = await takeTurns(
        { page: () => page.evaluate<number>("ask()"), node: () => timed(() => studyInNode(question)) },
        repeats,
      );
      return [
        {
          kind: "ratio",
          what: `study of ${DAYS} days with forecasts of 31 lags, in a page`,
          rival: "the same in Node",
          oursMs: samples.page,
          rivalMs: samples.node,
          atLeast: 0.7,
          goal: 0.95,
        },
      ];
    });
  },
};

async function studyInNode(question: StudyQuestion): Promise<void> {
  testQuestion(question);
  const { input, options, parameters = STUDY_BOOSTING } = question;
  await boostingByLag(
    alignReturns(input, options),
    { maxLag: options.maxLag, parameters },
    { boosting: histogramBoosting },
  );
}

/** The page's own worker, as one script. */
async function bundledWorker(entryPoint: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    format: "iife",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]!.text;
}

/** Starts the worker in the page and leaves the question there; `ask()` is how long its answer took, in milliseconds. */
async function prepare(page: Page, worker: string, question: StudyQuestion): Promise<void> {
  const { openedAtMs } = question.input.source;
  const values = [question.input.source, question.input.target, ...(question.input.factors ?? [])].map((series) => [
    ...series.values,
  ]);
  await page.addScriptTag({
    content: `
      const columns = ${JSON.stringify({ values, openedAtMs: [...openedAtMs] })};
      const [source, target, market] = columns.values.map((values, i) => ({
        name: "series " + i,
        kind: "prices",
        openedAtMs: Float64Array.from(columns.openedAtMs),
        values: Float64Array.from(values),
      }));
      const question = { input: { source, target, factors: [market] }, options: ${JSON.stringify(question.options)},
        parameters: ${JSON.stringify(question.parameters)} };
      const script = new Blob([${JSON.stringify(worker)}], { type: "text/javascript" });
      const worker = new Worker(URL.createObjectURL(script));
      let number = 0;
      window.ask = () => new Promise((resolve, reject) => {
        const startedAtMs = performance.now();
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) => {
          if (data.kind === "refused") reject(new Error(data.message));
          if (data.kind === "finished") resolve(performance.now() - startedAtMs);
        };
        worker.postMessage({ kind: "ask", number: number++, question });
      });`,
  });
}

function simulatedQuestion(): StudyQuestion {
  const gaussian = gaussianRandom(seededRandom(41));
  const series = (name: string) => {
    let level = Math.log(100);
    return {
      name,
      kind: "prices" as const,
      openedAtMs: Float64Array.from({ length: DAYS }, (_, day) => day * MS_PER_DAY),
      values: Float64Array.from({ length: DAYS }, () => {
        level += 0.01 * gaussian();
        return Math.exp(level);
      }),
    };
  };
  return {
    input: { source: series("source"), target: series("target"), factors: [series("market")] },
    options: STUDY_DEFAULTS,
    parameters: STUDY_BOOSTING,
  };
}
