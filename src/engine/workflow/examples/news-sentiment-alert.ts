import { workflowOfSketch } from "./workflow-sketch.js";

export const NEWS_SENTIMENT_ALERT = workflowOfSketch({
  name: "News-sentiment alert",
  description: "Every hour of a trading day, warns once a day when the news about a watched share turn clearly bad.",
  notes: [
    {
      at: [0, -1],
      text: "Words are counted by a small Vietnamese and English lexicon. It is a reason to read the news, not to trade: open the table under the alert and judge for yourself.",
    },
    {
      at: [5, -1],
      text: "The rate gate keeps it to one alert a day. Shares without enough news have no score and are not mistaken for calm ones.",
    },
  ],
  nodes: {
    hourly: {
      type: "trigger.cron",
      at: [0, 0],
      label: "every hour, 9 to 15",
      parameters: { schedule: "0 9-15 * * 1-5" },
    },
    watched: {
      type: "loop.universe",
      at: [1, 0],
      label: "each watched share",
      parameters: { symbols: ["FPT", "HPG", "MWG", "SSI", "VIC", "VNM"] },
      spans: [3, 2],
    },
    news: {
      type: "model.news-sentiment",
      at: [0, 0],
      inside: "watched",
      parameters: { symbol: "$item", hours: 48, halfLifeHours: 12, minimum: 2 },
    },
    score: { type: "loop.collect", at: [2, 0], inside: "watched", parameters: { column: "score" } },
    count: { type: "loop.collect", at: [2, 1], inside: "watched", parameters: { column: "titles" } },
    scored: {
      type: "table.filter",
      at: [4.5, 0],
      label: "with a score",
      parameters: { column: "score", comparison: "is not empty" },
    },
    bad: {
      type: "table.filter",
      at: [5.5, 0],
      label: "clearly bad",
      parameters: { column: "score", comparison: "<=", value: "-0.4" },
    },
    many: { type: "table.summary", at: [6.5, 0], label: "how many", parameters: { function: "rows" } },
    any: { type: "logic.compare", at: [7.5, 0], label: "at least one", parameters: { comparison: ">", b: 0 } },
    gate: { type: "logic.rate-gate", at: [8.5, 0], label: "once a day", parameters: { passes: 1, minutes: 1_440 } },
    alert: {
      type: "action.notify",
      at: [9.5, 0],
      parameters: {
        severity: "warning",
        title: "Bad news about {{a}} watched shares",
        text: "Scores from −1 to 1, newest titles weighing most:",
      },
    },
    remember: {
      type: "action.remember",
      at: [9.5, 2],
      parameters: { text: "News were clearly bad about {{a}} of the watched shares." },
    },
  },
  edges: [
    "hourly.fired > watched.run",
    "news.score > score.value",
    "news.count > count.value",
    "watched.table > scored.table",
    "scored.table > bad.table",
    "bad.table > many.table",
    "many.value > any.a",
    "any.result > gate.signal",
    "gate.passed > alert.run",
    "many.value > alert.a",
    "bad.table > alert.table",
    "gate.passed > remember.run",
    "many.value > remember.a",
  ],
});
