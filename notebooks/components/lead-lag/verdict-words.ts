import type { SourceTransform } from "../../engine/lead-lag/source-transforms.js";
import type { PairStudy } from "../../engine/lead-lag/study-pair.js";
import type { LeadLagVerdict } from "../../engine/lead-lag/study-verdict.js";
import { formatDayInWords } from "../format/date-format.js";
import { formatNumber, formatSigned } from "../format/number-format.js";

/** The answer of a study in one sentence. `heldOutLag` is the lag that was chosen before the days kept apart. */
export function verdictHeadline(
  verdict: LeadLagVerdict,
  { source, target, heldOutLag }: { source: string; target: string; heldOutLag: number },
): string {
  switch (verdict.kind) {
    case "lead-found": {
      const by = `${target} by ${tradingDays(verdict.lag)}`;
      if (!verdict.isConfirmed) return `${source} led ${by}, but days kept apart do not confirm it.`;
      return heldOutLag === verdict.lag
        ? `${source} leads ${by}, and did so again on days kept apart.`
        : `${source} leads ${by}, though on days kept apart it was lag ${heldOutLag} that held.`;
    }
    case "not-tradable":
      return `${source} and ${target} move on the same day. No later lead was found, so there is nothing to trade.`;
    case "no-lead-found":
      return `No lead of ${source} over ${target} was found.`;
    case "insufficient-data":
      return `${source} and ${target} cannot be studied here.`;
  }
}

export interface VerdictFact {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

/** The numbers behind the sentence, the held-out ones first since they were not chosen. */
export function verdictFacts(study: PairStudy): VerdictFact[] {
  const { verdict, heldOut, test } = study;
  const isFound = verdict.kind === "lead-found";
  return [
    {
      name: isFound ? "Lag" : "Strongest later lag",
      value: `${test.lead.lag} d`,
      note: isFound ? lagSet(verdict.lagInterval) : "no stronger than chance",
    },
    {
      name: "Held-out IC",
      value: formatSigned(heldOut.ic, 3),
      note: `${probabilityWords("p", heldOut.p)}, lag ${heldOut.lag} on ${heldOut.rows.toLocaleString("en-US")} later days`,
    },
    {
      name: "Chance of such a lead",
      value: probabilityWords("p", study.p),
      note: `paid for ${test.tests} lags and shapes tried`,
    },
    {
      name: "In-sample correlation",
      value: formatSigned(test.lead.correlation, 3),
      note: "chosen for its size, so too large",
    },
    {
      name: "Smallest detectable",
      value: formatNumber(study.detectableSize, 3),
      note: "found 80 times in 100 at this length",
    },
    {
      name: "Days",
      value: study.returns.toLocaleString("en-US"),
      note: `${formatDayInWords(study.fromMs)} to ${formatDayInWords(study.toMs)}`,
    },
  ];
}

/** `0.031`, or `< 0.001`. */
export function formatProbability(p: number): string {
  if (!Number.isFinite(p)) return "–";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** A reason with its powers of ten raised: `4·10⁻⁶` for `4·10^-6`. */
export function withRaisedPowers(reason: string): string {
  return reason.replaceAll(
    /10\^-(\d+)/g,
    (_, digits: string) => `10⁻${[...digits].map((digit) => SUPERSCRIPTS[Number(digit)]).join("")}`,
  );
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** What is compared when it is not the source's moves in proportion; empty when it is. */
export function shapeNote(transform: SourceTransform): string {
  switch (transform) {
    case "linear":
      return "";
    case "large-moves":
      return "; of the source, only its large moves";
    case "size":
      return "; of the source, the size of its moves whichever way";
  }
}

/** `p = 0.031`, or `p < 0.001`. */
export function probabilityWords(name: "p" | "q", probability: number): string {
  const text = formatProbability(probability);
  return text.startsWith("<") ? `${name} ${text}` : `${name} = ${text}`;
}

export function tradingDays(lag: number): string {
  if (lag === 0) return "its last close known before the session";
  return lag === 1 ? "1 trading day" : `${lag} trading days`;
}

function lagSet([first, last]: readonly [number, number]): string {
  if (last === 0) return "known before the session begins";
  return first === last ? "no other lag is likely" : `95% sure of ${first} to ${last} d`;
}
