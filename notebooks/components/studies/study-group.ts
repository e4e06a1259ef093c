import { formatDay } from "../format/date-format.js";
import type { Provenance } from "../frame/provenance.js";
import type { ShownStudy } from "../lead-lag/shown-study.js";
import type { StudyInputs } from "../lead-lag/study-input.js";
import type { StudyQuestion } from "../lead-lag/study-question.js";
import { type FACTOR_CHOICES, questionOf } from "../lead-lag/study-settings.js";
import type { StudiedWithResult } from "./studied-pairs.js";

export interface StudyPeriod {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The question of a written study about a pair: everything as in any other study, without forecasts. */
export function groupQuestion(
  inputs: StudyInputs,
  { source, target }: { readonly source: string; readonly target: string },
  { fromMs, toMs }: StudyPeriod,
  factors: (typeof FACTOR_CHOICES)[number]["value"] = "taken-out",
): StudyQuestion {
  const settings = { source, target, fromMs, toMs, maxLag: 30, factors, rounds: 100, depth: 3, seed: 1 };
  return { ...questionOf(inputs, settings), parameters: undefined };
}

/** A pair of a group as the figures of a study take it. */
export function shownPair({ source, target, factors, study, sides }: StudiedWithResult, file: Provenance): ShownStudy {
  return { source, target, factors, study, sides, provenance: groupProvenance([study], file) };
}

/** Up to the last day of any of the studies, with all their returns. */
export function groupProvenance(
  studies: readonly { readonly toMs: number; readonly returns: number }[],
  file: Provenance,
): Provenance {
  const lastMs = Math.max(...studies.map(({ toMs }) => toMs));
  return {
    ...file,
    asOf: studies.length > 0 ? formatDay(lastMs) : "",
    rows: studies.reduce((sum, { returns }) => sum + returns, 0),
  };
}
