import { element } from "../element.js";
import { emptyState } from "../frame/state-block.js";
import type { StudyInputs } from "../lead-lag/study-input.js";

/** What a written study lacks; nothing when all its series are there. */
export function missingSeries(inputs: StudyInputs, symbols: readonly string[]): Node {
  const missing = symbols.filter((symbol) => !inputs.has(symbol));
  if (missing.length === 0) return document.createDocumentFragment();
  return element(
    "div",
    { class: "study-missing" },
    emptyState({
      title: `No prices of ${missing.join(" and ")}`,
      reason: "This study is computed from daily closes. With them, its answer, figures and numbers appear here.",
      isWholePage: true,
    }),
  );
}
