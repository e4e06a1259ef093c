import {
  decimal,
  expression,
  input,
  integer,
  nodeType,
  optionalInput,
  output,
  symbol,
  symbols,
  template,
  text,
  variable,
} from "../../src/engine/workflow/catalogue/node-type-builders.js";
import { nodeCatalogue } from "../../src/engine/workflow/node-catalogue.js";
import type { NodeCategory, NodeType } from "../../src/engine/workflow/node-type.js";

function type(id: string, category: NodeCategory, rest: Partial<NodeType> = {}): NodeType {
  return nodeType({ id, category, label: id, summary: `${id}.`, details: "", ...rest });
}

/** A dozen node types that between them have every kind of port and parameter. */
export const SMALL_CATALOGUE = nodeCatalogue([
  type("trigger.manual", "trigger", { outputs: [output("fired", "signal", "Begins.")] }),
  type("trigger.cron", "trigger", {
    outputs: [output("fired", "signal", "Begins.")],
    parameters: [{ kind: "cron", name: "schedule", label: "schedule", help: "When.", default: "45 14 * * 1-5" }],
  }),
  type("data.prices", "data", {
    outputs: [output("close", "series", "Closes."), output("table", "table", "Rows.")],
    parameters: [
      symbol("symbol", "Whose."),
      integer("count", "How many.", { min: 1, max: 500, default: 100, unit: "candles" }),
    ],
  }),
  type("data.web", "data", {
    outputs: [output("text", "text", "What came.")],
    parameters: [
      { kind: "url", name: "url", label: "url", help: "Where." },
      { kind: "json", name: "headers", label: "headers", help: "Headers.", default: {}, maxLength: 50 },
      symbols("symbols", "Symbols.", { default: [], maxItems: 3 }),
    ],
    isDeterministic: false,
  }),
  type("series.average", "transform", {
    inputs: [input("series", "series", "What.")],
    outputs: [output("series", "series", "The average.")],
    parameters: [integer("window", "Over how many.", { min: 1, max: 1_000, default: 20 })],
  }),
  type("series.average", "transform", {
    version: 2,
    inputs: [input("series", "series", "What.")],
    outputs: [output("series", "series", "The average."), output("last", "number", "The last.")],
    parameters: [decimal("window", "Over how many.", { min: 1, max: 1_000 })],
  }),
  type("logic.above", "logic", {
    inputs: [input("a", "series", "What."), optionalInput("b", ["series", "number"], "Above what.")],
    outputs: [output("is", "boolean", "Whether.")],
    parameters: [expression("formula", "A formula.", { names: ["a", "b"], default: "a", maxLength: 60 })],
  }),
  type("logic.all", "logic", {
    inputs: [input("conditions", ["boolean", "signal"], "What must hold.", { takesMany: true })],
    outputs: [output("is", "boolean", "Whether.")],
  }),
  type("variable.read", "transform", {
    outputs: [output("value", "number", "The value.")],
    parameters: [variable("variable", "Which.")],
  }),
  type("action.order", "action", {
    inputs: [input("signal", "signal", "When.")],
    parameters: [
      { kind: "choice", name: "side", label: "side", help: "Which.", choices: ["buy", "sell"], default: "buy" },
      { kind: "boolean", name: "isUrgent", label: "is urgent", help: "Whether.", default: false },
    ],
    effect: "keyed",
    permission: "orders:write",
  }),
  type("action.tell", "action", {
    inputs: [optionalInput("a", ["number", "text", "boolean"], "What the text calls a.")],
    parameters: [
      template("text", "What.", { names: ["a"] }),
      text("channel", "Where.", { default: "desk", maxLength: 10, pattern: "^[a-z]*$" }),
      { kind: "sql", name: "note", label: "note", help: "A statement.", default: "", maxLength: 20 },
    ],
    effect: "unkeyed",
  }),
  type("loop.universe", "loop", {
    outputs: [output("item", "text", "Within."), output("table", "table", "After.")],
    parameters: [symbols("symbols", "Which.", { default: [] })],
  }),
  type("loop.collect", "loop", {
    inputs: [input("value", ["number", "boolean", "text", "signal"], "The value.")],
    parameters: [text("column", "The name.", { default: "value" })],
  }),
  type("table.show", "transform", {
    inputs: [input("table", "table", "Rows.")],
    outputs: [output("table", "table", "The same.")],
  }),
]);
