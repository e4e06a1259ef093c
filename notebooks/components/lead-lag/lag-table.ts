import type { LagCorrelation, LaggedCorrelations } from "../../engine/lead-lag/lagged-correlation.js";
import { simultaneousBand } from "../../engine/statistics/simultaneous-band.js";
import { formatNumber, formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { sortableTable, type TableColumn } from "../table/sortable-table.js";
import type { StudyOutcome } from "./lead-lag-study.js";

/** The numbers behind the bars. */
export function lagTable(outcome: StudyOutcome<LaggedCorrelations>, provenance: Provenance): Node {
  if (outcome.kind === "refused") return document.createDocumentFragment();
  const { lags } = outcome.result;
  const number = (
    key: string,
    label: string,
    hint: string,
    value: (row: LagCorrelation) => number,
    show: (value: number) => string,
  ): TableColumn<LagCorrelation> => ({ key, label, hint, kind: "number", value, show: (row) => show(value(row)) });
  const correlation = (value: number) => formatSigned(value, 4);
  const band = (value: number) => `±${formatNumber(value, 4)}`;
  return figureFrame({
    title: "Lag by lag",
    subtitle: "a positive lag means the source comes first; bands are half-widths",
    body: sortableTable({
      rows: lags,
      caption: "Correlation lag by lag",
      noun: "lag",
      height: 420,
      isSearchable: false,
      sort: { key: "lag", direction: "ascending" },
      columns: [
        number(
          "lag",
          "Lag",
          "trading days",
          ({ lag }) => lag,
          (lag) => String(lag),
        ),
        number(
          "n",
          "n",
          "pairs of returns",
          ({ n }) => n,
          (n) => n.toLocaleString("en-US"),
        ),
        {
          ...number("pearson", "Pearson", "of log returns", ({ pearson }) => pearson, correlation),
          className: (row) => (Math.abs(row.pearson) > row.band95 ? "outside-band" : ""),
        },
        number("spearman", "Spearman", "of ranks", ({ spearman }) => spearman, correlation),
        number("band", "One lag", "95% band for this lag alone, 1.96/√n", ({ band95 }) => band95, band),
        number(
          "all",
          "All lags",
          "95% band for all lags tried (Bonferroni)",
          (row) => simultaneousBand({ n: row.n, tests: lags.length }),
          band,
        ),
      ],
    }),
    provenance: { ...provenance, rows: outcome.result.n },
    fileName: "lags",
    hasPicture: false,
  });
}
