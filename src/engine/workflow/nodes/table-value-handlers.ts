import { tradingDate, tradingDateToEpochMs } from "../../units/trading-date.js";
import type { NodeImplementation } from "../node-handler.js";
import type { SeriesValue, TableCell, TableValue } from "../port-value.js";
import { invalidInput, tableAt, valueAt } from "./step-inputs.js";
import { aNumber, aSeries, aTable, aText, gives } from "./step-outputs.js";
import { invalidParameter, listOf, textOf } from "./step-parameters.js";
import { cellsOf, numbersOf } from "./table-columns.js";

const PORTS = ["a", "b", "c", "d"] as const;

/** Whether a cell is what a person wrote: numbers by value, everything else by its text. */
function isKey(cell: TableCell, key: string): boolean {
  if (typeof cell === "number") return key.trim() !== "" && cell === Number(key);
  return cell !== null && String(cell) === key;
}

/** Instants from numbers and dates; undefined for an empty cell. @throws ARGUMENT_INVALID for anything else */
function instantOf(cell: TableCell, row: number): number | undefined {
  if (cell === null) return undefined;
  if (typeof cell === "number" && Number.isFinite(cell)) return cell;
  if (typeof cell === "string" && /^\d{4}-\d{2}-\d{2}$/.test(cell)) return tradingDateToEpochMs(tradingDate(cell));
  const instant = typeof cell === "string" && /T.*(Z|[+-]\d{2}:\d{2})$/.test(cell) ? Date.parse(cell) : NaN;
  if (!Number.isNaN(instant)) return instant;
  throw invalidInput(
    "table",
    `time ${JSON.stringify(cell)} in row ${row}`,
    "epoch ms, YYYY-MM-DD or ISO 8601 with zone",
  );
}

function seriesOfTable(table: TableValue, timeColumn: string, valueColumn: string): SeriesValue {
  const values = numbersOf(cellsOf(table, valueColumn));
  const byTime = new Map<number, number>();
  cellsOf(table, timeColumn).forEach((cell, row) => {
    const timeMs = instantOf(cell, row);
    if (timeMs !== undefined) byTime.set(timeMs, values[row]!);
  });
  const timesMs = Float64Array.from(byTime.keys()).sort();
  return { timesMs, values: timesMs.map((timeMs) => byTime.get(timeMs)!) };
}

/** Nodes between tables and single values. */
export const TABLE_VALUE_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "table.lookup": {
    run(parameters, inputs) {
      const table = tableAt(inputs, "table");
      const cells = cellsOf(table, textOf(parameters, "column"));
      const keyColumn = textOf(parameters, "keyColumn");
      const key = textOf(parameters, "key");
      const row = keyColumn === "" ? 0 : cellsOf(table, keyColumn).findIndex((cell) => isKey(cell, key));
      const cell = cells[row];
      if (cell === undefined || cell === null) {
        return gives({}, { note: cell === null ? "the cell is empty" : "there is no such row" });
      }
      return gives(typeof cell === "number" ? { number: aNumber(cell) } : { text: aText(String(cell)) });
    },
  },
  "table.row": {
    run(parameters, inputs) {
      const names = listOf(parameters, "columns");
      if (new Set(names).size < names.length) throw invalidParameter("columns", names.join(", "), "names, each once");
      const columns = PORTS.flatMap((port, place) => {
        const value = valueAt(inputs, port);
        if (value === undefined) return [];
        const name = names[place];
        if (name === undefined) throw invalidParameter("columns", names.join(", "), `a name for ${port}`);
        if (value.type === "number" || value.type === "text" || value.type === "boolean") {
          return [{ name, cells: [value.value] }];
        }
        throw invalidInput(port, `a ${value.type}`, "number, text or boolean");
      });
      return gives({ table: aTable({ columns, rowCount: 1 }) });
    },
  },
  "table.to-series": {
    run(parameters, inputs) {
      const series = seriesOfTable(tableAt(inputs, "table"), textOf(parameters, "time"), textOf(parameters, "column"));
      const symbol = textOf(parameters, "symbol");
      return gives({ series: aSeries(symbol === "" ? series : { ...series, symbol }) });
    },
  },
};
