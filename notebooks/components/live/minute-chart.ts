import { CandlestickSeries, createChart, HistogramSeries, LineStyle, type UTCTimestamp } from "npm:lightweight-charts";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../../engine/units/trading-date.js";
import { element } from "../element.js";
import { formatCompact, formatPrice } from "../format/number-format.js";
import { onAppearanceChange } from "../look/appearance.js";
import { type ColorTokens, colorTokens, withOpacity } from "../look/color-tokens.js";

/** A minute's prices and shares. */
export interface MinuteCandle {
  readonly openedAtMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** The prices that bind the day, drawn across; `NaN` is left out. */
export interface DayLimits {
  readonly reference: number;
  readonly ceiling: number;
  readonly floor: number;
}

export interface MinuteChart {
  readonly node: HTMLElement;
  /** Takes over candles that are new or changed. */
  update(candles: readonly MinuteCandle[]): void;
  showLimits(limits: DayLimits): void;
  clear(): void;
}

const HEIGHT = 360;

/** Candles of a minute that form while one looks on, in hours of Ho Chi Minh City. */
export function minuteChart(currency: string): MinuteChart {
  const node = element("div", {
    class: "price-chart-canvas live-chart",
    style: `height:${HEIGHT}px`,
    role: "img",
    "aria-label": "Candles of a minute of the running day; the download has their numbers",
  });
  const chart = createChart(node, {
    autoSize: true,
    localization: { dateFormat: "yyyy-MM-dd" },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.22 } },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false, rightOffset: 4 },
  });
  const candles = new Map<number, MinuteCandle>();
  const price = chart.addSeries(CandlestickSeries, {
    borderVisible: false,
    priceFormat: { type: "custom", minMove: 0.01, formatter: (value: number) => formatPrice(value, currency) },
  });
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: "volume",
    priceFormat: { type: "custom", minMove: 1, formatter: formatCompact },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  let tokens = colorTokens();
  let limits: DayLimits | undefined;
  let lines: ReturnType<typeof price.createPriceLine>[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  paint();
  const stopFollowing = onAppearanceChange(() => (node.isConnected ? paint() : stopFollowing()));
  return { node, update, showLimits, clear };

  function update(changed: readonly MinuteCandle[]): void {
    const isAtEnd = changed.every(({ openedAtMs }) => openedAtMs >= lastMs);
    for (const candle of changed) candles.set(candle.openedAtMs, candle);
    if (!isAtEnd) {
      drawAll();
      return;
    }
    for (const candle of changed) {
      price.update(candlePoint(candle));
      volume.update(volumePoint(candle, tokens));
      lastMs = candle.openedAtMs;
    }
  }

  function drawAll(): void {
    const all = [...candles.values()].sort((a, b) => a.openedAtMs - b.openedAtMs);
    lastMs = all.at(-1)?.openedAtMs ?? Number.NEGATIVE_INFINITY;
    price.setData(all.map(candlePoint));
    volume.setData(all.map((candle) => volumePoint(candle, tokens)));
  }

  function clear(): void {
    candles.clear();
    drawAll();
  }

  function showLimits(next: DayLimits): void {
    if (limits?.reference === next.reference && limits.ceiling === next.ceiling && limits.floor === next.floor) return;
    limits = next;
    drawLimits();
  }

  function drawLimits(): void {
    for (const line of lines) price.removePriceLine(line);
    if (!limits) return;
    const named = [
      ["reference", limits.reference, tokens.warning],
      ["ceiling", limits.ceiling, tokens.gain],
      ["floor", limits.floor, tokens.loss],
    ] as const;
    lines = named.flatMap(([title, value, color]) =>
      Number.isFinite(value)
        ? [
            price.createPriceLine({
              price: value,
              color,
              title,
              lineWidth: 1,
              lineStyle: LineStyle.Dotted,
              axisLabelVisible: false,
            }),
          ]
        : [],
    );
  }

  function paint(): void {
    tokens = colorTokens();
    chart.applyOptions({
      layout: {
        background: { color: tokens.panel },
        textColor: tokens.muted,
        fontFamily: getComputedStyle(document.body).fontFamily,
        fontSize: 11,
      },
      grid: { vertLines: { visible: false }, horzLines: { color: withOpacity(tokens.line, 0.6) } },
      crosshair: {
        vertLine: { color: tokens.muted, labelBackgroundColor: tokens.line },
        horzLine: { color: tokens.muted, labelBackgroundColor: tokens.line },
      },
    });
    price.applyOptions({
      upColor: tokens.gain,
      downColor: tokens.loss,
      wickUpColor: tokens.gain,
      wickDownColor: tokens.loss,
      priceLineColor: tokens.muted,
    });
    drawAll();
    drawLimits();
  }
}

/** The chart knows UTC only: its hours are those of Ho Chi Minh City because the instants are moved. */
function chartTime(openedAtMs: number): UTCTimestamp {
  return ((openedAtMs + TRADING_UTC_OFFSET_MS) / MS_PER_SECOND) as UTCTimestamp;
}

function candlePoint({ openedAtMs, open, high, low, close }: MinuteCandle) {
  return { time: chartTime(openedAtMs), open, high, low, close };
}

function volumePoint({ openedAtMs, open, close, volume }: MinuteCandle, { gain, loss }: ColorTokens) {
  return { time: chartTime(openedAtMs), value: volume, color: withOpacity(close >= open ? gain : loss, 0.35) };
}
