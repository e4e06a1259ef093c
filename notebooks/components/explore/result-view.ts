import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { formatNumber } from "../format/number-format.js";
import { downloadFile, toCsv } from "../frame/csv-export.js";
import { sortableTable, type TableColumn } from "../table/sortable-table.js";
import { quickPlot } from "./quick-plot.js";
import { MOST_ROWS, type QueryResult, type ResultColumn } from "./run-query.js";

/** A result: what it is in a line, a drawing where it lends itself to one, and its rows. */
export function resultView(result: QueryResult): HTMLElement {
  const { columns, rows, isCut, tookMs } = result;
  const plot = quickPlot(result);
  const summary = [
    `${formatNumber(rows, 0)} ${rows === 1 ? "row" : "rows"}`,
    isCut && `cut after ${formatNumber(MOST_ROWS, 0)}: add a LIMIT or aggregate`,
    `${formatNumber(tookMs, 0)} ms`,
  ];
  const save = () => {
    const data = Object.fromEntries(
      columns.map((column) => [column.name, column.values.map((value) => exported(value, column))]),
    );
    downloadFile("result.csv", new Blob([toCsv(data)], { type: "text/csv" }));
  };
  return element(
    "section",
    { class: "query-result", "aria-label": "Result" },
    element(
      "div",
      { class: "query-summary" },
      element("span", { class: "muted number" }, summary.filter(Boolean).join(" · ")),
      rows > 0 && element("button", { type: "button", class: "button", onclick: save }, "CSV"),
    ),
    plot && element("div", { class: "figure" }, plot),
    columns.length > 0 && element("div", { class: "figure" }, rowTable(columns, rows)),
  );
}

function rowTable(columns: readonly ResultColumn[], rows: number): HTMLElement {
  const names = uniqueNames(columns);
  const shown = columns.map(
    (column, at): TableColumn<number> => ({
      key: names[at] ?? "",
      label: column.name,
      kind: column.kind === "number" ? "number" : "text",
      value: (row) => column.values[row],
      show: (row) => cellText(column.values[row], column),
    }),
  );
  return sortableTable({
    rows: Array.from({ length: rows }, (_, row) => row),
    columns: shown,
    caption: "Rows of the result",
    sort: { key: "", direction: "ascending" },
    noun: "row",
    height: 480,
    isSearchable: rows > 20,
  });
}

/** A query may name two columns alike. */
function uniqueNames(columns: readonly ResultColumn[]): string[] {
  return columns.map(({ name }, at) => `${name}#${at}`);
}

function cellText(value: number | string | null | undefined, { kind }: ResultColumn): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value;
  if (kind === "day") return formatDay(value);
  if (kind === "time")
    return new Date(value)
      .toISOString()
      .replace("T", " ")
      .replace(/(\.000)?Z$/, "");
  return formatNumber(value, decimalsOf(value));
}

function decimalsOf(value: number): number {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 53) return 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 1_000) return 0;
  return magnitude >= 1 ? 2 : 4;
}

function exported(value: number | string | null, column: ResultColumn): string | number | null {
  return column.kind === "day" || column.kind === "time" ? cellText(value, column) : value;
}
