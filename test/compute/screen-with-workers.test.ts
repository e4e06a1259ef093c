import { describe, expect, it } from "vitest";
import { screenWithWorkers } from "../../src/compute/screen-with-workers.js";
import { screenPairs } from "../../src/engine/lead-lag/screen-pairs.js";
import { STUDY_DEFAULTS } from "../../src/engine/lead-lag/study-pair.js";
import type { StudySeries } from "../../src/engine/lead-lag/study-series.js";
import { MS_PER_DAY } from "../../src/engine/units/epoch-ms.js";
import { followerOf, noise } from "../support/series-csv.js";

const OPTIONS = { ...STUDY_DEFAULTS, maxLag: 5, surrogates: 200, resamples: 50 };

const series = (name: string, values: Float64Array): StudySeries => ({
  name,
  kind: "returns",
  openedAtMs: Float64Array.from(values, (_, day) => day * MS_PER_DAY),
  values,
});

/** Thirty pairs of three lengths, some of them planted, the last too short to study. */
const PAIRS = Array.from({ length: 30 }, (_, i) => {
  const days = i === 29 ? 100 : [300, 400, 900][i % 3]!;
  const source = noise(100 + i, days);
  const target = i % 5 === 0 ? followerOf(source, { lag: 2, weight: 1, seed: i }) : noise(200 + i, days);
  return { source: series(`s${i}`, source), target: series(`t${i}`, target) };
});

describe("screenWithWorkers(pairs, options, run)", () => {
  it("gives the same bits as the calling thread, in the order of the pairs", async () => {
    const screened = await screenWithWorkers(PAIRS, OPTIONS, { workers: 2 });
    expect(screened).toEqual(await screenPairs(PAIRS, OPTIONS));
    expect(screened.map(({ source }) => source)).toEqual(PAIRS.map(({ source }) => source.name));
    expect(screened.filter(({ verdict }) => verdict.kind === "lead-found")).toHaveLength(6);
    expect(screened.at(-1)).toMatchObject({ kind: "refused", code: "SERIES_TOO_SHORT" });
  });

  it("counts up to all pairs", async () => {
    const seen: number[] = [];
    await screenWithWorkers(PAIRS, OPTIONS, { workers: 2, onProgress: (done) => seen.push(done) });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect([seen[0], seen.at(-1)]).toEqual([0, PAIRS.length]);
  });

  it("stops when it is told to", async () => {
    const run = { workers: 2, signal: AbortSignal.abort() };
    await expect(screenWithWorkers(PAIRS, OPTIONS, run)).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
