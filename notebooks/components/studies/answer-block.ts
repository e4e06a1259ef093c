import type { VerdictKind } from "../../engine/lead-lag/study-verdict.js";
import { element } from "../element.js";
import { verdictBadge } from "../lead-lag/verdict-badge.js";

/** The answer of a written study, in one sentence and with what it rests on. */
export function answerBlock(kind: VerdictKind, answer: string, reasons: readonly string[]): HTMLElement {
  return element(
    "section",
    { class: `verdict-panel answer-block verdict-${kind}` },
    element("p", { class: "verdict-top" }, verdictBadge(kind)),
    element("p", { class: "verdict-headline" }, capitalized(answer)),
    element(
      "ul",
      { class: "verdict-reasons" },
      reasons.map((reason) => element("li", {}, capitalized(reason))),
    ),
  );
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
