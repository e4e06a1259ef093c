import type { BoostingParameters } from "../../engine/boosting/gradient-boosting.js";
import { alignReturns, type StudyInput } from "../../engine/lead-lag/aligned-returns.js";
import { SOURCE_TRANSFORMS, transformSource } from "../../engine/lead-lag/source-transforms.js";
import { type PairStudy, type StudyOptions, scoredSides, studyPair } from "../../engine/lead-lag/study-pair.js";
import { innovationsOf } from "../../engine/lead-lag/whitening.js";

/** What a page wants to know of a pair. */
export interface StudyQuestion {
  readonly input: StudyInput;
  readonly options: StudyOptions;
  /** How to train forecasts at every lag; `undefined` for a study without them. */
  readonly parameters: BoostingParameters | undefined;
}

/** Both sides of a pair day by day as the test saw them, so that a page can cut them by any lag and any day. */
export interface DatedSides {
  readonly openedAtMs: Float64Array;
  /** The source in the shape of the strongest lead. */
  readonly shape: Float64Array;
  /** The source in the shape that was chosen on the first part of the days. */
  readonly chosenShape: Float64Array;
  readonly target: Float64Array;
}

/** The part of a study that takes a fraction of a second. */
export interface TestedPair {
  readonly study: PairStudy;
  readonly sides: DatedSides;
}

/** @throws what studyPair throws */
export function testQuestion({ input, options }: StudyQuestion): TestedPair {
  const study = studyPair(input, options);
  const innovations = innovationsOf(alignReturns(input, options));
  const { shape, target } = scoredSides(innovations, study.test);
  const chosenShape = transformSource(innovations.source)[SOURCE_TRANSFORMS.indexOf(study.heldOut.transform)] ?? shape;
  return { study, sides: { openedAtMs: innovations.openedAtMs, shape, chosenShape, target } };
}
