import { SIGNIFICANCE } from "../../engine/lead-lag/lag-test.js";
import type { VerdictKind } from "../../engine/lead-lag/study-verdict.js";
import { formatSigned } from "../format/number-format.js";
import { correctedBand } from "../lead-lag/corrected-band.js";
import { probabilityWords, tradingDays } from "../lead-lag/verdict-words.js";
import { isStudied, type StudiedPair, type StudiedWithResult } from "./studied-pairs.js";

/** Words for symbols in running text. */
export type Names = ReadonlyMap<string, string>;

/** What a group of pairs with one source or one target says, in a sentence. */
export function groupAnswer(pairs: readonly StudiedPair[], names: Names = new Map()): string {
  const studied = pairs.filter(isStudied);
  if (studied.length === 0) return "None of the pairs can be studied with the data there is.";
  const leads = studied.filter(({ verdict }) => verdict.kind === "lead-found");
  const rest = studied.length - leads.length;
  if (leads.length === 0) {
    return studied.length === 1
      ? nothingWords(studied[0] as StudiedWithResult, names)
      : `None of the ${studied.length} pairs shows a lead beyond chance.`;
  }
  const others = rest === 0 ? "" : ` ${rest === 1 ? "The other pair shows" : `The other ${rest} show`} none.`;
  return `${alikeLeads(leads)
    .map((alike) => leadWords(alike, names))
    .join("; ")}.${others}`;
}

/** Leads of one source by the same lag, both confirmed or both not, are told together. */
function alikeLeads(leads: readonly StudiedWithResult[]): StudiedWithResult[][] {
  const groups = Map.groupBy(leads, ({ source, study }) =>
    [source, study.test.lead.lag, study.heldOut.isConfirmed].join(" "),
  );
  return [...groups.values()];
}

function leadWords(alike: readonly StudiedWithResult[], names: Names): string {
  const { source, study } = alike[0] as StudiedWithResult;
  const targets = listed(alike.map(({ target }) => nameOf(target, names)));
  const ics = listed(alike.map((pair) => formatSigned(pair.study.heldOut.ic, 3)));
  const held = `held-out IC ${ics}${study.heldOut.isConfirmed ? "" : ", not confirmed"}`;
  return `${nameOf(source, names)} leads ${targets} by ${tradingDays(study.test.lead.lag)} (${held})`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function nothingWords({ source, target }: StudiedWithResult, names: Names): string {
  return `No lead of ${nameOf(source, names)} over ${nameOf(target, names)} was found.`;
}

/** The answer for one pair, with the move of the same day when there is nothing after it. */
export function pairAnswer(leftIn: StudiedWithResult, takenOut: StudiedWithResult, names: Names = new Map()): string {
  const answer = groupAnswer([takenOut], names);
  if (takenOut.verdict.kind === "lead-found" || leftIn.study.test.sameDay.p > SIGNIFICANCE) return answer;
  return `${nameOf(leftIn.source, names)} and ${nameOf(leftIn.target, names)} move together on the same day, but no lead of days or weeks was found.`;
}

/** How a pair moves on the same day, before and after the market is taken out. */
export function sameDayWords(leftIn: StudiedWithResult, takenOut: StudiedWithResult, names: Names = new Map()): string {
  const [raw, whitened] = [leftIn.study.lags[0]?.pearson ?? Number.NaN, takenOut.study.lags[0]?.whitened ?? Number.NaN];
  const factor = takenOut.factors[0];
  const together =
    leftIn.study.test.sameDay.p <= SIGNIFICANCE ? "move together on the same day" : "hardly move together";
  const freed = factor === undefined ? "" : `, and ${formatSigned(whitened, 3)} once ${factor} is taken out of both`;
  return `${nameOf(leftIn.source, names)} and ${nameOf(leftIn.target, names)} ${together}: correlation of raw returns ${formatSigned(raw, 3)}${freed}.`;
}

/** The longest lags, where a lead of weeks would stand. */
export function longLagWords({ study }: StudiedWithResult, firstLag = 10): string {
  const late = study.lags.filter(({ lag }) => lag >= firstLag);
  const largest = late.reduce((best, row) => (Math.abs(row.whitened) > Math.abs(best.whitened) ? row : best));
  const band = correctedBand(study);
  const stands = Math.abs(largest.whitened) > band ? "stands out of" : "is inside";
  return `A lead of weeks would show at lags ${firstLag} to ${late.at(-1)?.lag}: the largest correlation there is ${formatSigned(largest.whitened, 3)} at lag ${largest.lag}, which ${stands} what chance does among all lags (±${band.toFixed(3)}).`;
}

/** The lag of one day, which plain tests make much of. */
export function nextDayWords({ study, verdict }: StudiedWithResult): string {
  const next = study.lags[1];
  const granger = study.granger.find(({ lags }) => lags === 1);
  const counted =
    verdict.kind !== "lead-found"
      ? `over all lags tried the chance of the strongest is ${probabilityWords("p", study.p)}, so it does not count as a lead of one day`
      : verdict.lag === 1
        ? "it is the lead that was found"
        : `the lead that was found is at lag ${verdict.lag}, not there`;
  return `At lag 1 the correlation is ${formatSigned(next?.whitened ?? Number.NaN, 3)}, and Granger's test with one lag has ${probabilityWords("p", granger?.p ?? Number.NaN)}; ${counted}.`;
}

function nameOf(symbol: string, names: Names): string {
  return names.get(symbol) ?? symbol;
}

/** The badge of a group: a lead if any pair has one. */
export function groupKind(pairs: readonly StudiedPair[]): VerdictKind {
  const kinds = new Set(pairs.map(({ verdict }) => verdict.kind));
  const strongest: readonly VerdictKind[] = ["lead-found", "not-tradable", "no-lead-found"];
  return strongest.find((kind) => kinds.has(kind)) ?? "insufficient-data";
}
