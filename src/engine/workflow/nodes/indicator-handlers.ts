import { averageTrueRange } from "../../indicators/average-true-range.js";
import { bollingerBands } from "../../indicators/bollinger-bands.js";
import { exponentialMovingAverage } from "../../indicators/exponential-moving-average.js";
import { macd } from "../../indicators/macd.js";
import { rateOfChange } from "../../indicators/rate-of-change.js";
import { relativeStrengthIndex } from "../../indicators/relative-strength-index.js";
import { rollingDeviation, rollingZScore } from "../../indicators/rolling-deviation.js";
import { rollingHighest, rollingLowest } from "../../indicators/rolling-extremes.js";
import { rollingRank } from "../../indicators/rolling-rank.js";
import { simpleMovingAverage } from "../../indicators/simple-moving-average.js";
import type { NodeImplementation } from "../node-handler.js";
import type { PortValue, SeriesValue } from "../port-value.js";
import { requireSameTimes } from "./series-times.js";
import { seriesAt } from "./step-inputs.js";
import { aSeries, gives } from "./step-outputs.js";
import { numberOf } from "./step-parameters.js";

type WindowedIndicator = (values: Float64Array, options: { window: number }) => Float64Array;

/** An indicator of one series and one window; with a unit of its own where it is not that of the values. */
function windowed(indicator: WindowedIndicator, unit?: string): NodeImplementation {
  return {
    run(parameters, inputs) {
      const series = seriesAt(inputs, "series");
      const values = indicator(series.values, { window: numberOf(parameters, "window") });
      return gives({ series: aSeries({ ...series, values, ...(unit === undefined ? {} : { unit }) }) });
    },
  };
}

/** Columns of an indicator as series at the times of its input. */
function columns(series: SeriesValue, named: Readonly<Record<string, Float64Array>>): Record<string, PortValue> {
  return Object.fromEntries(Object.entries(named).map(([name, values]) => [name, aSeries({ ...series, values })]));
}

export const INDICATOR_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "indicator.sma": windowed(simpleMovingAverage),
  "indicator.ema": windowed(exponentialMovingAverage),
  "indicator.rsi": windowed(relativeStrengthIndex, "0 to 100"),
  "indicator.highest": windowed(rollingHighest),
  "indicator.lowest": windowed(rollingLowest),
  "indicator.rate-of-change": windowed(rateOfChange, "%"),
  "indicator.deviation": windowed(rollingDeviation),
  "indicator.z-score": windowed(rollingZScore, "deviations"),
  "indicator.rank": windowed(rollingRank, "0 to 1"),
  "indicator.macd": {
    run(parameters, inputs) {
      const series = seriesAt(inputs, "series");
      const windows = {
        fastWindow: numberOf(parameters, "fastWindow"),
        slowWindow: numberOf(parameters, "slowWindow"),
        signalWindow: numberOf(parameters, "signalWindow"),
      };
      return gives(columns(series, { ...macd(series.values, windows) }));
    },
  },
  "indicator.bollinger": {
    run(parameters, inputs) {
      const series = seriesAt(inputs, "series");
      const options = { window: numberOf(parameters, "window"), deviations: numberOf(parameters, "deviations") };
      return gives(columns(series, { ...bollingerBands(series.values, options) }));
    },
  },
  "indicator.atr": {
    run(parameters, inputs) {
      const [high, low, close] = [seriesAt(inputs, "high"), seriesAt(inputs, "low"), seriesAt(inputs, "close")];
      requireSameTimes("low", low, high);
      requireSameTimes("close", close, high);
      const values = averageTrueRange(
        { high: high.values, low: low.values, close: close.values },
        { window: numberOf(parameters, "window") },
      );
      return gives({ series: aSeries({ ...close, values }) });
    },
  },
};
