import { type ErrorCode, isWorkbenchError } from "../../engine/errors.js";
import type { PairStudy } from "../../engine/lead-lag/study-pair.js";
import { insufficientData, type LeadLagVerdict, verdictOf } from "../../engine/lead-lag/study-verdict.js";
import { benjaminiHochberg } from "../../engine/statistics/false-discovery-rate.js";
import type { DatedSides, StudyQuestion } from "../lead-lag/study-question.js";
import type { StudyRunner } from "../lead-lag/study-runner.js";

/** What became of one pair of a group. */
export type StudiedPair = {
  readonly source: string;
  readonly target: string;
  /** What both sides were freed from. */
  readonly factors: readonly string[];
  /** Adjusted for all pairs of the group. */
  readonly verdict: LeadLagVerdict;
} & (
  | { readonly kind: "studied"; readonly study: PairStudy; readonly sides: DatedSides; readonly q: number }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly message: string }
);

type Outcome =
  | { readonly kind: "studied"; readonly study: PairStudy; readonly sides: DatedSides }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly message: string };

/** Studies a group of pairs; the p-values are adjusted for all of them together, as they are read together. */
export async function studyPairs(runner: StudyRunner, questions: readonly StudyQuestion[]): Promise<StudiedPair[]> {
  const outcomes = await Promise.all(questions.map((question) => outcomeOf(runner, question)));
  return adjustedTogether(questions, outcomes);
}

async function outcomeOf(runner: StudyRunner, question: StudyQuestion): Promise<Outcome> {
  try {
    const { study, sides } = await runner.study({ ...question, parameters: undefined });
    return { kind: "studied", study, sides };
  } catch (error) {
    if (!isWorkbenchError(error) || error.code === "INTERNAL") throw error;
    return { kind: "refused", code: error.code, message: error.message };
  }
}

/** Benjamini and Hochberg's procedure over the pairs that could be studied. */
export function adjustedTogether(
  questions: readonly { readonly input: StudyQuestion["input"] }[],
  outcomes: readonly Outcome[],
): StudiedPair[] {
  const adjusted = benjaminiHochberg(
    Float64Array.from(outcomes, (outcome) => (outcome.kind === "studied" ? outcome.study.p : Number.NaN)),
  );
  const pairsTested = outcomes.filter(({ kind }) => kind === "studied").length;
  return questions.flatMap(({ input }, index): StudiedPair[] => {
    const outcome = outcomes[index];
    const names = {
      source: input.source.name,
      target: input.target.name,
      factors: (input.factors ?? []).map(({ name }) => name),
    };
    if (outcome === undefined) return [];
    if (outcome.kind === "refused") {
      return [{ ...names, ...outcome, verdict: insufficientData(outcome.code, outcome.message) }];
    }
    const { study } = outcome;
    const q = adjusted[index] ?? Number.NaN;
    const verdict = verdictOf({ ...study, q, pairsTested, lagInterval: study.bootstrap.lagInterval });
    return [{ ...names, ...outcome, q, verdict }];
  });
}

export type StudiedWithResult = Extract<StudiedPair, { kind: "studied" }>;

export function isStudied(pair: StudiedPair): pair is StudiedWithResult {
  return pair.kind === "studied";
}
