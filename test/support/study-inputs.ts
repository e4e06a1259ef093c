import type { StudyInput } from "../../src/engine/lead-lag/aligned-returns.js";
import { STUDY_DEFAULTS } from "../../src/engine/lead-lag/study-pair.js";
import type { StudySeries } from "../../src/engine/lead-lag/study-series.js";
import { MS_PER_DAY } from "../../src/engine/units/epoch-ms.js";

export const OPTIONS = STUDY_DEFAULTS;

/** Returns on consecutive days from day 0. */
export function returnsSeries(name: string, returns: ArrayLike<number>): StudySeries {
  const values = Float64Array.from(returns);
  return { name, kind: "returns", openedAtMs: values.map((_, day) => day * MS_PER_DAY), values };
}

/** Prices on the given days that follow the returns, 100 at first. */
export function priceSeries(name: string, days: ArrayLike<number>, returns: ArrayLike<number>): StudySeries {
  let level = Math.log(100);
  const values = Float64Array.from(returns, (value) => {
    level += value;
    return Math.exp(level);
  });
  return { name, kind: "prices", openedAtMs: Float64Array.from(days, (day) => day * MS_PER_DAY), values };
}

export function pairOf(
  source: ArrayLike<number>,
  target: ArrayLike<number>,
  factors: readonly ArrayLike<number>[] = [],
): StudyInput {
  return {
    source: returnsSeries("source", source),
    target: returnsSeries("target", target),
    factors: factors.map((factor, i) => returnsSeries(`factor ${i + 1}`, factor)),
  };
}
