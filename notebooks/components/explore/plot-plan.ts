import type { QueryResult, ResultColumn } from "./run-query.js";

const MOST_LINES = 6;

/** How a result lends itself to be drawn. */
export type PlotPlan =
  | { readonly kind: "none" }
  | {
      readonly kind: "line";
      readonly x: ResultColumn;
      readonly y: ResultColumn;
      readonly series: ResultColumn | undefined;
    }
  | { readonly kind: "bars"; readonly x: ResultColumn; readonly y: ResultColumn }
  | { readonly kind: "points"; readonly x: ResultColumn; readonly y: ResultColumn };

/**
 * The first time or day goes to the right and the first number up, as one line for each text of few; else bars for
 * texts, points for two numbers. Nothing for a single row or without numbers.
 */
export function plotPlan({ columns, rows }: Pick<QueryResult, "columns" | "rows">): PlotPlan {
  const numbers = columns.filter(({ kind }) => kind === "number");
  const time = columns.find(({ kind }) => kind === "time" || kind === "day");
  const text = columns.find(({ kind }) => kind === "text");
  const y = numbers[0];
  if (rows < 2 || !y) return { kind: "none" };
  if (time) {
    const isFew = text !== undefined && new Set(text.values).size <= MOST_LINES;
    return text && !isFew ? { kind: "points", x: time, y } : { kind: "line", x: time, y, series: text };
  }
  if (text && new Set(text.values).size === rows) return { kind: "bars", x: text, y };
  const second = numbers[1];
  return second ? { kind: "points", x: y, y: second } : { kind: "none" };
}
