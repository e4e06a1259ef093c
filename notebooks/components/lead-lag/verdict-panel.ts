import type { ErrorCode } from "../../engine/errors.js";
import type { PairStudy } from "../../engine/lead-lag/study-pair.js";
import { insufficientData } from "../../engine/lead-lag/study-verdict.js";
import { element } from "../element.js";
import { verdictBadge, verdictLabel } from "./verdict-badge.js";
import { verdictFacts, verdictHeadline, withRaisedPowers } from "./verdict-words.js";

interface PairNames {
  readonly source: string;
  readonly target: string;
}

/** The answer in a sentence, its numbers, and why. */
export function verdictPanel(study: PairStudy, { source, target }: PairNames): HTMLElement {
  const { verdict } = study;
  return element(
    "section",
    { class: `verdict-panel verdict-${verdict.kind}`, "aria-live": "polite" },
    element("p", { class: "verdict-top" }, verdictBadge(verdict.kind, verdictLabel(verdict))),
    element(
      "p",
      { class: "verdict-headline" },
      verdictHeadline(verdict, { source, target, heldOutLag: study.heldOut.lag }),
    ),
    element(
      "dl",
      { class: "verdict-facts" },
      verdictFacts(study).map(({ name, value, note }) =>
        element("div", {}, element("dt", {}, name), element("dd", {}, value), element("dd", { class: "muted" }, note)),
      ),
    ),
    element(
      "ul",
      { class: "verdict-reasons" },
      verdict.reasons.map((reason) => element("li", {}, withRaisedPowers(reason))),
    ),
  );
}

/** For a pair that the study does not accept: what it is, what would be accepted, and the code. */
export function refusedPanel(code: ErrorCode, message: string, { source, target }: PairNames): HTMLElement {
  const verdict = insufficientData(code, message);
  const { kind, reasons } = verdict;
  const headline = verdictHeadline(verdict, { source, target, heldOutLag: Number.NaN });
  return element(
    "section",
    { class: `verdict-panel verdict-${kind}`, role: "status" },
    element("p", { class: "verdict-top" }, verdictBadge(kind)),
    element("p", { class: "verdict-headline" }, headline),
    element("p", {}, sentence(reasons.join(" "))),
    element("p", { class: "muted" }, "Choose other days, fewer lags or another pair. Code ", element("code", {}, code)),
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
