import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { directionClass, formatChange, formatCompact, formatPrice } from "../format/number-format.js";
import { type ChartStudy, studyDrawing } from "./chart-studies.js";
import type { PriceHistory } from "./price-history.js";

/** The figures of one day, and the colour key of the studies: the line above a price chart. */
export function priceReadout(
  history: PriceHistory,
  row: number,
  currency: string,
  studies: readonly ChartStudy[],
): HTMLElement[] {
  const close = history.close[row] ?? Number.NaN;
  const change = close / (history.close[row - 1] ?? Number.NaN) - 1;
  const fact = (label: string, text: string) => element("span", {}, element("i", {}, label), ` ${text}`);
  const prices = (["open", "high", "low"] as const).flatMap((name) => {
    const value = history[name][row] ?? Number.NaN;
    return Number.isFinite(value) ? [fact(name.slice(0, 1).toUpperCase(), formatPrice(value, currency))] : [];
  });
  const volume = history.volume[row] ?? Number.NaN;
  const keys = studies.flatMap((study) =>
    keyLines(study).map(({ label, color }) => element("span", { style: `color:var(--${color})` }, label)),
  );
  return [
    element("span", { class: "muted" }, formatDay(history.dayMs[row] ?? Number.NaN)),
    ...prices,
    fact("C", formatPrice(close, currency)),
    element("span", { class: directionClass(change) }, formatChange(change)),
    ...(Number.isFinite(volume) ? [fact("Vol", formatCompact(volume))] : []),
    ...keys,
  ];
}

function keyLines(study: ChartStudy) {
  return studyDrawing(study, new Float64Array()).lines.filter(({ label }) => label !== "");
}
