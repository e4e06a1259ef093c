import type { NodeType } from "../node-type.js";
import {
  choice,
  expression,
  flag,
  input,
  integer,
  nodeType,
  optionalInput,
  output,
  symbol,
  text,
} from "./node-type-builders.js";

const table = input("table", "table", "The table to work on.");
const result = output("table", "table", "The resulting table.");
const UNKNOWN_COLUMN = "A column that the table does not have fails the step and names those it has.";

const column = (help: string, byDefault?: string) =>
  text("column", help, byDefault === undefined ? { maxLength: 60 } : { maxLength: 60, default: byDefault });

export const TABLE_NODES: readonly NodeType[] = [
  nodeType({
    id: "table.filter",
    category: "transform",
    label: "Filter rows",
    summary: "Keeps the rows whose cell compares with a value as asked.",
    details:
      "Numbers compare as numbers, texts as texts, in code-unit order; a value that reads as a number compares with cells " +
      `that are numbers. An empty cell is kept by \`is empty\` alone. ${UNKNOWN_COLUMN}`,
    inputs: [table, optionalInput("value", ["number", "text"], "Goes before the parameter.")],
    outputs: [result],
    parameters: [
      column("Which column is looked at."),
      choice("comparison", "How the cell compares.", [">", ">=", "<", "<=", "=", "!=", "is empty", "is not empty"]),
      text("value", "What it is compared with, when nothing is connected.", { default: "" }),
    ],
  }),
  nodeType({
    id: "table.sort",
    category: "transform",
    label: "Sort and limit",
    summary: "Orders the rows by a column and keeps the first of them.",
    details: `Stable: equal cells keep their order. Empty cells come last in both directions. ${UNKNOWN_COLUMN}`,
    inputs: [table],
    outputs: [result],
    parameters: [
      column("Which column decides."),
      choice("direction", "Which end comes first.", ["descending", "ascending"]),
      integer("limit", "How many rows are kept; 0 for all.", { min: 0, max: 1_000_000, default: 0, unit: "rows" }),
    ],
  }),
  nodeType({
    id: "table.select",
    category: "transform",
    label: "Select columns",
    summary: "Keeps and renames columns.",
    details: `Names separated by commas, each perhaps with \`as\` and a new name: \`symbol, z as score\`. ${UNKNOWN_COLUMN}`,
    inputs: [table],
    outputs: [result],
    parameters: [text("columns", "The columns in their order, such as symbol, z as score.", { maxLength: 2_000 })],
  }),
  nodeType({
    id: "table.join",
    category: "transform",
    label: "Join",
    summary: "Puts together the rows of two tables that agree in a column.",
    details:
      "Inner keeps rows with a match, left all rows of the left table, with empty cells where nothing matches. A row with " +
      "several matches appears once for each, in their order. Empty cells match nothing. A right column whose name the " +
      "left has too becomes `right.name`.",
    inputs: [input("left", "table", "The left table."), input("right", "table", "The right table.")],
    outputs: [result],
    parameters: [
      text("on", "The column that must agree; both tables have it.", { default: "symbol", maxLength: 60 }),
      choice("kind", "What happens to left rows without a match.", ["inner", "left"]),
    ],
  }),
  nodeType({
    id: "table.aggregate",
    category: "transform",
    label: "Aggregate",
    summary: "Gathers rows into groups and computes one number for each.",
    details:
      "Groups in the order in which they first appear; one group when no column is named. Cells that are not numbers are " +
      "passed over; a group without any number has an empty result, but a count of 0.",
    inputs: [table],
    outputs: [result],
    parameters: [
      text("by", "The column whose equal cells make a group; one group for all when empty.", {
        default: "",
        maxLength: 60,
      }),
      column("The column that is computed with."),
      choice("function", "What is computed.", ["sum", "mean", "count", "lowest", "highest", "median", "first", "last"]),
    ],
  }),
  nodeType({
    id: "table.rank",
    category: "transform",
    label: "Rank rows",
    summary: "Adds the rank of each row by a column.",
    details:
      "1 is the best: the highest cell when descending, the lowest when ascending. Equal cells share their average rank. " +
      "Cells that are not numbers get no rank and take no place.",
    inputs: [table],
    outputs: [result],
    parameters: [
      column("Which column is ranked."),
      choice("direction", "Which end is first.", ["descending", "ascending"]),
      text("as", "The name of the new column.", { default: "rank", maxLength: 60 }),
    ],
  }),
  nodeType({
    id: "table.z-score",
    category: "transform",
    label: "Z-score across rows",
    summary: "Adds how unusual each row is among all rows of a column.",
    details:
      "(x − mean) / sample standard deviation (divisor n − 1) over the rows with a number. Empty where the cell is no " +
      "number, everywhere when fewer than two differ.",
    inputs: [table],
    outputs: [result],
    parameters: [
      column("Which column."),
      text("as", "The name of the new column.", { default: "zScore", maxLength: 60 }),
    ],
  }),
  nodeType({
    id: "table.formula",
    category: "transform",
    label: "Formula of columns",
    summary: "Adds a column computed row by row from up to three others.",
    details:
      "The formula sees the cells of the named columns as `a`, `b` and `c`, besides the workflow's variables and, within a " +
      "loop, `item`. A row with an empty cell in one of them, or whose result is no finite number, gets an empty cell.",
    inputs: [table],
    outputs: [result],
    parameters: [
      text("a", "The column that the formula calls a.", { maxLength: 60 }),
      text("b", "The column that the formula calls b; none when empty.", { default: "", maxLength: 60 }),
      text("c", "The column that the formula calls c; none when empty.", { default: "", maxLength: 60 }),
      expression("formula", "Such as a / b - 1.", { names: ["a", "b", "c"], default: "a" }),
      text("as", "The name of the new column.", { default: "result", maxLength: 60 }),
    ],
  }),
  nodeType({
    id: "table.lookup",
    category: "transform",
    label: "Look up a cell",
    summary: "Takes one cell out of a table.",
    details:
      "From the first row whose key column equals the key, or from the first row when no key column is named. A number " +
      "comes out at `number`, anything else at `text`; both are inactive when there is no such row or the cell is empty.",
    inputs: [table],
    outputs: [output("number", "number", "The cell, if it is a number."), output("text", "text", "Else, as text.")],
    parameters: [
      column("Which column the cell stands in."),
      text("keyColumn", "Which column identifies the row; the first row when empty.", { default: "", maxLength: 60 }),
      text("key", "What stands in the key column.", { default: "" }),
    ],
  }),
  nodeType({
    id: "table.summary",
    category: "transform",
    label: "Number of a column",
    summary: "Computes one number from a column.",
    details:
      "Over the cells that are numbers. `count` counts them, `rows` counts all rows and needs no column. Inactive when " +
      "there is no number, but for counts.",
    inputs: [table],
    outputs: [output("value", "number", "The number.")],
    parameters: [
      choice("function", "What is computed.", ["rows", "count", "sum", "mean", "lowest", "highest", "median"]),
      column("Which column; not needed for rows.", ""),
    ],
  }),
  nodeType({
    id: "table.row",
    category: "transform",
    label: "Row of numbers",
    summary: "Makes a table of one row out of up to four values.",
    details: "Such as the features of a model. A value that is missing leaves its column out.",
    inputs: ["a", "b", "c", "d"].map((name) =>
      optionalInput(name, ["number", "text", "boolean"], "The cell of its column."),
    ),
    outputs: [result],
    parameters: [
      text("columns", "The names of the columns, in the order a, b, c, d, separated by commas.", {
        default: "a, b, c, d",
      }),
    ],
  }),
  nodeType({
    id: "table.to-series",
    category: "transform",
    label: "Table to series",
    summary: "Reads a series out of a table of times and values.",
    details:
      "Times are UTC epoch ms, or dates such as 2026-01-31, which count from 00:00 in Ho Chi Minh City. Rows are put in " +
      "order of time; of equal times the last row counts. Rows without a time are left out; a cell that is no number is " +
      "not defined.",
    inputs: [table],
    outputs: [output("series", "series", "The series.")],
    parameters: [
      text("time", "The column of times.", { default: "time", maxLength: 60 }),
      column("The column of values.", "value"),
      symbol("symbol", "Whose series it is; nobody's when empty.", { default: "" }),
    ],
  }),
  nodeType({
    id: "table.append",
    category: "transform",
    label: "Append tables",
    summary: "Puts the rows of several tables under one another.",
    details: "Columns in the order in which they first appear; cells that a table does not have are empty.",
    inputs: [input("tables", "table", "The tables, in the order of the edges.", { takesMany: true })],
    outputs: [result],
    parameters: [flag("distinct", "Keep only the first of rows that are equal in every cell.", false)],
  }),
];
