import { spearmanCorrelation } from "../../engine/statistics/correlation.js";
import { textTable } from "../output.js";

/** Out-of-sample forecasts at one lag; null where there are none. */
export interface ForecastAtLag {
  readonly lag: number;
  readonly ic: number | null;
  readonly r2: number | null;
}

/** Of the first forecasts and the second, and the second less the first; null where either has none. */
export interface ComparedLag {
  readonly lag: number;
  readonly ic: readonly [number | null, number | null];
  readonly icDifference: number | null;
  readonly r2: readonly [number | null, number | null];
  readonly r2Difference: number | null;
}

export interface ForecastAgreement {
  /** Lags at which both have an IC. */
  readonly lags: number;
  /** Spearman's correlation of the two ICs over those lags; null for fewer than three, or when either does not vary. */
  readonly icRankCorrelation: number | null;
  /** Of the second less the first, by absolute size. */
  readonly largestIcDifference: { readonly lag: number; readonly difference: number };
  /** Of each, the lag with the highest IC. */
  readonly bestLags: readonly [number, number];
}

export interface ForecastComparison {
  readonly lags: readonly ComparedLag[];
  /** null when there is no lag at which both have an IC. */
  readonly agreement: ForecastAgreement | null;
}

/** Two forecasts of one pair lag by lag, over every lag that either has, and how far they agree. */
export function compareForecasts(
  first: readonly ForecastAtLag[],
  second: readonly ForecastAtLag[],
): ForecastComparison {
  const [ofFirst, ofSecond] = [first, second].map((lags) => new Map(lags.map((row) => [row.lag, row])));
  const lags = [...new Set([...first, ...second].map(({ lag }) => lag))]
    .sort((a, b) => a - b)
    .map((lag): ComparedLag => {
      const [one, other] = [ofFirst!.get(lag), ofSecond!.get(lag)];
      const ic = [one?.ic ?? null, other?.ic ?? null] as const;
      const r2 = [one?.r2 ?? null, other?.r2 ?? null] as const;
      return { lag, ic, icDifference: difference(ic), r2, r2Difference: difference(r2) };
    });
  return { lags, agreement: agreementOf(lags) };
}

/** The lags as a table, and the agreement in a sentence; `labels` name the first and the second. */
export function forecastText({ lags, agreement }: ForecastComparison, labels: readonly [string, string]): string {
  const [first, second] = labels;
  if (agreement === null) return `${first} and ${second} have no lag with forecasts of both.\n`;
  const header = ["lag", ...["IC", "R²"].flatMap((measure) => [...labels.map((label) => `${measure} ${label}`), "Δ"])];
  const rows = lags.map(({ lag, ic, icDifference, r2, r2Difference }) => [
    lag,
    ...[...ic, icDifference, ...r2, r2Difference].map((value) => value?.toFixed(4) ?? ""),
  ]);
  return `${textTable(header, rows)}\n${agreementSentence(agreement, labels)}\n`;
}

function agreementSentence(
  { lags, icRankCorrelation, largestIcDifference, bestLags }: ForecastAgreement,
  [first, second]: readonly [string, string],
): string {
  const correlation = icRankCorrelation === null ? "is not defined" : `is ${icRankCorrelation.toFixed(2)}`;
  const apart = Math.abs(largestIcDifference.difference).toFixed(4);
  const best =
    bestLags[0] === bestLags[1]
      ? `both have their best IC at lag ${bestLags[0]}`
      : `${first} has its best IC at lag ${bestLags[0]}, ${second} at lag ${bestLags[1]}`;
  return `Over ${lags} ${lags === 1 ? "lag" : "lags"} the rank correlation of the two ICs ${correlation}; they are ${apart} apart at most, at lag ${largestIcDifference.lag}; ${best}.`;
}

function agreementOf(lags: readonly ComparedLag[]): ForecastAgreement | null {
  const both = lags.flatMap(({ lag, ic: [first, second] }) =>
    first === null || second === null ? [] : [{ lag, first, second, difference: second - first }],
  );
  if (both.length === 0) return null;
  const correlation = spearmanCorrelation(
    Float64Array.from(both, ({ first }) => first),
    Float64Array.from(both, ({ second }) => second),
  );
  const { lag, difference } = highest(both, (row) => Math.abs(row.difference));
  return {
    lags: both.length,
    icRankCorrelation: Number.isNaN(correlation) ? null : correlation,
    largestIcDifference: { lag, difference },
    bestLags: [highest(both, ({ first }) => first).lag, highest(both, ({ second }) => second).lag],
  };
}

/** The first of those with the highest value. */
function highest<T>(rows: readonly T[], measure: (row: T) => number): T {
  return rows.reduce((best, row) => (measure(row) > measure(best) ? row : best));
}

function difference([first, second]: readonly [number | null, number | null]): number | null {
  return first === null || second === null ? null : second - first;
}
