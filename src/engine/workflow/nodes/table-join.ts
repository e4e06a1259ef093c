import type { TableCell, TableColumn, TableValue } from "../port-value.js";
import { cellsOf, takeRows } from "./table-columns.js";

/**
 * The rows of two tables that agree in a column, in the order of the left table, then of the right. `left` keeps left
 * rows without a match, with empty cells. Empty cells match nothing; a number does not match its text. A right column
 * whose name is taken becomes `right.name`. @throws ARGUMENT_INVALID for a table without the column
 */
export function joinedTables(left: TableValue, right: TableValue, on: string, kind: "inner" | "left"): TableValue {
  const rightRows = new Map<TableCell, number[]>();
  cellsOf(right, on, "right").forEach((cell, row) => {
    if (cell === null || Number.isNaN(cell)) return;
    const rows = rightRows.get(cell);
    if (rows) rows.push(row);
    else rightRows.set(cell, [row]);
  });
  const pairs = cellsOf(left, on, "left").flatMap((cell, row): [number, number][] => {
    const matches = (cell === null ? undefined : rightRows.get(cell)) ?? (kind === "left" ? [-1] : []);
    return matches.map((match) => [row, match]);
  });
  const kept = takeRows(
    left,
    pairs.map(([row]) => row),
  );
  const taken = new Set(left.columns.map(({ name }) => name));
  const added = right.columns
    .filter(({ name }) => name !== on)
    .map(
      ({ name, cells }): TableColumn => ({
        name: freeName(name, taken),
        cells: pairs.map(([, row]) => cells[row] ?? null),
      }),
    );
  return { columns: [...kept.columns, ...added], rowCount: pairs.length };
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  while (taken.has(free)) free = `right.${free}`;
  taken.add(free);
  return free;
}
