import type { NodeType } from "../node-type.js";
import { decimal, flag, input, integer, nodeType, output, symbol, text } from "./node-type-builders.js";

const LEXICON =
  "Counts words of a small Vietnamese and English lexicon of financial news: score = (good − bad) / (good + bad), 0 " +
  "without any. A negation up to three words before turns a word around, and each phrase counts once. A rough " +
  "instrument: it knows no irony and no context.";

export const MODEL_NODES: readonly NodeType[] = [
  nodeType({
    id: "model.predict",
    category: "model",
    label: "Predict",
    summary: "Asks a registered model for a prediction of each row of features.",
    details:
      "A column of the table is a feature of the same name, but for `symbol` and `time`. A row with an empty cell among " +
      "its features gets no prediction. A model that does not know a feature, or misses one, fails the step.",
    inputs: [input("features", "table", "One row per prediction, one column per feature.")],
    outputs: [
      output("predictions", "table", "The table with a column `prediction`."),
      output("prediction", "number", "The prediction of the first row; inactive without one."),
    ],
    parameters: [text("model", "The name under which the model is registered.", { maxLength: 120 })],
    timeoutMs: 60_000,
  }),
  nodeType({
    id: "model.sentiment",
    category: "model",
    label: "Sentiment of a text",
    summary: "Scores the tone of a text from −1 to 1 and says by which words.",
    details: LEXICON,
    inputs: [input("text", "text", "The text, Vietnamese or English.")],
    outputs: [
      output("score", "number", "−1 (bad) to 1 (good)."),
      output("why", "text", "The words that counted; empty when none did."),
    ],
  }),
  nodeType({
    id: "model.news-sentiment",
    category: "model",
    label: "News sentiment",
    summary: "Scores the tone of the latest news about a symbol.",
    details:
      `Mean of the titles' scores, each weighted by ½ ^ (age / half-life); titles that are equal count once. ${LEXICON} ` +
      "Without enough titles that say anything, `score` is inactive: no news is not neutral news.",
    outputs: [
      output("score", "number", "−1 (bad) to 1 (good)."),
      output("count", "number", "Titles in the window."),
      output("news", "table", "`time`, `title`, `source`, `score`, `why`, newest first."),
    ],
    parameters: [
      symbol("symbol", "About which symbol."),
      integer("hours", "How far back.", { min: 1, max: 8_760, default: 72, unit: "hours" }),
      decimal("halfLifeHours", "After how long a title counts half.", {
        min: 0.1,
        max: 8_760,
        default: 24,
        unit: "hours",
      }),
      integer("minimum", "Titles with a tone that are needed.", { min: 1, max: 1_000, default: 2, unit: "titles" }),
      flag("distinct", "Count titles that are equal once.", true),
    ],
    timeoutMs: 30_000,
  }),
];
