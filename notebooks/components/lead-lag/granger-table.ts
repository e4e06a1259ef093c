import type { GrangerTest } from "../../engine/lead-lag/granger-test.js";
import { formatNumber } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { sortableTable } from "../table/sortable-table.js";
import type { ShownStudy } from "./shown-study.js";
import { formatProbability } from "./verdict-words.js";

/** Granger's test on the same returns, as others would run it. */
export function grangerTable({ study, source, target, provenance }: ShownStudy): HTMLElement {
  const significant = study.granger.filter(({ p }) => p <= 0.05);
  return figureFrame({
    title:
      significant.length > 0
        ? `Granger: ${source}'s past helps to predict ${target} with ${significant.map(({ lags }) => lags).join(" and ")} ${significant.length === 1 && significant[0]?.lags === 1 ? "lag" : "lags"} (p < 0.05 each)`
        : `Granger: ${source}'s past does not help to predict ${target}`,
    subtitle: "joint F test on raw returns; not freed from the market, assumes constant variance, does not name a lag",
    body: sortableTable<GrangerTest>({
      rows: study.granger,
      caption: "Granger tests",
      noun: "test",
      height: 160,
      isSearchable: false,
      sort: { key: "lags", direction: "ascending" },
      columns: [
        { key: "lags", label: "Lags", kind: "number", value: ({ lags }) => lags },
        { key: "f", label: "F", kind: "number", value: ({ f }) => f, show: ({ f }) => formatNumber(f, 2) },
        {
          key: "p",
          label: "p",
          kind: "number",
          value: ({ p }) => p,
          show: ({ p }) => formatProbability(p),
          className: ({ p }) => (p <= 0.05 ? "outside-band" : ""),
        },
        {
          key: "rows",
          label: "Days",
          kind: "number",
          value: ({ rows }) => rows,
          show: ({ rows }) => rows.toLocaleString("en-US"),
        },
      ],
    }),
    provenance,
    fileName: `granger-${source}-${target}`,
    hasPicture: false,
    data: () => ({
      lags: study.granger.map(({ lags }) => lags),
      f: study.granger.map(({ f }) => f),
      p: study.granger.map(({ p }) => p),
    }),
  });
}
