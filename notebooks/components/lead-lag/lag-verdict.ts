import { simultaneousBand } from "../../engine/statistics/simultaneous-band.js";
import { formatNumber, formatSigned } from "../format/number-format.js";

const LEVEL = 0.05;

interface TestedLag {
  readonly lag: number;
  readonly n: number;
  readonly pearson: number;
  readonly band95: number;
}

/** What a set of lags says once the number of lags tried is taken into account. */
export interface LagVerdict {
  /** Lags outside the band for a single lag, and how many would be by chance if the series were independent. */
  readonly outsideBand: readonly TestedLag[];
  readonly expectedByChance: number;
  /** Lags outside the band corrected for all lags tried (Bonferroni at 5%). */
  readonly surviving: readonly TestedLag[];
  /** Of those, the lags at which the source comes first. */
  readonly leads: readonly TestedLag[];
  /** The corrected band at the first lag: the smallest correlation this sample could have shown. */
  readonly correctedBand: number;
  readonly tested: number;
}

/**
 * The verdict on lags tested together. `isZeroKnownBefore` is for an alignment in which the source's close at lag 0
 * was known a day before the target's: then lag 0 is a lead like any other.
 */
export function lagVerdict(
  lags: readonly TestedLag[],
  { isZeroKnownBefore = false }: { isZeroKnownBefore?: boolean } = {},
): LagVerdict {
  const tested = lags.length;
  const surviving = lags.filter(({ pearson, n }) => Math.abs(pearson) > simultaneousBand({ n, tests: tested }));
  return {
    outsideBand: lags.filter(({ pearson, band95 }) => Math.abs(pearson) > band95),
    expectedByChance: LEVEL * tested,
    surviving,
    leads: surviving.filter(({ lag }) => lag > 0 || isZeroKnownBefore),
    correctedBand: simultaneousBand({ n: lags[0]?.n ?? Number.NaN, tests: tested }),
    tested,
  };
}

/** The finding as a title: whether the source may lead, and by what. */
export function verdictTitle({ leads, surviving }: LagVerdict, source: string, target: string): string {
  const strongest = [...leads].sort((a, b) => Math.abs(b.pearson) - Math.abs(a.pearson))[0];
  if (strongest) {
    const size = `r = ${formatSigned(strongest.pearson, 3)}, in sample`;
    return `${source} may lead ${target} by ${daysOf(strongest.lag)} (${size})`;
  }
  const isTogether = surviving.some(({ lag }) => lag === 0);
  return isTogether
    ? `${source} and ${target} move on the same day; no lead found`
    : `No lead of ${source} over ${target} found`;
}

/** The reasoning in plain sentences: what stands out, what chance alone would do, what survives, what could be seen. */
export function verdictSentences(verdict: LagVerdict): string {
  const { outsideBand, expectedByChance, surviving, leads, correctedBand, tested } = verdict;
  const outside =
    outsideBand.length === 0
      ? `None of ${tested} lags leaves the 95% band of a single lag`
      : `${listed(outsideBand)} ${outsideBand.length === 1 ? "leaves" : "leave"} the 95% band of a single lag`;
  const chance = `with ${tested} ${tested === 1 ? "lag" : "lags"} tried, ${formatNumber(expectedByChance, 1)} would by chance`;
  const survivors =
    surviving.length === 0
      ? "None survives the correction for the number of lags."
      : `${listed(surviving)} ${surviving.length === 1 ? "survives" : "survive"} the correction for the number of lags.`;
  const caution = cautionOn(leads.length, surviving.length);
  const smallest = ` A correlation below about ${formatNumber(correctedBand, 2)} could not have been told from chance here.`;
  return `${outside}; ${chance}. ${survivors}${caution}${smallest}`;
}

function cautionOn(leads: number, surviving: number): string {
  if (leads > 0) return " The lag was chosen on these same days: judge it on days it has not seen.";
  return surviving > 0 ? " Moving together on the same day is not a lead that can be traded." : "";
}

function listed(lags: readonly TestedLag[]): string {
  const names = lags.map(({ lag, pearson }) => `${lag} (${formatSigned(pearson, 3)})`);
  const shown = names.length > 6 ? [...names.slice(0, 6), `${names.length - 6} more`] : names;
  const last = shown.pop();
  const text = shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
  return `${lags.length === 1 ? "Lag" : "Lags"} ${text}`;
}

function daysOf(lag: number): string {
  if (lag === 0) return "its last close known before";
  return lag === 1 ? "1 trading day" : `${lag} trading days`;
}
