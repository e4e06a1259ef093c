import type { StudyInput } from "../engine/lead-lag/aligned-returns.js";
import { outcomeOf, type PairOutcome } from "../engine/lead-lag/screen-pairs.js";
import type { StudyOptions } from "../engine/lead-lag/study-pair.js";

export interface PairsToTest {
  readonly pairs: readonly StudyInput[];
  readonly options: StudyOptions;
}

/** What became of each pair of a part of a screen. */
export function testPairs({ pairs, options }: PairsToTest): readonly PairOutcome[] {
  return pairs.map((pair) => outcomeOf(pair, options));
}
