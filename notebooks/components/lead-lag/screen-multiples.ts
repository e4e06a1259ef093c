import { formatSigned } from "../format/number-format.js";
import type { Provenance } from "../frame/provenance.js";
import { pairMultiples } from "./pair-multiples.js";
import { isTested, type ScreenRow, screenBand, screenLabel, studyHref } from "./screen-row.js";
import { probabilityWords } from "./verdict-words.js";

const MOST = 24;

/** Correlograms of the pairs that were declared, then of the strongest of the rest. */
export function screenMultiples(rows: readonly ScreenRow[], provenance: Provenance): HTMLElement {
  const isLead = (row: ScreenRow) => Number(row.verdict === "lead-found");
  const ordered = rows.filter(isTested).sort((a, b) => isLead(b) - isLead(a) || a.p - b.p);
  const leads = ordered.filter(isLead).length;
  const shown = ordered.slice(0, MOST);
  return pairMultiples(
    shown.map((row) => ({
      source: row.source,
      target: row.target,
      verdict: row.verdict,
      label: screenLabel(row),
      correlations: [...row.whitened],
      band: screenBand(row),
      href: studyHref(row),
      note: `${formatSigned(row.correlation, 3)} at ${row.strongestLag} d, ${probabilityWords("q", row.q)}`,
    })),
    {
      title:
        leads >= shown.length
          ? `The ${shown.length} clearest leads`
          : `${leads === 0 ? "No pair" : `The ${leads} declared`}${leads === 0 ? " was declared; the" : ", then the"} ${shown.length - leads} strongest that were not`,
      subtitle:
        "correlation of what is new on each side by lag in trading days; dashed, what chance does among all lags of one pair; a same-day bar may be cut off",
      provenance: { ...provenance, rows: shown.length },
      fileName: "screen-correlograms",
    },
  );
}
