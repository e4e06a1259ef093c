import type { NodeImplementation } from "../node-handler.js";
import type { SeriesValue } from "../port-value.js";
import { definedTogether } from "./series-times.js";
import { seriesAt } from "./step-inputs.js";
import { aSeries, gives } from "./step-outputs.js";
import { choiceOf } from "./step-parameters.js";

/** The last defined value of a series at each time, of then or before, or only of before. `NaN` before the first. */
function lastKnown(series: SeriesValue, timesMs: Float64Array, { isBefore }: { isBefore: boolean }): Float64Array {
  let next = 0;
  let last = NaN;
  return timesMs.map((timeMs) => {
    while (next < series.timesMs.length) {
      const knownMs = series.timesMs[next]!;
      if (isBefore ? knownMs >= timeMs : knownMs > timeMs) break;
      const value = series.values[next++]!;
      if (!Number.isNaN(value)) last = value;
    }
    return last;
  });
}

export const ALIGN_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "series.align": {
    run(parameters, inputs) {
      const a = seriesAt(inputs, "a");
      const b = seriesAt(inputs, "b");
      const mode = choiceOf<"same-time" | "last-known" | "last-known-before">(parameters, "mode");
      if (mode === "same-time") {
        const [alignedA, alignedB] = definedTogether(a, b);
        return gives({ a: aSeries(alignedA), b: aSeries(alignedB) });
      }
      const values = lastKnown(b, a.timesMs, { isBefore: mode === "last-known-before" });
      return gives({ a: aSeries(a), b: aSeries({ ...b, timesMs: a.timesMs, values }) });
    },
  },
};
