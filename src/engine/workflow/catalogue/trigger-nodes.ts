import type { NodeType } from "../node-type.js";
import { candleLength, choice, decimal, flag, nodeType, output, symbol, text } from "./node-type-builders.js";

const fired = output("fired", "signal", "Active when the workflow begins; connect it to `run` of what comes first.");

const BY_HAND = "Started by hand, the workflow looks at the market as of the run instead.";

export const TRIGGER_NODES: readonly NodeType[] = [
  nodeType({
    id: "trigger.manual",
    category: "trigger",
    label: "Manual start",
    summary: "Starts the workflow when a person or a program asks for it.",
    details: "What came along is in `facts`: one row per object of a JSON payload, no rows without one.",
    outputs: [fired, output("facts", "table", "The payload of the request.")],
  }),
  nodeType({
    id: "trigger.cron",
    category: "trigger",
    label: "Schedule",
    summary: "Starts the workflow at times given by a cron expression, in exchange time.",
    details:
      "Five fields: minute, hour, day of month, month, day of week, in Asia/Ho_Chi_Minh (UTC+7, no daylight saving). " +
      "`45 14 * * 1-5` is 14:45 from Monday to Friday. With trading days only, `fired` stays inactive on weekends and " +
      "holidays of HOSE, as far as holidays are announced. Backfilled and missed runs look at the market as of their " +
      "own time.",
    outputs: [fired, output("date", "text", "The trading date on which it fired, YYYY-MM-DD.")],
    parameters: [
      {
        kind: "cron",
        name: "schedule",
        label: "schedule",
        help: "Minute, hour, day of month, month and day of week, in exchange time.",
        default: "45 14 * * 1-5",
      },
      flag("tradingDaysOnly", "Stay inactive on weekends and holidays of HOSE.", true),
    ],
  }),
  nodeType({
    id: "trigger.candle-close",
    category: "trigger",
    label: "Candle close",
    summary: "Starts the workflow when a candle of a symbol has closed.",
    details: `A daily candle closes with the closing auction of its exchange. ${BY_HAND}`,
    outputs: [fired, output("close", "number", "The close of that candle, in major units.")],
    parameters: [symbol("symbol", "The symbol whose candles are waited for."), candleLength()],
  }),
  nodeType({
    id: "trigger.price-cross",
    category: "trigger",
    label: "Price cross",
    summary: "Starts the workflow when the last price of a symbol crosses a level.",
    details:
      "Up: the price before was below the level and this one is at or above it. Down: it was above and is at or below. " +
      `Prices that stay on one side fire nothing. ${BY_HAND}`,
    outputs: [fired, output("price", "number", "The price that crossed, in major units.")],
    parameters: [
      symbol("symbol", "The symbol whose price is watched."),
      decimal("level", "The price to cross, in major units.", { min: 0, max: 1e12, unit: "VND" }),
      choice("direction", "Which way the price must cross.", ["either", "up", "down"]),
    ],
  }),
  nodeType({
    id: "trigger.incident",
    category: "trigger",
    label: "Incident",
    summary: "Starts the workflow when the workbench opens an incident.",
    details:
      "Such as a feed that went silent. An incident fires once, when it opens. Started by hand, title and severity " +
      "are inactive.",
    outputs: [
      fired,
      output("title", "text", "What happened."),
      output("severity", "text", "`info`, `warning` or `critical`."),
    ],
    parameters: [
      choice("severity", "The least severity that fires.", ["warning", "info", "critical"]),
      text("contains", "Only incidents whose title contains this, in any case; all when empty.", { default: "" }),
    ],
  }),
  nodeType({
    id: "trigger.webhook",
    category: "trigger",
    label: "Webhook",
    summary: "Starts the workflow when another program posts to its address.",
    details:
      "The address ends in a secret of the workflow. The same Idempotency-Key starts one run, however often it is sent. " +
      "`facts` has a row per object of the JSON body; values that are lists or objects stand there as JSON.",
    outputs: [
      fired,
      output("body", "text", "The body as JSON."),
      output("facts", "table", "The body as a table; no rows when it holds no object."),
    ],
  }),
];
