import { logReturns, simpleReturns } from "../../market-data/returns.js";
import { pearsonCorrelation, spearmanCorrelation } from "../../statistics/correlation.js";
import type { NodeImplementation } from "../node-handler.js";
import type { SeriesValue } from "../port-value.js";
import { instantText } from "./instant-text.js";
import { type PeriodValue, type ResamplePeriod, resampled, type Statistic, statisticOf } from "./period-statistics.js";
import { definedTogether, requireSameTimes } from "./series-times.js";
import { computed } from "./step-formula.js";
import { invalidInput, seriesAt, valueAt } from "./step-inputs.js";
import { aNumber, aSeries, aTable, aText, gives } from "./step-outputs.js";
import { choiceOf, invalidParameter, numberOf, textOf } from "./step-parameters.js";
import { cellOf, tableOf } from "./table-columns.js";

export const SERIES_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "series.returns": {
    run(parameters, inputs) {
      const { unit: _unit, ...series } = seriesAt(inputs, "series");
      const returns = choiceOf(parameters, "kind") === "logarithmic" ? logReturns : simpleReturns;
      return gives({ series: aSeries({ ...series, values: returns(series.values) }) });
    },
  },
  "series.resample": {
    run(parameters, inputs) {
      const period = choiceOf<ResamplePeriod>(parameters, "period");
      return gives({
        series: aSeries(resampled(seriesAt(inputs, "series"), period, choiceOf<PeriodValue>(parameters, "take"))),
      });
    },
  },
  "series.shift": {
    run(parameters, inputs) {
      const series = seriesAt(inputs, "series");
      const rows = Math.min(numberOf(parameters, "rows"), series.values.length);
      const values = new Float64Array(series.values.length).fill(NaN);
      values.set(series.values.subarray(0, series.values.length - rows), rows);
      return gives({ series: aSeries({ ...series, values }) });
    },
  },
  "series.formula": {
    run(parameters, inputs, context) {
      const a = seriesAt(inputs, "a");
      const { unit: _unit, ...rest } = a;
      const operandAt = (port: string) => {
        const value = valueAt(inputs, port);
        if (value === undefined || value.type === "number") return value?.value;
        if (value.type !== "series") throw invalidInput(port, `a ${value.type}`, "series or number");
        requireSameTimes(port, value.value, a);
        return value.value.values;
      };
      const named = { a: a.values, b: operandAt("b"), c: operandAt("c"), d: operandAt("d") };
      const result = computed(textOf(parameters, "formula"), named, context);
      if (typeof result === "string")
        throw invalidParameter("formula", textOf(parameters, "formula"), "a number in every row");
      const values =
        typeof result === "object"
          ? result.map((value) => (Number.isFinite(value) ? value : NaN))
          : new Float64Array(a.values.length).fill(Number.isFinite(Number(result)) ? Number(result) : NaN);
      return gives({ series: aSeries({ ...rest, values }) });
    },
  },
  "series.last": {
    run(parameters, inputs) {
      const { timesMs, values } = seriesAt(inputs, "series");
      const row = values.length - 1 - numberOf(parameters, "back");
      const value = values[row];
      if (value === undefined || Number.isNaN(value)) return gives({}, { note: "not defined there" });
      return gives({ value: aNumber(value), time: aText(instantText(timesMs[row]!)) });
    },
  },
  "series.statistic": {
    run(parameters, inputs) {
      const { values } = seriesAt(inputs, "series");
      const rows = numberOf(parameters, "rows");
      const defined = [...(rows > 0 ? values.slice(-rows) : values)].filter((value) => !Number.isNaN(value));
      return gives({ value: aNumber(statisticOf(defined, choiceOf<Statistic>(parameters, "statistic"))) });
    },
  },
  "series.correlation": {
    run(parameters, inputs) {
      const [a, b] = definedTogether(seriesAt(inputs, "a"), seriesAt(inputs, "b"));
      const correlation = choiceOf(parameters, "method") === "spearman" ? spearmanCorrelation : pearsonCorrelation;
      return gives({ correlation: aNumber(correlation(a.values, b.values)), pairs: aNumber(a.values.length) });
    },
  },
  "series.to-table": {
    run(parameters, inputs) {
      const series: SeriesValue = seriesAt(inputs, "series");
      const column = textOf(parameters, "column");
      if (column === "time") throw invalidParameter("column", column, "a name other than time");
      const table = tableOf({ time: [...series.timesMs], [column]: [...series.values].map(cellOf) });
      return gives({ table: aTable(table) });
    },
  },
};
