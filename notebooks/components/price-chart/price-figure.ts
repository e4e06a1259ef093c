import { formatDay } from "../format/date-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import type { PriceChart } from "./price-chart.js";
import { hasCandles, type PriceHistory } from "./price-history.js";

/** A price chart in its frame. */
export function priceFigure(
  chart: PriceChart,
  history: PriceHistory,
  { symbol, currency }: { symbol: string; currency: string },
  provenance: Provenance,
): Node {
  if (history.dayMs.length === 0) return document.createDocumentFragment();
  const unit = currency === "XXX" ? "points" : currency;
  return figureFrame({
    title: `${symbol}, ${hasCandles(history) ? "price and volume" : "closing price"}`,
    subtitle: `${unit}, daily, ${formatDay(history.dayMs[0] ?? Number.NaN)} to ${formatDay(history.dayMs.at(-1) ?? Number.NaN)}`,
    body: chart.node,
    provenance,
    fileName: `prices-${symbol}`,
    data: () => ({
      date: Array.from(history.dayMs, formatDay),
      open: history.open,
      high: history.high,
      low: history.low,
      close: history.close,
      volume: history.volume,
    }),
  });
}
