import type { NodeType } from "../node-type.js";
import { choice, expression, input, integer, nodeType, optionalInput, output, text } from "./node-type-builders.js";

const series = input("series", "series", "The series to work on.");

export const SERIES_NODES: readonly NodeType[] = [
  nodeType({
    id: "series.returns",
    category: "transform",
    label: "Returns",
    summary: "Turns prices into returns from one value to the next.",
    details:
      "Simple: pᵢ / pᵢ₋₁ − 1. Logarithmic: ln(pᵢ / pᵢ₋₁). As fractions, of the same length; the first is not defined, nor " +
      "are the two that touch a price that is missing or not positive.",
    inputs: [series],
    outputs: [output("series", "series", "The returns.")],
    parameters: [choice("kind", "Which returns.", ["simple", "logarithmic"])],
  }),
  nodeType({
    id: "series.resample",
    category: "transform",
    label: "Resample",
    summary: "Gathers the values of each hour, day, week or month into one.",
    details:
      "Periods in exchange time, weeks from Monday; each carries the time of its first value. A period without a defined " +
      "value is not defined. The last period may not be over yet.",
    inputs: [series],
    outputs: [output("series", "series", "One value per period.")],
    parameters: [
      choice("period", "How long a period is.", ["week", "hour", "day", "month"]),
      choice("take", "What stands for a period.", ["last", "first", "mean", "sum", "lowest", "highest"]),
    ],
  }),
  nodeType({
    id: "series.align",
    category: "transform",
    label: "Align",
    summary: "Brings two series onto common times.",
    details:
      "Same time: only times that both have, with both values defined. Last known: the times of `a`, each with the last " +
      "value of `b` dated then or before. Last known before: strictly before, for a `b` whose day closes later than that " +
      "of `a`, as Brent closes after HOSE; it keeps tomorrow's news out of today's row.",
    inputs: [
      input("a", "series", "The series whose times lead."),
      input("b", "series", "The series that is brought onto them."),
    ],
    outputs: [output("a", "series", "`a` at the common times."), output("b", "series", "`b` at the common times.")],
    parameters: [choice("mode", "Which times are kept.", ["same-time", "last-known", "last-known-before"])],
  }),
  nodeType({
    id: "series.shift",
    category: "transform",
    label: "Delay a series",
    summary: "Moves the values of a series to later rows.",
    details:
      "Row i gets the value of row i − rows; the first rows are not defined. It never brings the future forward.",
    inputs: [series],
    outputs: [output("series", "series", "The delayed series.")],
    parameters: [integer("rows", "By how many rows.", { min: 1, max: 10_000, default: 1, unit: "rows" })],
  }),
  nodeType({
    id: "series.formula",
    category: "transform",
    label: "Formula of series",
    summary: "Computes a series row by row from up to four series or numbers.",
    details:
      "The formula sees `a`, `b`, `c` and `d`, the workflow's variables and, within a loop, `item`. Series must have the " +
      "same times (align them first); numbers stand in every row. A row in which a series is not defined, or the result " +
      "is no finite number, is not defined.",
    inputs: [
      input("a", "series", "A series; its times are those of the result."),
      optionalInput("b", ["series", "number"], "A series or a number."),
      optionalInput("c", ["series", "number"], "A series or a number."),
      optionalInput("d", ["series", "number"], "A series or a number."),
    ],
    outputs: [output("series", "series", "The result.")],
    parameters: [
      expression("formula", "Such as a - b, or (a - b) / c.", { names: ["a", "b", "c", "d"], default: "a" }),
    ],
  }),
  nodeType({
    id: "series.last",
    category: "transform",
    label: "Last value",
    summary: "Takes one value off the end of a series.",
    details: "`back` 0 is the last row, 1 the one before. Inactive where that row is not defined or does not exist.",
    inputs: [series],
    outputs: [output("value", "number", "The value."), output("time", "text", "Its time, as ISO 8601 in UTC.")],
    parameters: [integer("back", "Rows back from the last.", { min: 0, max: 10_000, default: 0, unit: "rows" })],
  }),
  nodeType({
    id: "series.statistic",
    category: "transform",
    label: "Statistic of a series",
    summary: "Computes one number from the last values of a series.",
    details:
      "Over the defined values among the last `rows` rows; all rows when 0. The deviation has divisor n − 1. Inactive " +
      "without enough values: one, or two for the deviation.",
    inputs: [series],
    outputs: [output("value", "number", "The statistic.")],
    parameters: [
      choice("statistic", "Which one.", ["mean", "deviation", "sum", "lowest", "highest", "median", "count"]),
      integer("rows", "Rows back from the last; 0 for all.", { min: 0, max: 20_000, default: 0, unit: "rows" }),
    ],
  }),
  nodeType({
    id: "series.correlation",
    category: "transform",
    label: "Correlation",
    summary: "Correlates two series over their common times.",
    details:
      "Pearson's or Spearman's coefficient, −1 to 1, over times that both have with both values defined. Correlate " +
      "returns, not prices. Inactive with fewer than three pairs or when either does not vary.",
    inputs: [input("a", "series", "A series."), input("b", "series", "Another series.")],
    outputs: [output("correlation", "number", "−1 to 1."), output("pairs", "number", "How many pairs it rests on.")],
    parameters: [choice("method", "Of values, or of their ranks.", ["pearson", "spearman"])],
  }),
  nodeType({
    id: "series.to-table",
    category: "transform",
    label: "Series to table",
    summary: "Writes a series as a table of times and values.",
    details: "`time` is UTC epoch ms; a value that is not defined is empty.",
    inputs: [series],
    outputs: [output("table", "table", "`time` and the value column.")],
    parameters: [text("column", "The name of the value column.", { default: "value", maxLength: 60 })],
  }),
];
