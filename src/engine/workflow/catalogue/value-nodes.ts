import type { NodeType } from "../node-type.js";
import {
  decimal,
  expression,
  flag,
  input,
  nodeType,
  optionalInput,
  output,
  template,
  text,
  variable,
} from "./node-type-builders.js";

/** What formulas and templates call the values at their ports. */
export const PORT_NAMES = ["a", "b", "c", "d"] as const;

const numbers = PORT_NAMES.map((name) => optionalInput(name, "number", `What the formula calls ${name}.`));

/** Single numbers, texts and booleans, and the workflow's variables. */
export const VALUE_NODES: readonly NodeType[] = [
  nodeType({
    id: "value.number",
    category: "transform",
    label: "Number",
    summary: "Gives a number.",
    details: "The same in every run.",
    outputs: [output("value", "number", "The number.")],
    parameters: [decimal("value", "The number.", { min: -1e15, max: 1e15, default: 0 })],
  }),
  nodeType({
    id: "value.text",
    category: "transform",
    label: "Text",
    summary: "Gives a text.",
    details: "The same in every run, but for what the template refers to.",
    inputs: PORT_NAMES.map((name) =>
      optionalInput(name, ["number", "text", "boolean"], `What the template calls ${name}.`),
    ),
    outputs: [output("value", "text", "The text.")],
    parameters: [
      template("value", "The text, with formulas in {{ }}, such as {{a}} or {{item}}.", {
        names: PORT_NAMES,
        default: "",
      }),
    ],
  }),
  nodeType({
    id: "value.boolean",
    category: "transform",
    label: "True or false",
    summary: "Gives true or false.",
    details: "The same in every run; a switch to turn a branch off by hand.",
    outputs: [output("value", "boolean", "The value.")],
    parameters: [flag("value", "The value.", true)],
  }),
  nodeType({
    id: "value.formula",
    category: "transform",
    label: "Formula",
    summary: "Computes a number from up to four others.",
    details:
      "The formula sees the numbers at its ports, the workflow's variables and, within a loop, `item`. It fails when it " +
      "refers to a port without a value. Inactive when the result is no finite number, as after a division by zero.",
    inputs: numbers,
    outputs: [output("value", "number", "The result.")],
    parameters: [expression("formula", "Such as (a - b) / b * 100.", { names: PORT_NAMES, default: "a" })],
  }),
  nodeType({
    id: "value.first",
    category: "transform",
    label: "First available number",
    summary: "Takes the first number that came, in the order of the edges.",
    details: "Waits for all edges; those that were pruned are passed over. Inactive when none has a defined number.",
    inputs: [input("values", "number", "Numbers in order of preference.", { takesMany: true, whenPruned: "absent" })],
    outputs: [output("value", "number", "The first of them.")],
  }),
  nodeType({
    id: "variable.get",
    category: "transform",
    label: "Read a variable",
    summary: "Reads a variable of the workflow as it was when the run began.",
    details:
      "Comes out at the port of its type; the others are inactive. What the run itself sets is seen by the next run.",
    outputs: [
      output("number", "number", "The value, if it is a number."),
      output("text", "text", "The value, if it is a text."),
      output("boolean", "boolean", "The value, if it is true or false."),
    ],
    parameters: [variable("variable", "A variable that the settings declare.")],
  }),
  nodeType({
    id: "variable.set",
    category: "transform",
    label: "Set a variable",
    summary: "Sets a variable of the workflow for its next runs.",
    details:
      "The value must be of the type that the variable has. When two nodes of a run set the same variable, the later event " +
      "counts. A dry run keeps nothing.",
    inputs: [input("value", ["number", "text", "boolean"], "The new value.")],
    outputs: [output("done", "signal", "Active when it is set.")],
    parameters: [variable("variable", "A variable that the settings declare.")],
  }),
  nodeType({
    id: "text.contains",
    category: "transform",
    label: "Text contains",
    summary: "Asks whether a text contains one of some words.",
    details: "Words separated by commas, compared without regard to case. True when at least one is contained.",
    inputs: [input("text", "text", "The text to look in.")],
    outputs: [
      output("result", "boolean", "Whether a word was found."),
      output("word", "text", "The first word found."),
    ],
    parameters: [text("words", "The words, separated by commas.", { maxLength: 1_000 })],
  }),
];
