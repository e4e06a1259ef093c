import { workflowOfSketch } from "./workflow-sketch.js";

export const MONTHLY_RISK_PARITY = workflowOfSketch({
  name: "Monthly risk parity",
  description:
    "On the first trading day of a month, brings eight shares of different sectors to the weights at which each adds the same risk.",
  notes: [
    {
      at: [0, -1],
      text: "The schedule fires every trading day and the gate lets the first of a month through: a cron expression alone does not know holidays.",
    },
    {
      at: [3, -1],
      text: "Weights follow from 250 days of returns. No share gets more than a quarter; small changes are left alone to save fees. Equal risk is not low risk: in a crash all eight fall together.",
    },
  ],
  nodes: {
    daily: {
      type: "trigger.cron",
      at: [0, 0],
      label: "10:00 on trading days",
      parameters: { schedule: "0 10 * * 1-5" },
    },
    first: {
      type: "logic.trading-day",
      at: [1, 0],
      label: "first of the month",
      parameters: { day: "first-of-month" },
    },
    closes: {
      type: "data.closes",
      at: [2, 0],
      label: "eight sectors",
      parameters: { symbols: ["FPT", "GAS", "HPG", "MWG", "SSI", "VCB", "VIC", "VNM"], count: 251 },
    },
    parity: { type: "portfolio.risk-parity", at: [3, 0], parameters: { shrinkage: 0.1 } },
    capped: { type: "portfolio.cap-weights", at: [4, 0], label: "a quarter at most", parameters: { most: 0.25 } },
    rebalance: { type: "portfolio.rebalance", at: [5, 0], parameters: { cashReserve: 0.02, band: 0.01 } },
    place: { type: "action.place-orders", at: [6, 0] },
    keep: {
      type: "action.write-table",
      at: [4, 1],
      label: "Keep weights and risks",
      parameters: { name: "risk-parity-weights" },
    },
    tell: {
      type: "action.notify",
      at: [7, 0],
      parameters: { title: "Rebalanced: {{a}} orders, turnover {{round(b * 100, 1)}}%" },
    },
  },
  edges: [
    "daily.fired > first.run",
    "first.result > closes.run",
    "closes.closes > parity.closes",
    "parity.weights > capped.weights",
    "capped.weights > rebalance.weights",
    "rebalance.orders > place.orders",
    "parity.weights > keep.table",
    "place.done > tell.run",
    "rebalance.count > tell.a",
    "rebalance.turnover > tell.b",
    "rebalance.orders > tell.table",
  ],
});
