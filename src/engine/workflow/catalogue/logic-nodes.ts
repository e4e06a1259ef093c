import { SESSION_PHASES } from "../../live-market/session-phase.js";
import type { NodeType } from "../node-type.js";
import {
  choice,
  decimal,
  expression,
  flag,
  input,
  integer,
  nodeType,
  optionalInput,
  output,
  symbol,
  template,
  text,
} from "./node-type-builders.js";
import { PORT_NAMES } from "./value-nodes.js";

const conditions = input("conditions", ["boolean", "signal"], "What is decided on; waits for all edges.", {
  takesMany: true,
  whenPruned: "absent",
});
const result = output("result", "boolean", "The answer; false prunes what runs on it.");
const passed = output("passed", "signal", "The signal, when it is let through.");
const signalIn = input("signal", ["signal", "boolean"], "The signal that may pass.");

const EXCHANGES_IN_VIETNAM = ["HOSE", "HNX", "UPCOM", "HNX_DER"] as const;

export const LOGIC_NODES: readonly NodeType[] = [
  nodeType({
    id: "logic.compare",
    category: "logic",
    label: "Compare",
    summary: "Compares two numbers.",
    details:
      "Equality allows for rounding: |a − b| ≤ 1e-9 · max(1, |a|, |b|). A number that is not defined compares as false, " +
      "with every comparison.",
    inputs: [
      input("a", "number", "The number on the left."),
      optionalInput("b", "number", "The number on the right; goes before the parameter."),
    ],
    outputs: [result],
    parameters: [
      choice("comparison", "How a compares with b.", [">", ">=", "<", "<=", "=", "!="]),
      decimal("b", "The number on the right, when nothing is connected.", { min: -1e15, max: 1e15, default: 0 }),
    ],
  }),
  nodeType({
    id: "logic.between",
    category: "logic",
    label: "Between",
    summary: "Asks whether a number lies between two others, both included.",
    details: "low ≤ value ≤ high. False for a value that is not defined, and for every value when low is above high.",
    inputs: [
      input("value", "number", "The number."),
      optionalInput("low", "number", "The lower end; goes before the parameter."),
      optionalInput("high", "number", "The upper end; goes before the parameter."),
    ],
    outputs: [result],
    parameters: [
      decimal("low", "The lower end, when nothing is connected.", { min: -1e15, max: 1e15, default: 0 }),
      decimal("high", "The upper end, when nothing is connected.", { min: -1e15, max: 1e15, default: 100 }),
    ],
  }),
  ...(["over", "under"] as const).map((direction) =>
    nodeType({
      id: `logic.cross-${direction}`,
      category: "logic",
      label: `Crosses ${direction}`,
      summary: `Asks whether a series crossed ${direction} another, or a level, on its last row.`,
      details:
        `True when a is ${direction === "over" ? "above" : "below"} b on the last row and was not so on the last row before on which the two ` +
        "differed: touching is no crossing, and rows on which they are equal are passed over, so a cross that rests on the " +
        "line counts once, when it leaves it. Rows on which either is not defined are passed over, but the last row must " +
        "be defined; a series that begins on one side has not crossed. With two series, times that both have count, " +
        "and both must end at the same one.",
      inputs: [
        input("a", "series", "The series that crosses."),
        optionalInput("b", ["series", "number"], "What it crosses; goes before the level."),
      ],
      outputs: [output("signal", "signal", `Active on a cross; its side is ${direction === "over" ? "buy" : "sell"}.`)],
      parameters: [decimal("level", "The level, when nothing is connected.", { min: -1e15, max: 1e15, default: 0 })],
    }),
  ),
  nodeType({
    id: "logic.and",
    category: "logic",
    label: "All of",
    summary: "True when all conditions are true.",
    details: "A condition whose branch was pruned counts as not true.",
    inputs: [conditions],
    outputs: [result],
  }),
  nodeType({
    id: "logic.or",
    category: "logic",
    label: "Any of",
    summary: "True when at least one condition is true.",
    details: "A condition whose branch was pruned counts as not true.",
    inputs: [conditions],
    outputs: [result],
  }),
  nodeType({
    id: "logic.not",
    category: "logic",
    label: "Not",
    summary: "Turns true into false and false into true.",
    details: "Pruned when its condition is: what was not decided has no opposite.",
    inputs: [input("condition", ["boolean", "signal"], "The condition.")],
    outputs: [result],
  }),
  nodeType({
    id: "logic.condition",
    category: "logic",
    label: "Condition",
    summary: "Decides by a formula over up to four numbers.",
    details:
      "Such as `a > b and c < 30`. The formula sees the numbers at its ports, the workflow's variables and, within a loop, " +
      "`item`. It must give true or false.",
    inputs: PORT_NAMES.map((name) => optionalInput(name, "number", `What the formula calls ${name}.`)),
    outputs: [result],
    parameters: [expression("condition", "A formula that is true or false.", { names: PORT_NAMES })],
  }),
  nodeType({
    id: "logic.if",
    category: "logic",
    label: "If",
    summary: "Sends the run one way or the other.",
    details: "One of the two outputs is active; what hangs on the other is pruned with the reason `condition-false`.",
    inputs: [input("condition", ["boolean", "signal"], "What decides.")],
    outputs: [
      output("whenTrue", "signal", "Active when the condition is true."),
      output("whenFalse", "signal", "Active when it is false."),
    ],
  }),
  nodeType({
    id: "logic.switch",
    category: "logic",
    label: "Switch",
    summary: "Sends the run one of several ways, by a text or a number.",
    details:
      "Up to four cases, separated by commas. Numbers compare as numbers, texts without regard to case. Exactly one output " +
      "is active: that of the first case that agrees, else `other`.",
    inputs: [input("value", ["text", "number"], "What decides.")],
    outputs: [
      ...[1, 2, 3, 4].map((nth) => output(`case${nth}`, "signal", `Active for case ${nth}.`)),
      output("other", "signal", "Active when no case agrees."),
    ],
    parameters: [text("cases", "Up to four cases, separated by commas.", { maxLength: 400 })],
  }),
  nodeType({
    id: "logic.signal",
    category: "logic",
    label: "Make a signal",
    summary: "Says what to do, with which symbol and why.",
    details:
      "Active when its condition is, or without a condition. Side and symbol are for the orders after it; the strength is " +
      "cut to 0 to 1.",
    inputs: [
      optionalInput("condition", ["boolean", "signal"], "Whether it is active."),
      optionalInput("strength", "number", "How sure, 0 to 1."),
    ],
    outputs: [output("signal", "signal", "The signal.")],
    parameters: [
      choice("side", "What to do.", ["buy", "sell"]),
      symbol("symbol", "With which symbol."),
      template("reason", "Why, with formulas in {{ }}.", { names: ["strength"], default: "" }),
    ],
  }),
  nodeType({
    id: "logic.merge",
    category: "logic",
    label: "Merge",
    summary: "Brings branches together: the first active signal passes.",
    details:
      "Waits until all edges are settled and runs once; pruned branches are passed over. Without any active signal " +
      "`passed` is inactive.",
    inputs: [
      input("signals", ["signal", "boolean"], "The branches, in order of preference.", {
        takesMany: true,
        whenPruned: "absent",
      }),
    ],
    outputs: [passed],
  }),
  nodeType({
    id: "logic.debounce",
    category: "logic",
    label: "Debounce",
    summary: "Lets a signal pass only when it has been active for several runs in a row.",
    details:
      "Counts runs from one to the next. A run in which the signal is inactive begins anew; one in which it was pruned does, " +
      "too. With once, it passes on the run on which the count is reached and again only after an inactive run.",
    inputs: [input("signal", ["signal", "boolean"], "The signal that may pass.", { whenPruned: "absent" })],
    outputs: [passed],
    parameters: [
      integer("runs", "Runs in a row.", { min: 1, max: 1_000, default: 2, unit: "runs" }),
      flag("once", "Pass once per streak, not on every run of it.", true),
    ],
  }),
  nodeType({
    id: "logic.delay",
    category: "logic",
    label: "Delay by runs",
    summary: "Lets what came in a run pass some runs later.",
    details:
      "With a daily schedule, 1 is the next trading day. It counts runs, not time: a run that waits on a clock would hold " +
      "its place and could not be repeated. Runs in which the signal is inactive or pruned are remembered as such.",
    inputs: [input("signal", ["signal", "boolean"], "The signal to delay.", { whenPruned: "absent" })],
    outputs: [passed],
    parameters: [integer("runs", "Runs later.", { min: 1, max: 250, default: 1, unit: "runs" })],
  }),
  nodeType({
    id: "logic.rate-gate",
    category: "logic",
    label: "Rate gate",
    summary: "Lets a signal pass at most so many times within a while.",
    details:
      "Counts the runs in which it passed, by their as-of time, over the last `minutes`. What is held back is gone, not late.",
    inputs: [signalIn],
    outputs: [passed],
    parameters: [
      integer("passes", "How many may pass.", { min: 1, max: 1_000, default: 1 }),
      integer("minutes", "Within how long.", { min: 1, max: 525_600, default: 1_440, unit: "minutes" }),
    ],
  }),
  nodeType({
    id: "logic.market-hours",
    category: "logic",
    label: "Market-hours gate",
    summary: "Asks whether an exchange is in one of some phases of its session.",
    details: `Phases, separated by commas: ${SESSION_PHASES.join(", ")}. As of the run's as-of time.`,
    outputs: [
      output("open", "signal", "Active in one of the phases."),
      output("closed", "signal", "Active in any other."),
      output("phase", "text", "What the market is doing."),
    ],
    parameters: [
      choice("exchange", "Which exchange.", EXCHANGES_IN_VIETNAM),
      text("phases", "The phases that count as open, separated by commas.", { default: "ato, continuous, atc" }),
    ],
  }),
  nodeType({
    id: "logic.trading-day",
    category: "logic",
    label: "Trading-day gate",
    summary: "Asks whether today is a trading day of HOSE with a place in its week or month.",
    details:
      "By weekends and announced holidays, at the as-of time in Ho Chi Minh City. In years whose holidays are not announced, " +
      "only those with a fixed date are known.",
    outputs: [result, output("date", "text", "The trading date, YYYY-MM-DD.")],
    parameters: [
      choice("day", "Which trading day.", ["first-of-month", "last-of-month", "first-of-week", "last-of-week", "any"]),
    ],
  }),
];
