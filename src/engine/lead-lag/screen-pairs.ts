import { type ErrorCode, isWorkbenchError, WorkbenchError } from "../errors.js";
import { benjaminiHochberg } from "../statistics/false-discovery-rate.js";
import type { StudyInput } from "./aligned-returns.js";
import type { LagBootstrap } from "./lag-bootstrap.js";
import { SIGNIFICANCE } from "./lag-test.js";
import { type PairTest, type StudyOptions, testPair } from "./study-pair.js";
import { insufficientData, type LeadLagVerdict, verdictOf } from "./study-verdict.js";

/** One pair of a screen. */
export type ScreenedPair =
  | {
      readonly kind: "tested";
      readonly source: string;
      readonly target: string;
      readonly verdict: LeadLagVerdict;
      readonly p: number;
      /** The p-value adjusted for all pairs tested together. */
      readonly q: number;
      readonly tested: PairTest;
    }
  | {
      readonly kind: "refused";
      readonly source: string;
      readonly target: string;
      readonly verdict: LeadLagVerdict;
      readonly code: ErrorCode;
    };

export interface ScreenRun {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Pairs between two pauses for other work of the thread. */
const PAIRS_PER_TURN = 16;

/**
 * Tests many pairs and declares those whose p-value survives Benjamini and Hochberg's procedure at 5% over all of
 * them. A pair that cannot be studied is listed with the reason and does not count as a test.
 * @throws CANCELLED, LAG_INVALID and ARGUMENT_INVALID for options that no pair could take
 */
export async function screenPairs(
  pairs: readonly StudyInput[],
  options: StudyOptions,
  { signal, onProgress }: ScreenRun = {},
): Promise<readonly ScreenedPair[]> {
  const outcomes: PairOutcome[] = [];
  for (const [i, pair] of pairs.entries()) {
    if (i % PAIRS_PER_TURN === 0) {
      await new Promise((resume) => setTimeout(resume, 0));
      if (signal?.aborted) throw new WorkbenchError("CANCELLED", "the screen was cancelled", { cause: signal.reason });
      onProgress?.(i, pairs.length);
    }
    outcomes.push(outcomeOf(pair, options));
  }
  onProgress?.(pairs.length, pairs.length);
  return adjustedForAll(outcomes);
}

/** What became of one pair before it is set among the others. */
export type PairOutcome = { readonly source: string; readonly target: string } & (
  | { readonly kind: "tested"; readonly tested: PairTest; readonly located: LagBootstrap | undefined }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly reason: string }
);

/** Tests one pair of a screen; what its data makes impossible is an outcome. */
export function outcomeOf(pair: StudyInput, options: StudyOptions): PairOutcome {
  const names = { source: pair.source.name, target: pair.target.name };
  try {
    const { tested, locate } = testPair(pair, options);
    // A lag that is not even significant alone is never declared, so where it may lie does not matter.
    return { kind: "tested", ...names, tested, located: tested.p <= SIGNIFICANCE ? locate() : undefined };
  } catch (error) {
    if (!isWorkbenchError(error)) throw error;
    return { kind: "refused", ...names, code: error.code, reason: error.message };
  }
}

/** Verdicts of pairs tested together, in their order. */
export function adjustedForAll(outcomes: readonly PairOutcome[]): readonly ScreenedPair[] {
  const pValues = Float64Array.from(outcomes, (outcome) => (outcome.kind === "tested" ? outcome.tested.p : NaN));
  const adjusted = benjaminiHochberg(pValues);
  const pairsTested = outcomes.filter(({ kind }) => kind === "tested").length;
  return outcomes.map((outcome, i): ScreenedPair => {
    const { source, target } = outcome;
    if (outcome.kind === "refused") {
      const { code, reason } = outcome;
      return { kind: "refused", source, target, code, verdict: insufficientData(code, reason) };
    }
    const { tested, located } = outcome;
    const q = adjusted[i]!;
    const lagInterval = located?.lagInterval ?? [tested.test.lead.lag, tested.test.lead.lag];
    const verdict = verdictOf({ ...tested, q, pairsTested, lagInterval });
    return { kind: "tested", source, target, verdict, p: tested.p, q, tested };
  });
}
