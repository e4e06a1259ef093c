import type { LeadLagStudy, StudyRunFacts } from "../../contracts/lead-lag-study.js";
import { textTable } from "../output.js";
import { compareForecasts, forecastText } from "./compare-forecasts.js";

const SHOWN_LAGS = 8;

/** A study for a person: the verdict, the strongest lags, and what it was made on. */
export function studyText(study: LeadLagStudy): string {
  const { verdict } = study;
  return [
    `${headline(study)}\n`,
    ...verdict.reasons.map((reason) => `${reason}\n`),
    "\n",
    lagTable(study),
    "\n",
    comparisonText(study),
    `${grangerLine(study)}\n`,
    `${subjectLine(study)}\n`,
    `${runLine(study)}\n`,
    study.studyId === null ? "" : `Stored as study ${study.studyId}: quantflow study show ${study.studyId}\n`,
  ].join("");
}

/** The verdict on a pair in one sentence. */
export function headline({ source, target, verdict }: Pick<LeadLagStudy, "source" | "target" | "verdict">): string {
  switch (verdict.kind) {
    case "lead-found":
      return `${source} leads ${target} ${ahead(verdict.lag)}${verdict.isConfirmed ? "" : ", not confirmed on held-out days"}.`;
    case "not-tradable":
      return `${source} and ${target} move on the same day; no later lead was found.`;
    case "no-lead-found":
      return `No lead of ${source} over ${target} was found.`;
    case "insufficient-data":
      return `${source} → ${target} could not be studied.`;
  }
}

export function runLine({ engine, seed, maxLag, watermark, codeVersion }: StudyRunFacts): string {
  return `Lags to ${maxLag}, boosting ${engine}, seed ${seed}, data ${watermark}, program ${codeVersion}.`;
}

function lagTable({ lags }: LeadLagStudy): string {
  const strongest = lags
    .toSorted((a, b) => Math.abs(b.whitened ?? 0) - Math.abs(a.whitened ?? 0))
    .slice(0, SHOWN_LAGS)
    .map(({ lag, n, pearson, whitened, ic, r2 }) => [
      lag,
      n,
      digits(pearson),
      digits(whitened),
      digits(ic),
      digits(r2),
    ]);
  return textTable(["lag", "n", "Pearson", "whitened", "IC", "R²"], strongest);
}

/** The two engines side by side, when two were asked. */
function comparisonText({ engine, lags, comparison }: LeadLagStudy): string {
  if (comparison === null) return "";
  return `${forecastText(compareForecasts(lags, comparison.lags), [engine, comparison.engine])}\n`;
}

function grangerLine({ granger }: LeadLagStudy): string {
  return `Granger's test: ${granger.map(({ lags, p }) => `${lags} ${lags === 1 ? "lag" : "lags"} p = ${probability(p)}`).join(", ")}.`;
}

function subjectLine({ source, target, from, to, returns, factors, excluded, dataset }: LeadLagStudy): string {
  const freed = factors.length === 0 ? "no factor" : factors.join(", ");
  const data = dataset === "file" ? "a file" : `${dataset} data`;
  return `${source} → ${target}, ${from} to ${to}, ${returns} returns of ${data}, freed from ${freed}.${excluded === "" ? "" : ` ${excluded}.`}`;
}

function ahead(lag: number): string {
  if (lag === 0) return "into the session that follows its close (lag 0)";
  return lag === 1 ? "by 1 trading day" : `by ${lag} trading days`;
}

export function digits(value: number | null): string {
  return value === null ? "" : value.toFixed(4);
}

/** Four decimals, or the order of magnitude of what they would not show. */
export function probability(p: number | null): string {
  return p !== null && p > 0 && p < 0.0001 ? p.toExponential(0) : digits(p);
}
