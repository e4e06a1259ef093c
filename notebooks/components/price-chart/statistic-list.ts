import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { directionClass, formatChange, formatNumber, formatShare } from "../format/number-format.js";
import type { ReturnStatistics } from "./return-statistics.js";

/** The statistics of a range in a row of short facts, each with its day or its unit. */
export function statisticList(statistics: ReturnStatistics): HTMLElement {
  const { totalReturn, annualizedVolatility, worst, best, deepestFall, excessKurtosis, days } = statistics;
  const depth = deepestFall?.depth ?? Number.NaN;
  const facts: readonly (readonly [string, string, string, string])[] = [
    [
      "Return",
      formatChange(totalReturn, 1),
      `${days.toLocaleString("en-US")} daily returns`,
      directionClass(totalReturn),
    ],
    ["Volatility", formatShare(annualizedVolatility, 1), "a year, from daily log returns × √252", ""],
    ["Deepest fall", formatChange(depth, 1), deepestFall ? fallDays(deepestFall) : "", directionClass(depth)],
    ["Worst day", formatChange(worst.change, 1), formatDay(worst.dayMs), directionClass(worst.change)],
    ["Best day", formatChange(best.change, 1), formatDay(best.dayMs), directionClass(best.change)],
    ["Excess kurtosis", formatNumber(excessKurtosis, 1), "0 for normal returns", ""],
  ];
  return element(
    "dl",
    { class: "statistics" },
    facts.map(([term, value, detail, className]) =>
      element(
        "div",
        {},
        element("dt", {}, term),
        element("dd", { class: `number ${className}` }, value),
        element("dd", { class: "statistics-detail" }, detail),
      ),
    ),
  );
}

function fallDays({ fromMs, toMs, recoveredMs }: NonNullable<ReturnStatistics["deepestFall"]>): string {
  const end = recoveredMs === undefined ? "not recovered" : `recovered ${formatDay(recoveredMs)}`;
  return `${formatDay(fromMs)} to ${formatDay(toMs)}, ${end}`;
}
