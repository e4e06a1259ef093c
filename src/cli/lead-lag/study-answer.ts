import type {
  EngineComparison,
  LeadLagScreen,
  LeadLagStudy,
  ScreenedPairAnswer,
  StudyRunFacts,
} from "../../contracts/lead-lag-study.js";
import type { BoostingByLag, ForecastScore } from "../../engine/lead-lag/boosting-by-lag.js";
import type { LagFinding } from "../../engine/lead-lag/lag-test.js";
import { SIGNIFICANCE } from "../../engine/lead-lag/lag-test.js";
import type { ScreenedPair } from "../../engine/lead-lag/screen-pairs.js";
import type { PairStudy, PairTest } from "../../engine/lead-lag/study-pair.js";
import type { LeadLagVerdict } from "../../engine/lead-lag/study-verdict.js";
import { tradingDateOf } from "../../engine/units/trading-date.js";

/** What a study was of, and how it was run. */
export interface StudySubject {
  readonly source: string;
  readonly target: string;
  readonly factors: readonly string[];
  readonly run: StudyRunFacts;
  /** Whether no two rows of the series are of one day. */
  readonly isDaily: boolean;
}

/** A study as it is printed and stored. */
export function studyAnswer(study: PairStudy, subject: StudySubject): LeadLagStudy {
  const { bootstrap, hacInterval, blocks, granger, boosting } = study;
  const time = timeText(subject);
  const { from, to, returns, ...found } = testedFields({ ...study, q: study.p }, subject, boosting);
  return {
    studyId: null,
    ...names(subject),
    from,
    to,
    returns,
    ...found,
    bootstrap: {
      lagInterval: [...bootstrap.lagInterval],
      correlationInterval: [defined(bootstrap.correlationInterval[0]), defined(bootstrap.correlationInterval[1])],
      lags: bootstrap.lags.map(({ lag, share }) => ({ lag, share })),
    },
    hacInterval: [defined(hacInterval[0]), defined(hacInterval[1])],
    signStability: defined(study.signStability),
    comparison: null,
    blocks: blocks.map(({ fromMs, toMs, correlation, rows }) => ({
      from: time(fromMs),
      to: time(toMs),
      correlation: defined(correlation),
      rows,
    })),
    granger: granger.map(({ lags, f, p, rows }) => ({ lags, f: defined(f), p: defined(p), rows })),
    ...subject.run,
  };
}

/** One pair of a screen as it is printed and stored. */
export function screenedPairAnswer(
  pair: ScreenedPair,
  subject: StudySubject,
  boosting: BoostingByLag | undefined,
): ScreenedPairAnswer {
  if (pair.kind === "refused") return refusedPair(pair.verdict, subject);
  const { verdict, p, q, tested } = pair;
  return { ...names(subject), ...testedFields({ ...tested, verdict, p, q }, subject, boosting), ...subject.run };
}

/** A pair that was not studied: nothing but its verdict. */
export function refusedPair(verdict: LeadLagVerdict, subject: StudySubject): ScreenedPairAnswer {
  return {
    ...names(subject),
    from: null,
    to: null,
    returns: null,
    verdict: writable(verdict),
    heldOutIc: null,
    heldOut: null,
    p: null,
    q: null,
    detectableSize: null,
    tests: null,
    isLagZeroTradable: null,
    lead: null,
    sameDay: null,
    lags: [],
    boosting: null,
    ...subject.run,
  };
}

export function screenAnswer(pairs: readonly ScreenedPairAnswer[], run: StudyRunFacts): LeadLagScreen {
  const refused = pairs.filter(({ verdict }) => verdict.kind === "insufficient-data").length;
  return {
    studyId: null,
    pairs: [...pairs],
    tested: pairs.length - refused,
    refused,
    declared: pairs.filter(({ verdict }) => verdict.kind === "lead-found").length,
    fdr: SIGNIFICANCE,
    ...run,
  };
}

type TestedPair = PairTest & { readonly verdict: LeadLagVerdict; readonly q: number };

function testedFields(tested: TestedPair, subject: StudySubject, boosting: BoostingByLag | undefined) {
  const { test, heldOut } = tested;
  const time = timeText(subject);
  return {
    from: time(tested.fromMs),
    to: time(tested.toMs),
    returns: tested.returns,
    verdict: writable(tested.verdict),
    heldOutIc: defined(tested.heldOutIc),
    heldOut: {
      lag: heldOut.lag,
      transform: heldOut.transform,
      direction: heldOut.direction,
      ic: defined(heldOut.ic),
      p: defined(heldOut.p),
      isConfirmed: heldOut.isConfirmed,
      rows: heldOut.rows,
      from: time(heldOut.fromMs),
    },
    p: defined(tested.p),
    q: defined(tested.q),
    detectableSize: defined(tested.detectableSize),
    tests: tested.tests,
    isLagZeroTradable: tested.isLagZeroTradable,
    lead: findingFields(test.lead),
    sameDay: findingFields(test.sameDay),
    lags: tested.lags.map(({ lag, n, pearson, whitened }) => ({
      lag,
      n,
      pearson: defined(pearson),
      whitened: defined(whitened),
      ic: boosting ? defined(boosting.lags[lag]!.ic) : null,
      r2: boosting ? defined(boosting.lags[lag]!.r2) : null,
    })),
    boosting: boosting ? boostingFields(boosting) : null,
  };
}

function boostingFields({ controls, folds, testRows, lags }: BoostingByLag) {
  return {
    controls: scoreFields(controls),
    folds,
    testRows,
    lags: lags.map(({ lag, ic, r2, icOverControls, r2OverControls, linear, importance }) => ({
      lag,
      ic: defined(ic),
      r2: defined(r2),
      icOverControls: defined(icOverControls),
      r2OverControls: defined(r2OverControls),
      linear: scoreFields(linear),
      importance: importance?.map(({ feature, share }) => ({ feature, share })) ?? null,
    })),
  };
}

/** Forecasts of another engine as a study keeps them. */
export function comparisonFields({ engine, lags }: BoostingByLag): EngineComparison {
  return { engine, lags: lags.map(({ lag, ic, r2 }) => ({ lag, ic: defined(ic), r2: defined(r2) })) };
}

function scoreFields({ r2, ic }: ForecastScore) {
  return { r2: defined(r2), ic: defined(ic) };
}

function findingFields({ lag, transform, correlation, statistic, p }: LagFinding) {
  return { lag, transform, correlation: defined(correlation), statistic: defined(statistic), p: defined(p) };
}

function names({ source, target, factors }: StudySubject) {
  return { source, target, factors: [...factors] };
}

/** A copy whose lists may be written, as the wire's types have them. */
function writable(verdict: LeadLagVerdict): ScreenedPairAnswer["verdict"] {
  return structuredClone(verdict) as ScreenedPairAnswer["verdict"];
}

function timeText({ isDaily }: StudySubject): (timeMs: number) => string {
  return isDaily ? tradingDateOf : (timeMs) => new Date(timeMs).toISOString();
}

function defined(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
