import { POWER } from "../../engine/lead-lag/lag-test.js";
import type { PairTest } from "../../engine/lead-lag/study-pair.js";
import { normalQuantile } from "../../engine/statistics/normal-quantile.js";

/** The size that the largest correlation of unrelated series of this length stays below 95 times in 100. */
export function correctedBand({ detectableSize, test }: Pick<PairTest, "detectableSize" | "test">): number {
  return detectableSize - normalQuantile(POWER) / Math.sqrt(test.rows);
}
