import type { StudyEngine, StudyParameters, StudyRunFacts } from "../../contracts/lead-lag-study.js";
import { type BoostingEngine, STUDY_BOOSTING } from "../../engine/boosting/gradient-boosting.js";
import { STUDY_DEFAULTS, type StudyOptions } from "../../engine/lead-lag/study-pair.js";
import { type TradingDate, tradingDate } from "../../engine/units/trading-date.js";
import { dateRange } from "../date-range.js";
import { factorsOf, type StudyFlags } from "./study-flags.js";
import type { StudyMaterial } from "./study-material.js";

/** How to study, whatever is studied. */
export interface StudyRequest {
  /** `undefined` takes the factors that go with each target. */
  readonly factors: readonly string[] | undefined;
  readonly from: TradingDate | undefined;
  readonly to: TradingDate | undefined;
  readonly engine: StudyEngine;
  readonly maxLag: number;
  readonly seed: number;
}

/** How to study one pair. */
export interface PairRequest extends StudyRequest {
  /** Another engine that forecasts the same days. */
  readonly compare: BoostingEngine | null;
}

/** @throws SYMBOL_INVALID, RANGE_INVALID */
export function requestOfFlags(flags: StudyFlags, engine: StudyEngine): StudyRequest {
  const { from, to, maxLag, seed } = flags;
  const request = { factors: factorsOf(flags), from, to, engine, maxLag, seed };
  studyOptions(request);
  return request;
}

/** The part of a request that is stored with its result. */
export function askedOf({ factors, from, to, engine, maxLag, seed }: StudyRequest) {
  return {
    factors: factors === undefined ? null : [...factors],
    from: from ?? null,
    to: to ?? null,
    engine,
    maxLag,
    seed,
  };
}

export function requestOfParameters({ factors, from, to, engine, maxLag, seed }: StudyParameters): StudyRequest {
  return {
    factors: factors ?? undefined,
    from: from === null ? undefined : tradingDate(from),
    to: to === null ? undefined : tradingDate(to),
    engine,
    maxLag,
    seed,
  };
}

/** @throws RANGE_INVALID */
export function studyOptions({ from, to, maxLag, seed }: StudyRequest): StudyOptions {
  const { fromMs, toMsExclusive } = dateRange({ from, to });
  return { ...STUDY_DEFAULTS, maxLag, seed, fromMs, toMs: toMsExclusive === undefined ? undefined : toMsExclusive - 1 };
}

/** What is written beside every result of a request. */
export function runFacts(
  { engine, maxLag, seed }: StudyRequest,
  {
    material,
    codeVersion,
    excluded,
  }: {
    readonly material: Pick<StudyMaterial, "watermark" | "dataset">;
    readonly codeVersion: string;
    readonly excluded: string;
  },
): StudyRunFacts {
  const { surrogates, resamples } = STUDY_DEFAULTS;
  return {
    engine,
    engineParameters: engine === "none" ? null : { ...STUDY_BOOSTING, seed },
    seed,
    surrogates,
    resamples,
    maxLag,
    watermark: material.watermark,
    codeVersion,
    dataset: material.dataset,
    excluded,
  };
}
