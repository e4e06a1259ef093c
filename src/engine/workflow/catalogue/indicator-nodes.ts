import type { NodeType } from "../node-type.js";
import { decimal, input, integer, nodeType, output, windowOf } from "./node-type-builders.js";

const WARM_UP =
  "Not defined during the warm-up and where the input is not; values that are not defined are passed over.";

const series = input("series", "series", "The series to work on.");

function movingIndicator(
  entry: Pick<NodeType, "id" | "label" | "summary" | "details"> & {
    readonly window: number;
    readonly min?: number;
    readonly result: string;
  },
): NodeType {
  const { window, min = 1, result, ...rest } = entry;
  return nodeType({
    ...rest,
    category: "transform",
    details: `${rest.details} ${WARM_UP}`,
    inputs: [series],
    outputs: [output("series", "series", result)],
    parameters: [windowOf("values", window, { min })],
  });
}

/** Indicators of the engine: a series in, series of the same length out. */
export const INDICATOR_NODES: readonly NodeType[] = [
  movingIndicator({
    id: "indicator.sma",
    label: "Simple moving average",
    summary: "Averages the last values of a series.",
    details: "The mean of the last `window` defined values.",
    window: 20,
    result: "The average, in the unit of the input.",
  }),
  movingIndicator({
    id: "indicator.ema",
    label: "Exponential moving average",
    summary: "Averages a series with weights that fall towards the past.",
    details:
      "Weight 2 / (window + 1) on the newest value, seeded by the simple average of the first `window` (TA-Lib).",
    window: 20,
    result: "The average, in the unit of the input.",
  }),
  movingIndicator({
    id: "indicator.rsi",
    label: "Relative strength index",
    summary: "Measures from 0 to 100 how much of the recent movement was upward.",
    details:
      "100 · G / (G + L) with Wilder's averages of rises and falls (New Concepts in Technical Trading Systems, 1978). " +
      "Not defined while nothing has moved.",
    window: 14,
    min: 2,
    result: "0 to 100.",
  }),
  nodeType({
    id: "indicator.macd",
    category: "transform",
    label: "MACD",
    summary: "Compares a fast with a slow exponential moving average.",
    details: `Fast less slow average, the average of that as signal, and their difference (Appel; TA-Lib's seeding). ${WARM_UP}`,
    inputs: [series],
    outputs: [
      output("macd", "series", "Fast less slow average."),
      output("signal", "series", "The average of `macd`."),
      output("histogram", "series", "`macd` less `signal`."),
    ],
    parameters: [
      integer("fastWindow", "Values of the fast average.", { min: 1, max: 5_000, default: 12, unit: "values" }),
      integer("slowWindow", "Values of the slow average; more than of the fast one.", {
        min: 2,
        max: 10_000,
        default: 26,
        unit: "values",
      }),
      integer("signalWindow", "Values of the signal.", { min: 1, max: 5_000, default: 9, unit: "values" }),
    ],
  }),
  nodeType({
    id: "indicator.bollinger",
    category: "transform",
    label: "Bollinger bands",
    summary: "Puts bands around a moving average, as wide as the series varies.",
    details: `Simple moving average ± deviations × population standard deviation of the same values. ${WARM_UP}`,
    inputs: [series],
    outputs: [
      output("upper", "series", "The upper band."),
      output("middle", "series", "The moving average."),
      output("lower", "series", "The lower band."),
    ],
    parameters: [
      windowOf("values", 20, { min: 2 }),
      decimal("deviations", "Half the width of the bands, in standard deviations.", { min: 0, max: 20, default: 2 }),
    ],
  }),
  nodeType({
    id: "indicator.atr",
    category: "transform",
    label: "Average true range",
    summary: "Measures how far a symbol typically moves within a candle.",
    details:
      "Wilder's average of the span of high, low and previous close, in the unit of the prices (1978). The three series " +
      `must have the same times. ${WARM_UP}`,
    inputs: [input("high", "series", "Highs."), input("low", "series", "Lows."), input("close", "series", "Closes.")],
    outputs: [output("series", "series", "The average true range.")],
    parameters: [windowOf("candles", 14)],
  }),
  movingIndicator({
    id: "indicator.highest",
    label: "Highest value",
    summary: "Follows the highest of the last values.",
    details:
      "The largest of the last `window` defined values, the newest among them. For a breakout compare with this series " +
      "shifted by one, so that a value is not compared with itself (Donchian's channel).",
    window: 20,
    result: "The highest value.",
  }),
  movingIndicator({
    id: "indicator.lowest",
    label: "Lowest value",
    summary: "Follows the lowest of the last values.",
    details: "The smallest of the last `window` defined values, the newest among them (Donchian's channel).",
    window: 20,
    result: "The lowest value.",
  }),
  movingIndicator({
    id: "indicator.rate-of-change",
    label: "Rate of change",
    summary: "Measures the change from some values back, in %.",
    details: "100 · (x / x of `window` defined values before − 1). Not defined where the earlier value is 0.",
    window: 10,
    result: "The change, in %.",
  }),
  movingIndicator({
    id: "indicator.deviation",
    label: "Rolling standard deviation",
    summary: "Measures how much the last values vary.",
    details: "Sample standard deviation (divisor window − 1) of the last `window` defined values.",
    window: 20,
    min: 2,
    result: "The standard deviation, in the unit of the input.",
  }),
  movingIndicator({
    id: "indicator.z-score",
    label: "Rolling z-score",
    summary: "Measures how unusual each value is among the last ones.",
    details:
      "(x − mean) / sample standard deviation of the last `window` defined values, x among them. Not defined while they " +
      "do not vary.",
    window: 60,
    min: 2,
    result: "Standard deviations from the mean.",
  }),
  movingIndicator({
    id: "indicator.rank",
    label: "Rolling rank",
    summary: "Places each value among the last ones, from 0 (lowest) to 1 (highest).",
    details:
      "(rank − 1) / (window − 1) among the last `window` defined values, the newest among them; equal values share their " +
      "average rank, so a flat window gives 0.5.",
    window: 60,
    min: 2,
    result: "0 to 1.",
  }),
];
