import type { IndexLevel, Tick } from "../../engine/live-market/market-event.js";
import { MinuteCandleBuilder } from "../../engine/live-market/minute-candle-builder.js";
import { element } from "../element.js";
import { formatTime } from "../format/time-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { askCandles } from "./day-candles.js";
import type { LiveMarket } from "./live.js";
import { followFace, markFigure } from "./live-badge.js";
import { liveFace } from "./live-face.js";
import { livePrice } from "./live-price.js";
import { type MinuteCandle, minuteChart } from "./minute-chart.js";
import { whileShown } from "./shown-element.js";

/** The running day of a symbol by the minute: what the server has of it, then every trade as it comes. */
export function runningDayFigure(live: LiveMarket, symbol: string, currency: string): HTMLElement {
  const chart = minuteChart(currency);
  const shown = new Map<number, MinuteCandle>();
  const stored = new Map<number, MinuteCandle>();
  let builder = new MinuteCandleBuilder();
  let hasAsked = false;
  let isFrameAsked = false;
  const figure = figureFrame({
    title: `${symbol} by the minute`,
    subtitle: `${currency === "XXX" ? "points" : currency}; the last candle is forming; hours of Asia/Ho_Chi_Minh`,
    body: chart.node,
    provenance: { source: "trades of the stream", asOf: "", rows: Number.NaN, dataset: "market", excluded: "" },
    fileName: `minutes-${symbol}`,
    data: () => {
      const rows = [...shown.values()].sort((a, b) => a.openedAtMs - b.openedAtMs);
      return {
        time: rows.map(({ openedAtMs }) => formatTime(openedAtMs)),
        open: rows.map(({ open }) => open),
        high: rows.map(({ high }) => high),
        low: rows.map(({ low }) => low),
        close: rows.map(({ close }) => close),
        volume: rows.map(({ volume }) => volume),
      };
    },
  });
  const add = (events: readonly (Tick | IndexLevel)[]) => {
    let isNew = false;
    for (const event of events) {
      if (event.symbol !== symbol) continue;
      builder.add(event);
      isNew = true;
    }
    if (!isNew) return;
    if (!isFrameAsked) requestAnimationFrame(draw);
    isFrameAsked = true;
  };
  whileShown<{ ticks: readonly Tick[] }>(
    figure,
    (listener) => live.ticks.add(listener),
    ({ ticks }) => add(ticks),
  );
  whileShown<ReadonlySet<string>>(
    figure,
    (listener) => live.changes.add(listener),
    (changed) => {
      const now = !hasAsked && changed.has(symbol) ? livePrice(live.board, symbol) : undefined;
      if (now && !live.state.value.replay) void askForMorning(now.eventTimeMs);
    },
  );
  whileShown<readonly IndexLevel[]>(figure, (listener) => live.levels.add(listener), add);
  whileShown<void>(
    figure,
    (listener) => live.restarts.add(listener),
    () => {
      builder = new MinuteCandleBuilder();
      hasAsked = false;
      shown.clear();
      stored.clear();
      chart.clear();
    },
  );
  followFace(live, figure, () => markFigure(figure, liveFace(live.state.value, Date.now())));
  return figure;

  function draw(): void {
    isFrameAsked = false;
    const candles = candlesOf(builder);
    show(candles.map((candle) => withSeen(stored.get(candle.openedAtMs) ?? candle, candle)));
    const quote = live.board.quote(symbol as Tick["symbol"]);
    if (quote) chart.showLimits(quote);
  }

  /** What happened before the page was opened, with the beginning of the minute in which it was. */
  async function askForMorning(untilMs: number): Promise<void> {
    hasAsked = true;
    for (const candle of await askCandles({ symbol, interval: "1m", untilMs })) stored.set(candle.openedAtMs, candle);
    show([...stored.values()].map((candle) => withSeen(candle, shown.get(candle.openedAtMs))));
  }

  function show(candles: readonly MinuteCandle[]): void {
    for (const candle of candles) shown.set(candle.openedAtMs, candle);
    if (candles.length > 0) chart.update(candles);
  }
}

function candlesOf(builder: MinuteCandleBuilder): MinuteCandle[] {
  const columns = builder.take();
  return Array.from({ length: columns.length }, (_, row) => ({
    openedAtMs: columns.openedAtMs[row] ?? Number.NaN,
    open: columns.open[row] ?? Number.NaN,
    high: columns.high[row] ?? Number.NaN,
    low: columns.low[row] ?? Number.NaN,
    close: columns.close[row] ?? Number.NaN,
    volume: columns.volume[row] ?? Number.NaN,
  }));
}

function withSeen(stored: MinuteCandle, seen: MinuteCandle | undefined): MinuteCandle {
  if (!seen) return stored;
  return {
    ...seen,
    open: stored.open,
    high: Math.max(stored.high, seen.high),
    low: Math.min(stored.low, seen.low),
    volume: Math.max(stored.volume, seen.volume),
  };
}

/** Nothing to see while no stream is followed. */
export function onlyWhileFollowing(live: LiveMarket, ...children: readonly Node[]): HTMLElement {
  const section = element("section", { class: "grid symbol-live", "aria-label": "Live", hidden: true }, ...children);
  whileShown<unknown>(
    section,
    (listener) => live.state.follow(listener),
    () => {
      section.hidden = liveFace(live.state.value, Date.now()) === undefined;
    },
  );
  return section;
}
