import { summarize } from "../../statistics/moments.js";
import { averageRanks } from "../../statistics/ranks.js";
import type { NodeImplementation } from "../node-handler.js";
import type { TableCell, TableValue } from "../port-value.js";
import { type Statistic, statisticOf } from "./period-statistics.js";
import { formulaOver } from "./step-formula.js";
import { tableAt } from "./step-inputs.js";
import { aNumber, aTable, gives } from "./step-outputs.js";
import { choiceOf, textOf } from "./step-parameters.js";
import { cellOf, cellsOf, numbersOf, withColumn } from "./table-columns.js";
import { joinedTables } from "./table-join.js";

const FORMULA_NAMES = ["a", "b", "c"] as const;

function numbersIn(cells: readonly TableCell[]): number[] {
  return cells.filter((cell): cell is number => typeof cell === "number" && !Number.isNaN(cell));
}

/** One row per group of equal cells in `by`, in the order of their first rows; one for all when it is empty. */
function aggregated(table: TableValue, by: string, column: string, statistic: Statistic): TableValue {
  const cells = cellsOf(table, column);
  const result = (rows: readonly TableCell[]) => cellOf(statisticOf(numbersIn(rows), statistic));
  if (by === "") return { columns: [{ name: column, cells: [result(cells)] }], rowCount: 1 };
  const groups = new Map<TableCell, TableCell[]>();
  cellsOf(table, by).forEach((key, row) => {
    const group = groups.get(key);
    if (group) group.push(cells[row]!);
    else groups.set(key, [cells[row]!]);
  });
  const name = column === by ? statistic : column;
  const columns = [
    { name: by, cells: [...groups.keys()] },
    { name, cells: [...groups.values()].map(result) },
  ];
  return { columns, rowCount: groups.size };
}

/** Nodes that compute with columns. */
export const TABLE_MATH_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "table.join": {
    run(parameters, inputs) {
      const kind = choiceOf<"inner" | "left">(parameters, "kind");
      const joined = joinedTables(tableAt(inputs, "left"), tableAt(inputs, "right"), textOf(parameters, "on"), kind);
      return gives({ table: aTable(joined) }, { note: `${joined.rowCount} rows` });
    },
  },
  "table.aggregate": {
    run(parameters, inputs) {
      const statistic = choiceOf<Statistic>(parameters, "function");
      const table = tableAt(inputs, "table");
      return gives({
        table: aTable(aggregated(table, textOf(parameters, "by"), textOf(parameters, "column"), statistic)),
      });
    },
  },
  "table.rank": {
    run(parameters, inputs) {
      const table = tableAt(inputs, "table");
      const values = numbersOf(cellsOf(table, textOf(parameters, "column")));
      const isDescending = choiceOf(parameters, "direction") === "descending";
      const ranks = averageRanks(isDescending ? values.map((value) => -value) : values);
      return gives({ table: aTable(withColumn(table, textOf(parameters, "as"), [...ranks].map(cellOf))) });
    },
  },
  "table.z-score": {
    run(parameters, inputs) {
      const table = tableAt(inputs, "table");
      const values = numbersOf(cellsOf(table, textOf(parameters, "column")));
      const { mean, sampleStdDev } = summarize(values);
      const scores = [...values].map((value) => cellOf(sampleStdDev > 0 ? (value - mean) / sampleStdDev : NaN));
      return gives({ table: aTable(withColumn(table, textOf(parameters, "as"), scores)) });
    },
  },
  "table.formula": {
    run(parameters, inputs, context) {
      const table = tableAt(inputs, "table");
      const named = FORMULA_NAMES.map((name) => ({ name, column: textOf(parameters, name) }))
        .filter(({ column }) => column !== "")
        .map(({ name, column }) => ({ name, cells: cellsOf(table, column) }));
      const formula = formulaOver(textOf(parameters, "formula"), FORMULA_NAMES, context);
      const results = Array.from({ length: table.rowCount }, (_, row): TableCell => {
        if (named.some(({ cells }) => cells[row] === null)) return null;
        const result = formula(Object.fromEntries(named.map(({ name, cells }) => [name, cells[row]!])));
        if (typeof result === "object") return cellOf(result.at(-1));
        return typeof result === "number" ? cellOf(result) : result;
      });
      return gives({ table: aTable(withColumn(table, textOf(parameters, "as"), results)) });
    },
  },
  "table.summary": {
    run(parameters, inputs) {
      const table = tableAt(inputs, "table");
      const statistic = choiceOf<Statistic | "rows">(parameters, "function");
      if (statistic === "rows") return gives({ value: aNumber(table.rowCount) });
      const numbers = numbersIn(cellsOf(table, textOf(parameters, "column")));
      return gives({
        value: aNumber(numbers.length === 0 && statistic === "sum" ? NaN : statisticOf(numbers, statistic)),
      });
    },
  },
};
