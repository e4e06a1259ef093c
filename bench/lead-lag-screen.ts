import type { StudyInput } from "../src/engine/lead-lag/aligned-returns.js";
import { screenPairs } from "../src/engine/lead-lag/screen-pairs.js";
import { STUDY_DEFAULTS } from "../src/engine/lead-lag/study-pair.js";
import type { StudySeries } from "../src/engine/lead-lag/study-series.js";
import { gaussianRandom, seededRandom } from "../src/engine/statistics/seeded-random.js";
import { MS_PER_DAY } from "../src/engine/units/epoch-ms.js";
import type { Bench } from "./harness/bench.js";
import { processMemory } from "./harness/process-memory.js";
import type { BenchResult } from "./harness/result.js";
import { timed } from "./harness/take-turns.js";

const DAYS = 1_250;
const OPTIONS = { ...STUDY_DEFAULTS, resamples: 100 };
const MOST_SECONDS = 5;

/** A screen of a value chain: thirty sources against as many targets as it takes, one market factor. */
export const leadLagScreen: Bench = {
  name: "lead-lag-screen",
  async run({ repeats }) {
    const results: BenchResult[] = [];
    for (const { edges, days, atMost } of [
      { edges: 10, days: DAYS, atMost: MOST_SECONDS },
      { edges: 100, days: DAYS, atMost: MOST_SECONDS },
      { edges: 300, days: DAYS, atMost: MOST_SECONDS },
      { edges: 1_000, days: DAYS, atMost: 4 * MOST_SECONDS },
      { edges: 10, days: 10_000, atMost: MOST_SECONDS },
      { edges: 10, days: 100_000, atMost: 10 * MOST_SECONDS },
    ]) {
      const measured: number[] = [];
      // Another seed every time: surrogates drawn before are remembered, and a first screen has none.
      const rounds = days > DAYS ? 2 : Math.min(repeats, 5);
      for (let round = 0; round < rounds; round++) {
        const pairs = simulatedEdges(edges, days, round);
        measured.push((await timed(() => screenPairs(pairs, { ...OPTIONS, seed: 100 + round }))) / 1_000);
      }
      const what = `lead-lag screen, ${edges.toLocaleString("en-US")} edges of ${days.toLocaleString("en-US")} days, 31 lags × 3 shapes, 4,000 surrogates`;
      results.push({ kind: "limit", what, unit: "s", measured, atMost });
    }
    const memory = processMemory(process.pid);
    if (memory) {
      results.push({
        kind: "limit",
        what: "peak memory of the process that screened",
        unit: "MB",
        measured: [memory.peakMb],
        atMost: 1_000,
      });
    }
    return results;
  },
};

function simulatedEdges(edges: number, days: number, round: number): StudyInput[] {
  const gaussian = gaussianRandom(seededRandom(9_000 + round));
  const series = (name: string): StudySeries => {
    let level = Math.log(100);
    return {
      name,
      kind: "prices",
      openedAtMs: Float64Array.from({ length: days }, (_, day) => day * MS_PER_DAY),
      values: Float64Array.from({ length: days }, () => {
        level += 0.01 * gaussian();
        return Math.exp(level);
      }),
    };
  };
  const sources = Array.from({ length: Math.min(30, edges) }, (_, i) => series(`source ${i}`));
  const market = series("market");
  return Array.from({ length: Math.ceil(edges / sources.length) }, (_, i) => series(`target ${i}`))
    .flatMap((target) => sources.map((source) => ({ source, target, factors: [market] })))
    .slice(0, edges);
}
