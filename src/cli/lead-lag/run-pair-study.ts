import { availableParallelism } from "node:os";
import { openBoosting } from "../../compute/open-boosting.js";
import { openWorkerPool } from "../../compute/worker-pool.js";
import type { EngineComparison, LeadLagStudy } from "../../contracts/lead-lag-study.js";
import { isWorkbenchError, WorkbenchError } from "../../engine/errors.js";
import { alignReturns, type StudyInput } from "../../engine/lead-lag/aligned-returns.js";
import { type BoostingByLag, boostingByLag } from "../../engine/lead-lag/boosting-by-lag.js";
import { type PairStudy, type StudyOptions, studyPair, withForecasts } from "../../engine/lead-lag/study-pair.js";
import type { NamedPair } from "./pairs-file.js";
import { comparisonFields, studyAnswer } from "./study-answer.js";
import type { StudyMaterial } from "./study-material.js";
import { type PairRequest, runFacts, type StudyRequest, studyOptions } from "./study-request.js";

/** The surroundings of a study. */
export interface StudyExecution {
  readonly codeVersion: string;
  /** Worker threads; as many as cores by default. */
  readonly workers: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** A pair and the factors it is freed from, as a study takes them. @throws SYMBOL_UNKNOWN, SERIES_TOO_SHORT */
export function studyInput(
  material: StudyMaterial,
  { source, target }: NamedPair,
  factors: readonly string[],
): StudyInput {
  const [sourceSeries, targetSeries, ...factorSeries] = [source, target, ...factors].map(material.seriesNamed);
  return { source: sourceSeries!, target: targetSeries!, factors: factorSeries };
}

/** The whole study of one pair. @throws SYMBOL_UNKNOWN, CANCELLED and what studyPairWithBoosting throws */
export async function runPairStudy(
  material: StudyMaterial,
  pair: NamedPair,
  request: PairRequest,
  execution: StudyExecution,
): Promise<LeadLagStudy> {
  const { source, target } = pair;
  const factors = request.factors ?? material.factorsFor(source, target);
  const excluded = material.exclusionsOf([source, target, ...factors]);
  const input = studyInput(material, pair, factors);
  try {
    const [first, second] = progressParts(request.compare === null ? 1 : 2, execution);
    const study = await studied(input, request, first!);
    const comparison = await comparedWith(request.compare, study.boosting, { input, request, execution: second });
    const run = runFacts(request, { material, codeVersion: execution.codeVersion, excluded });
    return { ...studyAnswer(study, { source, target, factors, run, isDaily: material.isDaily }), comparison };
  } catch (error) {
    throw withExclusions(error, excluded);
  }
}

async function studied(
  input: StudyInput,
  request: StudyRequest,
  { workers = availableParallelism(), signal, onProgress }: StudyExecution,
): Promise<PairStudy> {
  const options = studyOptions(request);
  const study = await testedAside(input, options, { workers, signal });
  if (request.engine === "none") return study;
  const boosting = await openBoosting({ engine: request.engine, workers });
  try {
    return await withForecasts(study, { input, options }, { boosting, signal, onProgress });
  } finally {
    await boosting.close();
  }
}

/** The tests in a worker, so that an interruption of a long series is heard; in this thread with no workers. */
async function testedAside(
  input: StudyInput,
  options: StudyOptions,
  { workers, signal }: { readonly workers: number; readonly signal: AbortSignal },
): Promise<PairStudy> {
  if (workers === 0) return studyPair(input, options);
  const pool = await openWorkerPool({ workers: 1 });
  try {
    return await pool.run("study-pair", { input, options }, signal);
  } finally {
    await pool.close();
  }
}

/** The same days, features and parameters in another engine. */
async function comparedWith(
  engine: PairRequest["compare"],
  first: BoostingByLag | undefined,
  {
    input,
    request,
    execution,
  }: { readonly input: StudyInput; readonly request: StudyRequest; readonly execution: StudyExecution | undefined },
): Promise<EngineComparison | null> {
  if (engine === null || first === undefined || execution === undefined) return null;
  const { workers = availableParallelism(), signal, onProgress } = execution;
  const options = studyOptions(request);
  const { parameters } = first;
  const boosting = await openBoosting({ engine, workers });
  try {
    const run = { boosting, signal, onProgress };
    return comparisonFields(await boostingByLag(alignReturns(input, options), { ...options, parameters }, run));
  } finally {
    await boosting.close();
  }
}

/** Parts of equal size whose progress adds up to that of the whole. */
function progressParts(parts: number, execution: StudyExecution): StudyExecution[] {
  return Array.from({ length: parts }, (_, part) => ({
    ...execution,
    onProgress: (done, total) => execution.onProgress(part * total + done, parts * total),
  }));
}

/** Too few common days may come of a quarantine; the message should say so. */
function withExclusions(error: unknown, excluded: string): unknown {
  if (excluded === "" || !isWorkbenchError(error) || error.code !== "SERIES_TOO_SHORT") return error;
  const { code, message, details } = error;
  return new WorkbenchError(code, `${message}. ${excluded}`, { cause: error, details });
}
