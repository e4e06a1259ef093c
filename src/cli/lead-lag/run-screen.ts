import { availableParallelism } from "node:os";
import { openBoosting } from "../../compute/open-boosting.js";
import { screenWithWorkers } from "../../compute/screen-with-workers.js";
import type { LeadLagScreen } from "../../contracts/lead-lag-study.js";
import { STUDY_BOOSTING } from "../../engine/boosting/gradient-boosting.js";
import { isWorkbenchError } from "../../engine/errors.js";
import { alignReturns, type StudyInput } from "../../engine/lead-lag/aligned-returns.js";
import { type BoostingByLag, boostingByLag } from "../../engine/lead-lag/boosting-by-lag.js";
import type { ScreenedPair } from "../../engine/lead-lag/screen-pairs.js";
import { insufficientData, type LeadLagVerdict } from "../../engine/lead-lag/study-verdict.js";
import type { NamedPair } from "./pairs-file.js";
import { type StudyExecution, studyInput } from "./run-pair-study.js";
import { refusedPair, type StudySubject, screenAnswer, screenedPairAnswer } from "./study-answer.js";
import type { StudyMaterial } from "./study-material.js";
import { runFacts, type StudyRequest, studyOptions } from "./study-request.js";

/** A pair on its way through a screen: the series it is made of, or why there are none. */
type Candidate = { readonly subject: StudySubject } & (
  | { readonly kind: "ready"; readonly input: StudyInput }
  | { readonly kind: "refused"; readonly verdict: LeadLagVerdict }
);

/** Tests many pairs; the engine of the request forecasts the pairs that are declared. @throws CANCELLED */
export async function runScreen(
  material: StudyMaterial,
  pairs: readonly NamedPair[],
  request: StudyRequest,
  execution: StudyExecution,
): Promise<LeadLagScreen> {
  const candidates = pairs.map((pair) => candidateOf(material, pair, request, execution.codeVersion));
  const ready = candidates.filter((candidate) => candidate.kind === "ready");
  const screened = await screenWithWorkers(
    ready.map(({ input }) => input),
    studyOptions(request),
    execution,
  );
  const outcomes = new Map(ready.map((candidate, i): [Candidate, ScreenedPair] => [candidate, screened[i]!]));
  const forecasts = await forecastsOfDeclared(outcomes, request, execution);
  const answers = candidates.map((candidate) => {
    const { subject } = candidate;
    const outcome = outcomes.get(candidate);
    if (candidate.kind === "refused") return refusedPair(candidate.verdict, subject);
    return screenedPairAnswer(withExclusions(outcome!, subject), subject, forecasts.get(candidate));
  });
  const excluded = material.exclusionsOf(candidates.flatMap(({ subject }) => namesOf(subject)));
  return screenAnswer(answers, runFacts(request, { material, codeVersion: execution.codeVersion, excluded }));
}

function candidateOf(
  material: StudyMaterial,
  { source, target }: NamedPair,
  request: StudyRequest,
  codeVersion: string,
): Candidate {
  const factors = request.factors ?? material.factorsFor(source, target);
  const excluded = material.exclusionsOf([source, target, ...factors]);
  const run = runFacts(request, { material, codeVersion, excluded });
  const subject = { source, target, factors, run, isDaily: material.isDaily };
  try {
    return { kind: "ready", subject, input: studyInput(material, { source, target }, factors) };
  } catch (error) {
    if (!isWorkbenchError(error)) throw error;
    return { kind: "refused", subject, verdict: insufficientData(error.code, error.message) };
  }
}

/** What boosted trees make of the pairs in which a lead was found. */
async function forecastsOfDeclared(
  outcomes: ReadonlyMap<Candidate, ScreenedPair>,
  request: StudyRequest,
  { workers = availableParallelism(), signal, onProgress }: StudyExecution,
): Promise<ReadonlyMap<Candidate, BoostingByLag>> {
  const forecasts = new Map<Candidate, BoostingByLag>();
  const declared = [...outcomes].filter(([, { verdict }]) => verdict.kind === "lead-found");
  if (request.engine === "none" || declared.length === 0) return forecasts;
  const options = studyOptions(request);
  const boosting = await openBoosting({ engine: request.engine, workers });
  try {
    for (const [candidate] of declared) {
      if (candidate.kind === "refused") continue;
      onProgress(forecasts.size, declared.length);
      const returns = alignReturns(candidate.input, options);
      const parameters = { ...STUDY_BOOSTING, seed: options.seed };
      forecasts.set(candidate, await boostingByLag(returns, { ...options, parameters }, { boosting, signal }));
    }
  } finally {
    await boosting.close();
  }
  return forecasts;
}

/** Too few common days may come of a quarantine; the reasons should say so. */
function withExclusions(pair: ScreenedPair, { run }: StudySubject): ScreenedPair {
  if (pair.kind === "tested" || pair.code !== "SERIES_TOO_SHORT" || run.excluded === "") return pair;
  const { verdict } = pair;
  return { ...pair, verdict: insufficientData(pair.code, `${verdict.reasons.join(" ")}. ${run.excluded}`) };
}

function namesOf({ source, target, factors }: StudySubject): string[] {
  return [source, target, ...factors];
}
