import type { Alignment } from "../../engine/lead-lag/common-calendar.js";
import { simultaneousBand } from "../../engine/statistics/simultaneous-band.js";
import { element } from "../element.js";
import { formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { sortableTable, type TableColumn } from "../table/sortable-table.js";
import { SCREEN_LAGS, type ScreenedSource } from "./source-screen.js";

/** Which other series lead the target, with the band corrected for every test of the screen. */
export function sourceScreenFigure(
  screened: readonly ScreenedSource[],
  { target, align }: { readonly target: string; readonly align: Alignment },
  names: ReadonlyMap<string, string | null>,
  provenance: Provenance,
): Node {
  if (screened.length === 0) return document.createDocumentFragment();
  const tests = screened.length * SCREEN_LAGS.length;
  const survives = (row: ScreenedSource, at: number) =>
    Math.abs(row.correlations[at] ?? Number.NaN) > simultaneousBand({ n: row.n, tests });
  const leading = screened.filter((row) => SCREEN_LAGS.some((lag, at) => lag > 0 && survives(row, at)));
  const lagColumns = SCREEN_LAGS.map(
    (lag, at): TableColumn<ScreenedSource> => ({
      key: `lag${lag}`,
      label: lag === 0 ? "Same day" : `${lag} d before`,
      kind: "number",
      hint: `correlation of ${target}'s return with this series' return ${lag} trading days earlier`,
      value: ({ correlations }) => correlations[at],
      show: ({ correlations }) => formatSigned(correlations[at] ?? Number.NaN, 3),
      className: (row) => (survives(row, at) ? "outside-band" : "muted"),
    }),
  );
  return figureFrame({
    title: `${leading.length} of ${screened.length} other series come before ${target} after correction for ${tests.toLocaleString("en-US")} tests`,
    subtitle: `correlation of daily log returns by lag, ${align === "inner" ? "on the days both have" : "as of the target's close"}; highlighted where it survives the correction`,
    body: sortableTable({
      rows: screened,
      caption: `Correlation of every other series with ${target} by lag`,
      noun: "series",
      plural: "series",
      height: 420,
      sort: { key: "strongest", direction: "descending" },
      columns: [
        {
          key: "symbol",
          label: "Source",
          kind: "symbol",
          value: ({ symbol }) => symbol,
          show: ({ symbol }) => element("a", { href: studyHref(symbol) }, symbol),
        },
        { key: "name", label: "Name", kind: "text", isSecondary: true, value: ({ symbol }) => names.get(symbol) },
        {
          key: "strongest",
          label: "Strongest lead",
          kind: "number",
          hint: "the largest correlation, of either sign, at a lag of one day or more",
          value: (row) => Math.abs(strongestLead(row).correlation),
          show: (row) => strongestLeadText(strongestLead(row)),
        },
        ...lagColumns,
        { key: "n", label: "n", kind: "number", value: ({ n }) => n, show: ({ n }) => n.toLocaleString("en-US") },
      ],
    }),
    provenance: { ...provenance, rows: screened.length },
    fileName: `screen-${target}`,
    hasPicture: false,
    data: () => ({
      source: screened.map(({ symbol }) => symbol),
      n: screened.map(({ n }) => n),
      ...Object.fromEntries(SCREEN_LAGS.map((lag, at) => [`lag_${lag}`, screened.map((row) => row.correlations[at])])),
    }),
  });
}

function strongestLead({ correlations }: ScreenedSource): { lag: number; correlation: number } {
  const leads = SCREEN_LAGS.map((lag, at) => ({ lag, correlation: correlations[at] ?? Number.NaN }));
  return leads
    .filter(({ lag }) => lag > 0)
    .reduce((best, lead) => (Math.abs(lead.correlation) > Math.abs(best.correlation) ? lead : best));
}

function strongestLeadText({ lag, correlation }: { lag: number; correlation: number }): string {
  return `${formatSigned(correlation, 3)} at ${lag} d`;
}

function studyHref(source: string): string {
  const parameters = new URLSearchParams(location.search);
  parameters.set("source", source);
  return `?${parameters}`;
}
