import { formatSigned } from "../format/number-format.js";
import type { Provenance } from "../frame/provenance.js";
import { correctedBand } from "../lead-lag/corrected-band.js";
import { pairMultiples, type SmallCorrelogram } from "../lead-lag/pair-multiples.js";
import { verdictLabel } from "../lead-lag/verdict-badge.js";
import { probabilityWords } from "../lead-lag/verdict-words.js";
import { isStudied, type StudiedPair, type StudiedWithResult } from "./studied-pairs.js";

/** The correlograms of a group of studies. */
export function studyMultiples(pairs: readonly StudiedPair[], studyPage: string, provenance: Provenance): HTMLElement {
  const studied = pairs.filter(isStudied);
  const found = studied.filter(({ verdict }) => verdict.kind === "lead-found");
  return pairMultiples(
    studied.map((pair) => multipleOf(pair, studyPage)),
    {
      title: `${found.length} of ${studied.length} pairs show a lead, after adjusting for all of them`,
      subtitle:
        "correlation of what is new on each side by lag in trading days; dashed, what chance does among all lags; a same-day bar may be cut off",
      provenance,
      fileName: "pairs-by-lag",
    },
  );
}

function multipleOf({ source, target, verdict, study, q }: StudiedWithResult, studyPage: string): SmallCorrelogram {
  const { lead } = study.test;
  return {
    source,
    target,
    verdict: verdict.kind,
    label: verdictLabel(verdict),
    correlations: study.lags.map(({ whitened }) => whitened),
    band: correctedBand(study),
    href: `${studyPage}?${new URLSearchParams({ source, target })}`,
    note: `strongest: ${formatSigned(lead.correlation, 3)} at ${lead.lag} d, ${probabilityWords("q", q)}`,
  };
}
