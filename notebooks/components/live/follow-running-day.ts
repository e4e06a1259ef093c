import type { PriceChart } from "../price-chart/price-chart.js";
import { followFace, markFigure } from "./live-badge.js";
import { liveFace } from "./live-face.js";
import { liveDayMs, livePrice } from "./live-price.js";
import type { LiveSnapshot } from "./live-snapshot.js";
import { whileShown } from "./shown-element.js";

/** Lets the last candle of a daily chart form while its symbol trades. Studies stay those of whole days. */
export function followRunningDay(figure: Node, chart: PriceChart, { live }: LiveSnapshot, symbol: string): Node {
  if (!(figure instanceof Element)) return figure;
  whileShown<ReadonlySet<string>>(
    figure,
    (listener) => live.changes.add(listener),
    (changed) => {
      const now = changed.has(symbol) ? livePrice(live.board, symbol) : undefined;
      if (now) chart.showRunningDay({ ...now, close: now.price, dayMs: liveDayMs(now.eventTimeMs) });
    },
  );
  followFace(live, figure, () => markFigure(figure, liveFace(live.state.value, Date.now())));
  return figure;
}
