import type { Provenance } from "../frame/provenance.js";
import { emptyState, IMPORT_COMMAND } from "../frame/state-block.js";
import type { QualityFinding } from "./quality-findings.js";

/** The state of the store's rows in a sentence, or what an empty list means. */
export function qualityLede(findings: readonly QualityFinding[], { dataset }: Provenance): string | HTMLElement {
  if (findings.length > 0) {
    const symbols = new Set(findings.map(({ symbol }) => symbol)).size;
    return `The checks at import found ${findings.length.toLocaleString("en-US")} things in ${symbols} symbols. Nothing was repaired: the figures of the other pages rest on these rows.`;
  }
  return emptyState({
    isWholePage: true,
    commands: [IMPORT_COMMAND],
    title: "No findings",
    reason:
      dataset === "simulated"
        ? "The simulated demo market is generated without faults. Import real price files and what the checks find will stand here:"
        : "Either nothing is imported yet, or every row passed. Gaps, jumps, splits, unit breaks and broken candles will stand here after an import:",
  });
}
