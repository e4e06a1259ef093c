import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { formatNumber, formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { exportedColumns, sortableTable, type TableColumn } from "../table/sortable-table.js";
import { type ScreenRow, screenLabel, studyHref } from "./screen-row.js";
import { verdictBadge } from "./verdict-badge.js";
import { formatProbability } from "./verdict-words.js";

/** All pairs of the screen; each is a link to its study. */
export function screenTable(rows: readonly ScreenRow[], title: string, provenance: Provenance): HTMLElement {
  const columns = screenColumns();
  return figureFrame({
    title,
    subtitle: "a pair opens its study; correlations of what is new on each side; q pays for every pair that was tested",
    body: sortableTable({
      rows: [...rows].sort((a, b) => a.p - b.p),
      caption: title,
      noun: "pair",
      height: 560,
      sort: { key: "q", direction: "ascending" },
      columns,
    }),
    provenance: { ...provenance, rows: rows.length },
    fileName: "lead-lag-screen",
    hasPicture: false,
    data: () => exportedColumns(columns, rows),
  });
}

function screenColumns(): TableColumn<ScreenRow>[] {
  const number = (
    key: string,
    label: string,
    hint: string,
    value: (row: ScreenRow) => number,
    show: (value: number) => string,
  ): TableColumn<ScreenRow> => ({ key, label, hint, kind: "number", value, show: (row) => show(value(row)) });
  return [
    {
      key: "pair",
      label: "Pair",
      kind: "symbol",
      value: ({ source, target }) => `${source} → ${target}`,
      show: (row) => element("a", { href: studyHref(row) }, `${row.source} → ${row.target}`),
    },
    {
      key: "verdict",
      label: "Verdict",
      kind: "badge",
      value: screenLabel,
      show: (row) => verdictBadge(row.verdict, screenLabel(row)),
    },
    {
      key: "lag",
      label: "Lag",
      kind: "number",
      hint: "trading days of the strongest lag; for a lead with the lags that hold 95% of resamples",
      value: ({ strongestLag, p }) => (Number.isFinite(p) ? strongestLag : Number.NaN),
      show: lagWords,
    },
    number("q", "q", "chance of the lead, paid for all pairs", ({ q }) => q, formatProbability),
    number("p", "p", "paid for the lags and shapes of the pair", ({ p }) => p, formatProbability),
    number(
      "correlation",
      "Correlation",
      "at the strongest lag, in sample",
      ({ correlation }) => correlation,
      (value) => formatSigned(value, 3),
    ),
    number(
      "heldOut",
      "Held-out IC",
      "of the lag chosen on the first 70% of days, on the rest",
      ({ heldOutIc }) => heldOutIc,
      (value) => formatSigned(value, 3),
    ),
    number("heldOutP", "Held-out p", "one-sided", ({ heldOutP }) => heldOutP, formatProbability),
    number(
      "detectable",
      "Detectable",
      "smallest correlation that would have been found 80 times in 100",
      ({ detectableSize }) => detectableSize,
      (value) => formatNumber(value, 3),
    ),
    {
      ...number(
        "returns",
        "Days",
        "common daily returns",
        ({ returns }) => returns,
        (value) => value.toLocaleString("en-US"),
      ),
      isSecondary: true,
    },
    {
      key: "from",
      label: "From",
      kind: "text",
      isSecondary: true,
      value: ({ fromMs, p }) => (Number.isFinite(p) ? formatDay(fromMs) : ""),
    },
    { key: "reasons", label: "Reasons", kind: "prose", isHidden: true, value: ({ reasons }) => reasons },
  ];
}

function lagWords({ verdict, p, strongestLag, firstLag, lastLag }: ScreenRow): string {
  if (!Number.isFinite(p)) return "–";
  if (verdict !== "lead-found" || firstLag === lastLag) return `${strongestLag} d`;
  return `${strongestLag} (${firstLag}–${lastLag}) d`;
}
