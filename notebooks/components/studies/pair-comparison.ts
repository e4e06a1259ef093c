import { element } from "../element.js";
import { formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { verdictBadge, verdictLabel } from "../lead-lag/verdict-badge.js";
import { formatProbability } from "../lead-lag/verdict-words.js";
import { exportedColumns, sortableTable, type TableColumn } from "../table/sortable-table.js";
import type { StudiedPair } from "./studied-pairs.js";

/** The pairs of a study side by side, the refused ones with their reason. */
export function pairComparison(pairs: readonly StudiedPair[], title: string, provenance: Provenance): HTMLElement {
  const columns: TableColumn<StudiedPair>[] = [
    {
      key: "pair",
      label: "Pair",
      kind: "symbol",
      value: ({ source, target }) => `${source} → ${target}`,
    },
    {
      key: "verdict",
      label: "Verdict",
      kind: "badge",
      value: ({ verdict }) => verdictLabel(verdict),
      show: ({ verdict }) => verdictBadge(verdict.kind, verdictLabel(verdict)),
    },
    {
      key: "freed",
      label: "Taken out",
      kind: "text",
      isSecondary: true,
      value: ({ factors }) => factors.join(", ") || "nothing",
    },
    number("sameDay", "Same day", "raw returns of the same day", ({ lags }) => lags[0]?.pearson),
    number("next", "Next day", "raw returns, source one day before", ({ lags }) => lags[1]?.pearson),
    number(
      "lead",
      "Strongest later",
      "what is new on each side, at the strongest lag",
      ({ test }) => test.lead.correlation,
    ),
    {
      ...number("lag", "at lag", "trading days", ({ test }) => test.lead.lag),
      show: (pair) => (pair.kind === "studied" ? `${pair.study.test.lead.lag} d` : "–"),
    },
    {
      key: "q",
      label: "q",
      kind: "number",
      hint: "chance of the strongest lag, paid for all lags, shapes and pairs here",
      value: (pair) => (pair.kind === "studied" ? pair.q : Number.NaN),
      show: (pair) => formatProbability(pair.kind === "studied" ? pair.q : Number.NaN),
    },
    number("heldOut", "Held-out IC", "of the lag chosen on the first 70% of days", ({ heldOut }) => heldOut.ic),
    {
      key: "granger",
      label: "Granger p",
      kind: "number",
      hint: "Granger's test on raw returns with one lag, paid for nothing",
      value: (pair) => grangerOf(pair),
      show: (pair) => formatProbability(grangerOf(pair)),
    },
    {
      key: "returns",
      label: "Days",
      kind: "number",
      value: (pair) => (pair.kind === "studied" ? pair.study.returns : Number.NaN),
      show: (pair) => (pair.kind === "studied" ? pair.study.returns.toLocaleString("en-US") : "–"),
    },
    {
      key: "reason",
      label: "Reason",
      kind: "prose",
      isHidden: true,
      value: ({ verdict }) => verdict.reasons.join(" "),
    },
  ];
  const refused = pairs.filter(({ kind }) => kind === "refused");
  return figureFrame({
    title,
    subtitle: "correlations of daily returns; q pays for all pairs of this table",
    body: element(
      "div",
      {},
      sortableTable({
        rows: pairs,
        caption: title,
        noun: "pair",
        height: 320,
        isSearchable: false,
        sort: { key: "q", direction: "ascending" },
        columns,
      }),
      refused.map(({ source, target, verdict }) =>
        element("p", { class: "muted" }, `${source} → ${target}: ${verdict.reasons.join(" ")}`),
      ),
    ),
    provenance,
    fileName: "pairs-compared",
    hasPicture: false,
    data: () => exportedColumns(columns, pairs),
  });
}

function grangerOf(pair: StudiedPair): number {
  if (pair.kind === "refused") return Number.NaN;
  return pair.study.granger.find(({ lags }) => lags === 1)?.p ?? Number.NaN;
}

function number(
  key: string,
  label: string,
  hint: string,
  value: (study: Extract<StudiedPair, { kind: "studied" }>["study"]) => number | undefined,
): TableColumn<StudiedPair> {
  const read = (pair: StudiedPair) => (pair.kind === "studied" ? (value(pair.study) ?? Number.NaN) : Number.NaN);
  return { key, label, hint, kind: "number", value: read, show: (pair) => formatSigned(read(pair), 3) };
}
