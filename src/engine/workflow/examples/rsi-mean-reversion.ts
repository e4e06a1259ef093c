import { workflowOfSketch } from "./workflow-sketch.js";

export const RSI_MEAN_REVERSION = workflowOfSketch({
  name: "RSI mean reversion on VN30",
  description:
    "Every trading day before the close, holds up to five members of VN30 that have fallen most by their relative strength index, with half of the equity, and sells those that have recovered.",
  notes: [
    {
      at: [0, -1],
      text: "The loop runs once for each member of VN30. What leaves it is a table with a row per symbol and a column per Collect node.",
    },
    {
      at: [5, -1],
      text: "A score is how far the index is below 40. Symbols without a positive score get no weight, so the rebalance sells them: no exit rule of its own is needed. Shares that fall can fall further; the half that stays cash is the protection.",
    },
  ],
  nodes: {
    daily: {
      type: "trigger.cron",
      at: [0, 0],
      label: "14:20 on trading days",
      parameters: { schedule: "20 14 * * 1-5" },
    },
    members: {
      type: "loop.universe",
      at: [1, 0],
      label: "each member of VN30",
      parameters: { universe: "VN30", limit: 40 },
      spans: [4, 1],
    },
    candles: { type: "data.candles", at: [0, 0], inside: "members", parameters: { symbol: "$item", count: 120 } },
    rsi: { type: "indicator.rsi", at: [1, 0], inside: "members", parameters: { window: 14 } },
    last: { type: "series.last", at: [2, 0], inside: "members", label: "RSI today" },
    collectRsi: { type: "loop.collect", at: [3, 0], inside: "members", parameters: { column: "rsi" } },
    score: { type: "table.formula", at: [5.5, 0], parameters: { a: "rsi", formula: "40 - a", as: "score" } },
    sorted: {
      type: "table.sort",
      at: [6.5, 0],
      label: "lowest first",
      parameters: { column: "rsi", direction: "ascending" },
    },
    log: { type: "action.write-table", at: [7.5, 1], label: "Keep the scores", parameters: { name: "rsi-scores" } },
    weights: {
      type: "portfolio.score-weights",
      at: [6.5, 2],
      parameters: { column: "score", method: "equal", most: 5, total: 0.5 },
    },
    rebalance: { type: "portfolio.rebalance", at: [7.5, 2], parameters: { band: 0.02 } },
    place: { type: "action.place-orders", at: [8.5, 2] },
  },
  edges: [
    "daily.fired > members.run",
    "candles.close > rsi.series",
    "rsi.series > last.series",
    "last.value > collectRsi.value",
    "members.table > score.table",
    "score.table > sorted.table",
    "sorted.table > log.table",
    "sorted.table > weights.scores",
    "weights.weights > rebalance.weights",
    "rebalance.orders > place.orders",
  ],
});
