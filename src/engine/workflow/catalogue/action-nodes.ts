import type { InputPort, NodeType } from "../node-type.js";
import {
  choice,
  decimal,
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

const ONCE = "Done once per occurrence of the trigger, however often it is delivered or tried.";
const UNDER_LIMITS = "Orders keep to the risk profile of the workflow. A dry run reports what it would have ordered.";
const EFFECT_MS = 30_000;

const report = output("report", "order", "What became of it.");
const done = output("done", "signal", "Active when it is done.");

const values: readonly InputPort[] = PORT_NAMES.map((name) =>
  optionalInput(
    name,
    ["number", "text", "boolean", "signal"],
    `What the texts call ${name}; of a signal, whether it is active.`,
  ),
);
const rows = optionalInput("table", "table", "Rows that are added to the text, at most twenty.");

const notice = {
  inputs: [...values, rows],
  outputs: [done],
  parameters: [
    choice("severity", "How much it matters.", ["info", "warning", "critical"]),
    template("title", "The first line, with formulas in {{ }}.", { names: PORT_NAMES, maxLength: 300 }),
    template("text", "The rest, with formulas in {{ }}.", { names: PORT_NAMES, default: "" }),
  ],
  effect: "keyed",
  timeoutMs: EFFECT_MS,
} as const;

export const ACTION_NODES: readonly NodeType[] = [
  nodeType({
    id: "action.place-order",
    category: "action",
    label: "Place order",
    summary: "Buys or sells a quantity of a symbol.",
    details:
      "Side and symbol are those of the signal unless the parameters say otherwise; without either the step fails. A limit " +
      "order needs a limit price. An inactive signal orders nothing, nor does a quantity of 0; `report` is then " +
      `inactive. ${ONCE} ${UNDER_LIMITS}`,
    inputs: [
      input("signal", ["signal", "boolean"], "Whether to order, and perhaps what."),
      optionalInput("quantity", "number", "Whole shares; goes before the parameter."),
      optionalInput("limitPrice", "number", "The worst price, in major units, of a limit order."),
    ],
    outputs: [report, output("filled", "number", "Shares filled so far.")],
    parameters: [
      choice("side", "What to do.", ["from signal", "buy", "sell"]),
      symbol("symbol", "With which symbol; that of the signal when empty.", { default: "" }),
      integer("quantity", "Whole shares, when nothing is connected.", {
        min: 0,
        max: 100_000_000,
        default: 0,
        unit: "shares",
      }),
      choice("kind", "At the market price, or at the limit price or better.", ["market", "limit"]),
      decimal("limitPrice", "The limit, when nothing is connected; 0 for none.", {
        min: 0,
        max: 1e12,
        default: 0,
        unit: "VND",
      }),
      template("reason", "Why, for people; the reason of the signal when empty.", {
        names: [],
        default: "",
        maxLength: 300,
      }),
    ],
    permission: "orders:write",
    effect: "keyed",
    timeoutMs: EFFECT_MS,
  }),
  nodeType({
    id: "action.place-orders",
    category: "action",
    label: "Place orders of a table",
    summary: "Places one market order per row, in the order of the rows.",
    details:
      "Each row needs `symbol`, `side` (buy or sell) and `quantity` (whole shares above zero); `reason` is taken over. All " +
      "rows are checked before the first order. The key of a row is made of its symbol and side, so a repeated step orders " +
      `nothing twice; two rows alike in both fail the step. ${ONCE} ${UNDER_LIMITS}`,
    inputs: [input("orders", "table", "The orders, as a rebalance gives them.")],
    outputs: [report, output("count", "number", "How many orders were placed."), done],
    parameters: [
      integer("most", "More rows than this fail the step before the first order.", {
        min: 1,
        max: 1_000,
        default: 100,
        unit: "orders",
      }),
    ],
    permission: "orders:write",
    effect: "keyed",
    timeoutMs: 120_000,
  }),
  nodeType({
    id: "action.cancel-order",
    category: "action",
    label: "Cancel order",
    summary: "Cancels those of the given orders that are still open.",
    details: `Orders that are filled, rejected or cancelled already are left alone. ${ONCE}`,
    inputs: [input("orders", "order", "The orders.")],
    outputs: [report, output("count", "number", "How many were cancelled.")],
    permission: "orders:write",
    effect: "keyed",
    timeoutMs: EFFECT_MS,
  }),
  nodeType({
    id: "action.close-position",
    category: "action",
    label: "Close position",
    summary: "Sells all that is held of a symbol, or buys back what is short.",
    details:
      "At the market price. Nothing held gives no order: `report` is inactive. An inactive signal does nothing. " +
      `${ONCE} ${UNDER_LIMITS}`,
    inputs: [input("signal", ["signal", "boolean"], "Whether to close.")],
    outputs: [report],
    parameters: [
      symbol("symbol", "Which position; that of the signal when empty.", { default: "" }),
      template("reason", "Why, for people; the reason of the signal when empty.", {
        names: [],
        default: "",
        maxLength: 300,
      }),
    ],
    permission: "orders:write",
    effect: "keyed",
    timeoutMs: EFFECT_MS,
  }),
  nodeType({
    id: "action.notify",
    category: "action",
    label: "Notify",
    summary: "Sends a message to the people of the workbench.",
    details: `A formula that refers to a port without a value fails the step. ${ONCE}`,
    ...notice,
    permission: "notifications:write",
  }),
  nodeType({
    id: "action.open-incident",
    category: "action",
    label: "Open incident",
    summary: "Opens an incident that a person must see and close.",
    details: `For what must not be overlooked, such as a stop that could not be placed. ${ONCE}`,
    ...notice,
    permission: "incidents:write",
  }),
  nodeType({
    id: "action.write-table",
    category: "action",
    label: "Write table",
    summary: "Appends rows to a table of workflow results.",
    details: `Tables belong to the workflow. Rows of an occurrence are written once. ${ONCE}`,
    inputs: [input("table", "table", "The rows.")],
    outputs: [output("rows", "number", "Rows that are new."), done],
    parameters: [
      text("name", "The name of the table: letters, digits, - and _.", {
        maxLength: 60,
        pattern: "^[A-Za-z][A-Za-z0-9_-]*$",
      }),
    ],
    permission: "tables:write",
    effect: "keyed",
    timeoutMs: EFFECT_MS,
  }),
  nodeType({
    id: "action.remember",
    category: "action",
    label: "Remember",
    summary: "Leaves a note for later with the facts it rests on.",
    details: `What people and agents read when they ask what a workflow has seen. ${ONCE}`,
    inputs: values,
    outputs: [done],
    parameters: [
      template("text", "What to remember, with formulas in {{ }}.", { names: PORT_NAMES, maxLength: 2_000 }),
    ],
    permission: "memory:write",
    effect: "keyed",
    timeoutMs: EFFECT_MS,
  }),
  nodeType({
    id: "action.call-webhook",
    category: "action",
    label: "Call webhook",
    summary: "Posts a text to a host that the configuration allows.",
    details:
      "The idempotency key of the step goes along as the header Idempotency-Key, but whether the receiver heeds it is not " +
      "known: the call is never repeated, and a run that was cut off in it asks a person. A status of 400 or more fails.",
    inputs: values,
    outputs: [output("status", "number", "The HTTP status."), output("text", "text", "The answer.")],
    parameters: [
      { kind: "url", name: "url", label: "url", help: "The address, with http or https." },
      choice("method", "How it is sent.", ["POST", "PUT"]),
      {
        kind: "json",
        name: "headers",
        label: "headers",
        help: 'Headers as a JSON object of texts, such as {"content-type": "application/json"}.',
        default: { "content-type": "application/json" },
        maxLength: 4_000,
      },
      template("body", "What is sent, with formulas in {{ }}.", { names: PORT_NAMES, default: "", maxLength: 10_000 }),
    ],
    isDeterministic: false,
    permission: "http:request",
    effect: "unkeyed",
    timeoutMs: 60_000,
  }),
];
