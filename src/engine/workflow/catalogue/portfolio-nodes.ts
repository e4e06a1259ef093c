import type { NodeType } from "../node-type.js";
import {
  choice,
  decimal,
  flag,
  input,
  integer,
  nodeType,
  optionalInput,
  output,
  symbol,
  text,
} from "./node-type-builders.js";

const weights = output("weights", "table", "`symbol` and `weight`, as fractions of the equity.");
const closes = input(
  "closes",
  "table",
  "`time` and a column of closes per symbol, as “Closes of many symbols” gives it.",
);
const total = decimal("total", "What the weights add up to.", { min: 0, max: 1, default: 1 });
const lot = integer("lotSize", "Shares in a lot; 100 on HOSE.", {
  min: 1,
  max: 1_000_000,
  default: 100,
  unit: "shares",
});
const price = input("price", "number", "The price of a share, in major units.");
const equity = input("equity", "number", "What is managed, in major units.");
const quantity = output("quantity", "number", "Whole shares in whole lots, rounded down; 0 when a lot is too much.");
const value = output("value", "number", "quantity × price, in major units.");

export const PORTFOLIO_NODES: readonly NodeType[] = [
  nodeType({
    id: "portfolio.equal-weights",
    category: "portfolio",
    label: "Equal weights",
    summary: "Gives every symbol the same weight.",
    details: "total / number of symbols. An empty table gives no weights, which a rebalance reads as: sell everything.",
    inputs: [input("symbols", "table", "A table with a column `symbol`.")],
    outputs: [weights],
    parameters: [total],
  }),
  nodeType({
    id: "portfolio.inverse-volatility",
    category: "portfolio",
    label: "Inverse volatility",
    summary: "Gives calm symbols more weight than wild ones.",
    details:
      "wᵢ ∝ 1 / σᵢ with σᵢ the sample standard deviation of simple returns between rows. It ignores correlations. A symbol " +
      "that does not move, or with fewer than two returns, fails the step.",
    inputs: [closes],
    outputs: [weights],
    parameters: [total],
  }),
  nodeType({
    id: "portfolio.risk-parity",
    category: "portfolio",
    label: "Risk parity",
    summary: "Gives every symbol the weight at which all add the same risk.",
    details:
      "Long-only weights with equal contributions wᵢ(Σw)ᵢ to the variance (Maillard, Roncalli and Teïletche, 2010), found " +
      "by cyclical coordinate descent (Griveau-Billion, Richard and Roncalli, 2013). Σ is the sample covariance of simple " +
      "returns between rows, shrunk towards its diagonal by `shrinkage`. `riskShare` is the share of the variance, equal " +
      "for all. Needs at least as many returns as symbols when not shrunk.",
    inputs: [closes],
    outputs: [output("weights", "table", "`symbol`, `weight` and `riskShare`.")],
    parameters: [
      total,
      decimal("shrinkage", "Share of every covariance, but not variance, that is taken away.", {
        min: 0,
        max: 1,
        default: 0.1,
      }),
    ],
  }),
  nodeType({
    id: "portfolio.score-weights",
    category: "portfolio",
    label: "Scores to weights",
    summary: "Turns a score per symbol into weights.",
    details:
      "Equal: the same weight for every symbol with a positive score, or a score that is true. Proportional: by the size of " +
      "positive scores. Rank: the best n symbols, n, n − 1, … 1 shares each. Symbols without a positive score get none; " +
      "with no positive score there are no weights, and all stays cash.",
    inputs: [input("scores", "table", "A table with `symbol` and the score column.")],
    outputs: [weights],
    parameters: [
      text("column", "The column of scores.", { default: "score", maxLength: 60 }),
      choice("method", "How weights follow from scores.", ["equal", "proportional", "rank"]),
      integer("most", "The most symbols, the best ones; 0 for all.", {
        min: 0,
        max: 1_000,
        default: 0,
        unit: "symbols",
      }),
      total,
    ],
  }),
  nodeType({
    id: "portfolio.cap-weights",
    category: "portfolio",
    label: "Cap weights",
    summary: "Keeps every weight below a limit and spreads what is cut over the others.",
    details:
      "What is over the limit goes to the others in proportion to their weights, again until none is over it. When all " +
      "are at the limit, the rest stays cash.",
    inputs: [input("weights", "table", "`symbol` and `weight`, none below zero.")],
    outputs: [weights],
    parameters: [decimal("most", "The largest weight.", { min: 0.001, max: 1, default: 0.2 })],
  }),
  nodeType({
    id: "portfolio.rebalance",
    category: "portfolio",
    label: "Rebalance to orders",
    summary: "Lists the orders that bring the portfolio to target weights.",
    details:
      "Target shares = weight × (1 − cash reserve) × equity / price, rounded down to whole lots; the order is the " +
      "difference to what is held. Positions without a target are sold. Sells come first. Changes below the band, as a " +
      "fraction of the equity, are left alone, but a position without a target is always closed. Buys " +
      "are cut, the largest served first, to the cash there is after the sells, which they rely on being filled. A symbol " +
      "without a price fails the step: the equity is then unknown. Fees are not included; leave a reserve. An odd rest of a position that is closed " +
      "is sold, too.",
    inputs: [input("weights", "table", "`symbol` and `weight`; weights add up to at most 1.")],
    outputs: [
      output("orders", "table", "`symbol`, `side`, `quantity`, `price`, `value`, `reason`."),
      output("count", "number", "How many orders."),
      output("turnover", "number", "Value of all orders as a fraction of the equity."),
    ],
    parameters: [
      decimal("cashReserve", "The share of the equity that stays cash.", { min: 0, max: 1, default: 0.02 }),
      decimal("band", "Changes smaller than this share of the equity are left alone.", {
        min: 0,
        max: 1,
        default: 0.005,
      }),
      lot,
      flag("sellOthers", "Sell positions without a target.", true),
    ],
    timeoutMs: 30_000,
  }),
  nodeType({
    id: "portfolio.size-fraction",
    category: "portfolio",
    label: "Size by fraction",
    summary: "Sizes a position as a fixed fraction of the equity.",
    details: "fraction × equity / price, rounded down to whole lots.",
    inputs: [equity, price],
    outputs: [quantity, value],
    parameters: [decimal("fraction", "The share of the equity.", { min: 0, max: 1, default: 0.1 }), lot],
  }),
  nodeType({
    id: "portfolio.size-risk",
    category: "portfolio",
    label: "Size by risk",
    summary: "Sizes a position so that being stopped out costs a fixed share of the equity.",
    details:
      "risk × equity / |price − stop|, rounded down to whole lots and cut so that its value stays within `most` of the " +
      "equity (fixed fractional sizing; Vince, 1990). A stop at the price fails the step. A gap through the stop costs more.",
    inputs: [equity, price, input("stop", "number", "Where the position would be closed, in major units.")],
    outputs: [quantity, value],
    parameters: [
      decimal("risk", "The share of the equity at risk.", { min: 0, max: 0.5, default: 0.01 }),
      decimal("most", "The largest share of the equity that the position may be worth.", {
        min: 0,
        max: 1,
        default: 0.25,
      }),
      lot,
    ],
  }),
  nodeType({
    id: "portfolio.size-volatility",
    category: "portfolio",
    label: "Size by volatility",
    summary: "Sizes a position so that it adds a fixed volatility.",
    details:
      "(target / σ) × equity / price with σ the sample standard deviation of simple returns between rows times √periods, " +
      "cut at `most` of the equity and rounded down to whole lots. Fails while σ is 0 or not defined.",
    inputs: [equity, input("closes", "series", "Closes of the symbol; the last is the price.")],
    outputs: [quantity, value, output("volatility", "number", "σ a year, as a fraction.")],
    parameters: [
      decimal("target", "The volatility a year that the position adds, as a fraction of the equity.", {
        min: 0,
        max: 2,
        default: 0.02,
      }),
      integer("periods", "Rows in a year; 250 trading days.", { min: 1, max: 100_000, default: 250, unit: "rows" }),
      decimal("most", "The largest share of the equity that the position may be worth.", {
        min: 0,
        max: 1,
        default: 0.25,
      }),
      lot,
    ],
  }),
  nodeType({
    id: "portfolio.trailing-stop",
    category: "portfolio",
    label: "Trailing stop",
    summary: "Follows a long position with a stop that only rises, and says when it is hit.",
    details:
      "stop = the highest price since the position was first seen − distance; the distance is `percent` of that high, or " +
      "`multiple` × the connected distance, such as the average true range. It never falls while the position lasts and " +
      "begins anew with the next one. Hit when the price is at or below it. Checked once per run: between runs the price " +
      "may fall further. Without a long position it is inactive and forgets.",
    inputs: [price, optionalInput("distance", "number", "The unit of the distance, such as the average true range.")],
    outputs: [
      output("hit", "signal", "Active, with side sell, when the price is at or below the stop."),
      output("stop", "number", "The stop, in major units."),
    ],
    parameters: [
      symbol("symbol", "Whose position."),
      decimal("percent", "The distance below the high, when none is connected.", {
        min: 0.1,
        max: 90,
        default: 8,
        unit: "%",
      }),
      decimal("multiple", "How many times the connected distance.", { min: 0.1, max: 20, default: 3 }),
    ],
    timeoutMs: 30_000,
  }),
];
