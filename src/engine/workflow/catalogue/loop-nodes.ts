import type { NodeType } from "../node-type.js";
import { input, integer, nodeType, optionalInput, output, symbols, text } from "./node-type-builders.js";

export const LOOP_NODES: readonly NodeType[] = [
  nodeType({
    id: "loop.universe",
    category: "loop",
    label: "For each symbol",
    summary: "Runs the nodes inside it once for each symbol of a universe.",
    details:
      "Symbols come from the connected table, else from the list, else from the universe, each once. Inside, `$item` in a " +
      "symbol or text is the symbol, and formulas call it `item`. Values that enter from outside are the same for every " +
      "symbol. What leaves is `table`: `symbol` and a column per node “Collect”, one row per symbol for which at least " +
      "one of them ran. No symbols give no rows; more than the limit fail the step rather than drop some.",
    inputs: [optionalInput("symbols", "table", "A table with a column `symbol`; goes before the parameters.")],
    outputs: [
      output("item", "text", "For the nodes inside: the symbol."),
      output("table", "table", "For the nodes after: what was collected, by symbol."),
    ],
    parameters: [
      text("universe", "Such as VN30, HOSE or Banks; used when no list is given.", { default: "VN30", maxLength: 60 }),
      symbols("symbols", "A list of symbols; used when no table is connected.", { default: [] }),
      integer("limit", "The most symbols it may work on.", { min: 1, max: 2_000, default: 100, unit: "symbols" }),
    ],
    timeoutMs: 30_000,
  }),
  nodeType({
    id: "loop.collect",
    category: "loop",
    label: "Collect",
    summary: "Hands a value of each symbol out of the loop, as a column of its table.",
    details: "Of a signal, whether it is active. A symbol for which it was pruned has an empty cell.",
    inputs: [input("value", ["number", "boolean", "text", "signal"], "The value of this symbol.")],
    parameters: [text("column", "The name of the column.", { default: "value", maxLength: 60 })],
  }),
];
