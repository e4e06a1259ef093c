import { STUDY_BOOSTING } from "../../engine/boosting/gradient-boosting.js";
import { STUDY_DEFAULTS } from "../../engine/lead-lag/study-pair.js";
import type { StudyInputs } from "./study-input.js";
import type { StudyQuestion } from "./study-question.js";

export const FACTOR_CHOICES = [
  { value: "taken-out", label: "Taken out" },
  { value: "left-in", label: "Left in" },
] as const;

/** What the controls of the page choose. */
export interface StudySettings {
  readonly source: string;
  readonly target: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxLag: number;
  readonly factors: (typeof FACTOR_CHOICES)[number]["value"];
  readonly rounds: number;
  readonly depth: number;
  readonly seed: number;
}

/** The question for the worker; what the reader did not choose is as in every study. */
export function questionOf(inputs: StudyInputs, settings: StudySettings): StudyQuestion {
  const { source, target, fromMs, toMs, maxLag, factors, rounds, depth, seed } = settings;
  return {
    input: inputs.pair(source, target, { withFactors: factors === "taken-out" }),
    options: { ...STUDY_DEFAULTS, fromMs, toMs, maxLag, seed },
    parameters: { ...STUDY_BOOSTING, rounds, maxDepth: depth },
  };
}
