import { describe, expect, it } from "vitest";
import { ALIGNMENTS, type Alignment } from "../../../src/engine/lead-lag/common-calendar.js";
import { laggedCorrelation } from "../../../src/engine/lead-lag/lagged-correlation.js";
import type { PriceSeries } from "../../../src/engine/market-data/price-series.js";
import { gaussianRandom, seededRandom } from "../../../src/engine/statistics/seeded-random.js";
import { MS_PER_DAY } from "../../../src/engine/units/epoch-ms.js";

const DAYS = 1250;
const PAIRS = 120;
const HOLIDAY_SHARE = 0.06;

interface PlantedPair {
  readonly source: PriceSeries;
  readonly target: PriceSeries;
  readonly lag: number;
}

/**
 * Two markets with holidays of their own. The target reacts, `lag` of its own trading days late, to what the source
 * did between two of the target's closes; the reaction explains a share of the target's variance.
 */
function plantedPair(seed: number): PlantedPair {
  const random = seededRandom(seed);
  const gaussian = gaussianRandom(random);
  const lag = 1 + (seed % 30);
  const correlation = 0.2;
  const isSourceDay = Array.from({ length: DAYS }, () => random() >= HOLIDAY_SHARE);
  const targetDays = Array.from({ length: DAYS }, (_, day) => day).filter(() => random() >= HOLIDAY_SHARE);

  let sourceLog = 0;
  const knownSourceLog = isSourceDay.map((isOpen) => {
    if (isOpen) sourceLog += 0.01 * gaussian();
    return sourceLog;
  });
  const sourceMoves = targetDays.map((day, i) => knownSourceLog[day]! - knownSourceLog[targetDays[i - 1] ?? 0]!);
  let targetLog = 0;
  const targetLogs = targetDays.map((_, i) => {
    const reaction = sourceMoves[i - lag] ?? 0;
    targetLog += correlation * reaction + Math.sqrt(1 - correlation ** 2) * 0.01 * gaussian();
    return targetLog;
  });
  const sourceDays = daysWhere(isSourceDay);
  return {
    lag,
    source: {
      openedAtMs: Float64Array.from(sourceDays, (day) => day * MS_PER_DAY),
      prices: Float64Array.from(sourceDays, (day) => 100 * Math.exp(knownSourceLog[day]!)),
    },
    target: {
      openedAtMs: Float64Array.from(targetDays, (day) => day * MS_PER_DAY),
      prices: Float64Array.from(targetLogs, (value) => 100 * Math.exp(value)),
    },
  };
}

function daysWhere(isOpen: readonly boolean[]): number[] {
  return isOpen.flatMap((open, day) => (open ? [day] : []));
}

function measure(align: Alignment) {
  let found = 0;
  let strength = 0;
  for (let seed = 1; seed <= PAIRS; seed++) {
    const { source, target, lag } = plantedPair(seed);
    const { lags } = laggedCorrelation(source, target, { maxLag: 30, align });
    const best = lags.reduce((a, b) => (Math.abs(b.pearson) > Math.abs(a.pearson) ? b : a));
    if (best.lag === lag) found++;
    strength += lags[lag]!.pearson / PAIRS;
  }
  return { recall: found / PAIRS, strength };
}

describe("as-of against inner alignment, 120 planted lags of 1 to 30 days with holidays that do not match", () => {
  const measured = Object.fromEntries(ALIGNMENTS.map((align) => [align, measure(align)])) as Record<
    Alignment,
    ReturnType<typeof measure>
  >;

  it("finds at least 95% of the planted lags exactly under as-of", () => {
    expect(measured["as-of"].recall).toBeGreaterThanOrEqual(0.95);
  });

  it("finds fewer under inner, which loses count of the days one of them missed", () => {
    expect(measured.inner.recall).toBeLessThan(measured["as-of"].recall - 0.2);
  });

  it("sees the planted correlation of 0.2 at full strength under as-of and weakened under inner", () => {
    expect(measured["as-of"].strength).toBeGreaterThan(0.185);
    expect(measured.inner.strength).toBeLessThan(0.12);
  });
});
