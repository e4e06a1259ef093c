import type { LeadLagScreen, ScreenedPairAnswer } from "../../contracts/lead-lag-study.js";
import { textTable } from "../output.js";
import { digits, probability, runLine } from "./study-text.js";

const SHOWN_PAIRS = 40;

/** A screen for a person: how many leads survive, the pairs by q, and those that were refused. */
export function screenText(screen: LeadLagScreen): string {
  const { pairs, tested, refused, declared, fdr, excluded, studyId } = screen;
  const byStrength = pairs.filter(({ q }) => q !== null).toSorted((a, b) => a.q! - b.q! || a.p! - b.p!);
  const hidden = byStrength.length - SHOWN_PAIRS;
  return [
    `${declared} of ${tested} pairs show a lead at a false discovery rate of ${fdr * 100}%.\n\n`,
    textTable(
      ["source", "target", "verdict", "lag", "p", "q", "held-out IC", "n"],
      byStrength.slice(0, SHOWN_PAIRS).map(cells),
    ),
    hidden > 0 ? `… and ${hidden} more with a larger q; --json has all.\n` : "",
    refused === 0 ? "" : `\n${refused} could not be studied:\n${refusals(pairs)}`,
    excluded === "" ? "" : `\n${excluded}.\n`,
    `\n${runLine(screen)}\n`,
    studyId === null ? "" : `Stored as study ${studyId}: quantflow study show ${studyId}\n`,
  ].join("");
}

function cells({ source, target, verdict, p, q, heldOutIc, returns }: ScreenedPairAnswer): (string | number)[] {
  const lag = verdict.lag === null ? "" : String(verdict.lag);
  return [source, target, verdict.kind, lag, probability(p), probability(q), digits(heldOutIc), returns ?? 0];
}

function refusals(pairs: readonly ScreenedPairAnswer[]): string {
  const refused = pairs.filter(({ verdict }) => verdict.kind === "insufficient-data");
  const lines = refused
    .slice(0, SHOWN_PAIRS)
    .map(({ source, target, verdict }) => `  ${source} → ${target}: ${verdict.reasons.join(" ")}\n`);
  return lines.join("") + (refused.length > SHOWN_PAIRS ? `  … and ${refused.length - SHOWN_PAIRS} more\n` : "");
}
