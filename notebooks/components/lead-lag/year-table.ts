import { correlationAroundDay, correlationByYear } from "../../engine/lead-lag/correlation-through-time.js";
import type { EpochMs } from "../../engine/units/epoch-ms.js";
import { formatDay } from "../format/date-format.js";
import { formatNumber, formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { sortableTable } from "../table/sortable-table.js";
import type { ShownStudy } from "./shown-study.js";
import { shapeNote } from "./verdict-words.js";

interface PeriodRow {
  readonly order: number;
  readonly period: string;
  readonly correlation: number;
  readonly rows: number;
}

/** The correlation at a lag year by year, and before and after a day. */
export function yearTable(
  { study, sides, source, target, provenance }: ShownStudy,
  { lag, splitMs }: { lag: number; splitMs: number },
): HTMLElement {
  const { before, after } = correlationAroundDay(sides, lag, splitMs as EpochMs);
  const day = formatDay(splitMs);
  const rows: PeriodRow[] = [
    ...correlationByYear(sides, lag).map((block) => ({ ...block, period: String(block.year) })),
    ...(before ? [{ ...before, period: `before ${day}` }] : []),
    ...(after ? [{ ...after, period: `from ${day}` }] : []),
  ].map(({ period, correlation, rows: count }, order) => ({ order, period, correlation, rows: count }));
  const band = (row: PeriodRow) => 1.96 / Math.sqrt(row.rows);
  return figureFrame({
    title:
      before && after
        ? `Lag ${lag}: ${formatSigned(before.correlation, 3)} before ${day}, ${formatSigned(after.correlation, 3)} from then on`
        : `Lag ${lag} year by year`,
    subtitle: `correlation of what is new on each side; years of fewer than 60 days are left out${shapeNote(study.test.lead.transform)}`,
    body: sortableTable({
      rows,
      caption: `Correlation at lag ${lag} by period`,
      noun: "period",
      height: 430,
      isSearchable: false,
      sort: { key: "period", direction: "ascending" },
      columns: [
        { key: "period", label: "Period", kind: "symbol", value: ({ order }) => order, show: ({ period }) => period },
        {
          key: "correlation",
          label: "Correlation",
          kind: "number",
          value: ({ correlation }) => correlation,
          show: ({ correlation }) => formatSigned(correlation, 3),
          className: (row) => (Math.abs(row.correlation) > band(row) ? "outside-band" : ""),
        },
        {
          key: "band",
          label: "95%",
          kind: "number",
          hint: "half-width of what unrelated series do in one period, 1.96/√n",
          value: band,
          show: (row) => `±${formatNumber(band(row), 3)}`,
        },
        {
          key: "rows",
          label: "Days",
          kind: "number",
          value: ({ rows: count }) => count,
          show: ({ rows: count }) => count.toLocaleString("en-US"),
        },
      ],
    }),
    provenance,
    fileName: `years-${source}-${target}-${lag}`,
    hasPicture: false,
    data: () => ({
      period: rows.map(({ period }) => period),
      correlation: rows.map(({ correlation }) => correlation),
      days: rows.map(({ rows: count }) => count),
    }),
  });
}
