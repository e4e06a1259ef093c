import {
  CandlestickSeries,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  PriceScaleMode,
  type SeriesType,
  type UTCTimestamp,
} from "npm:lightweight-charts";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { element } from "../element.js";
import { formatCompact, formatPrice } from "../format/number-format.js";
import { onAppearanceChange } from "../look/appearance.js";
import { type ColorTokens, colorTokens, withOpacity } from "../look/color-tokens.js";
import { type ChartStudy, type StudyDrawing, type StudyLine, studyDrawing } from "./chart-studies.js";
import { type HistoryRange, hasCandles, lastRows, type PriceHistory } from "./price-history.js";
import { priceReadout } from "./price-readout.js";

const PRICE_PANE_HEIGHT = 380;
const STUDY_PANE_HEIGHT = 110;

/** A price chart that stays the same object while its settings change. */
export interface PriceChart {
  readonly node: HTMLElement;
  showStudies(studies: readonly ChartStudy[]): void;
  showRange(range: HistoryRange): void;
  useLogScale(isLog: boolean): void;
  /** Draws a day that is still forming: a further candle, or the last one anew; one before it is left out. */
  showRunningDay(day: RunningDay): void;
}

/** A day so far; `dayMs` as in the history, `NaN` where the source has no value. */
export interface RunningDay {
  readonly dayMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Candles (a line where the source has closes only), volume, studies over and below, and a readout at the crosshair. */
export function priceChart(history: PriceHistory, currency: string): PriceChart {
  const times = Array.from(history.dayMs, (day) => (day / MS_PER_SECOND) as UTCTimestamp);
  const readout = element("div", { class: "price-readout number" });
  const canvasPlace = element("div", {
    class: "price-chart-canvas",
    style: `height:${PRICE_PANE_HEIGHT}px`,
    role: "img",
    "aria-label": "Daily prices with the chosen studies; the line above says the last day, the download all of them",
  });
  const node = element("div", { class: "price-chart" }, readout, canvasPlace);
  const chart = createChart(canvasPlace, {
    autoSize: true,
    localization: { dateFormat: "yyyy-MM-dd" },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.06, bottom: 0.2 } },
    timeScale: { borderVisible: false, rightOffset: 2, minBarSpacing: 0.1 },
  });
  let studies: readonly ChartStudy[] = [];
  let range: HistoryRange = "all";
  let studySeries: ISeriesApi<SeriesType>[] = [];
  const price = addPrice(chart, history, times);
  price.applyOptions({
    priceFormat: { type: "custom", minMove: 0.0001, formatter: (value: number) => formatPrice(value, currency) },
  });
  const volume = addVolume(chart);
  paint();
  const stopFollowing = onAppearanceChange(() => (node.isConnected ? paint() : stopFollowing()));
  const rowOfTime = new Map(times.map((time, row) => [time as number, row]));
  const showReadout = (row: number) => readout.replaceChildren(...priceReadout(history, row, currency, studies));
  untilSized(canvasPlace, showChosenRange);
  chart.subscribeCrosshairMove(({ time }) => showReadout(rowOfTime.get(time as number) ?? times.length - 1));

  return {
    node,
    showStudies(next) {
      studies = next;
      drawStudies(colorTokens());
      showReadout(times.length - 1);
    },
    showRange(next) {
      range = next;
      showChosenRange();
    },
    showRunningDay(day) {
      const lastDayMs = history.dayMs.at(-1) ?? Number.NEGATIVE_INFINITY;
      if (!(day.dayMs >= lastDayMs) || !Number.isFinite(day.close)) return;
      const time = (day.dayMs / MS_PER_SECOND) as UTCTimestamp;
      if (hasCandles(history)) price.update(candleAt(time, day.open, day.high, day.low, day.close));
      else price.update({ time, value: day.close });
      const color = withOpacity(day.close >= day.open ? colorTokens().gain : colorTokens().loss, 0.35);
      if (Number.isFinite(day.volume)) volume.update({ time, value: day.volume, color });
    },
    useLogScale(isLog) {
      price.priceScale().applyOptions({ mode: isLog ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal });
    },
  };

  function showChosenRange(): void {
    const shown = lastRows(history, range).dayMs.length;
    chart.timeScale().setVisibleLogicalRange({ from: times.length - shown - 0.5, to: times.length + 1 });
  }

  function paint(): void {
    const tokens = colorTokens();
    chart.applyOptions({
      layout: {
        background: { color: tokens.panel },
        textColor: tokens.muted,
        fontFamily: getComputedStyle(document.body).fontFamily,
        fontSize: 11,
        panes: { separatorColor: tokens.line, separatorHoverColor: withOpacity(tokens.accent, 0.3) },
      },
      grid: { vertLines: { visible: false }, horzLines: { color: withOpacity(tokens.line, 0.6) } },
      crosshair: {
        vertLine: { color: tokens.muted, labelBackgroundColor: tokens.line },
        horzLine: { color: tokens.muted, labelBackgroundColor: tokens.line },
      },
    });
    price.applyOptions(priceColors(tokens, hasCandles(history)));
    volume.setData(volumeBars(history, times, tokens));
    drawStudies(tokens);
  }

  function drawStudies(tokens: ColorTokens): void {
    for (const series of studySeries) chart.removeSeries(series);
    const drawings = studies.map((study) => studyDrawing(study, history.close));
    const below = drawings.filter(({ pane }) => pane !== "price");
    studySeries = drawings.flatMap((drawing) => addStudy(drawing, below.indexOf(drawing) + 1, tokens));
    const height = PRICE_PANE_HEIGHT + below.length * STUDY_PANE_HEIGHT;
    canvasPlace.style.height = `${height}px`;
    chart.panes().forEach((pane, index) => {
      pane.setStretchFactor(index === 0 ? PRICE_PANE_HEIGHT : STUDY_PANE_HEIGHT);
    });
  }

  function addStudy({ lines, levels = [] }: StudyDrawing, pane: number, tokens: ColorTokens): ISeriesApi<SeriesType>[] {
    return lines.map((line, index) => {
      const series = line.isHistogram ? addHistogram(line, pane, tokens) : addLine(line, pane, tokens);
      if (pane > 0) series.priceScale().applyOptions({ mode: PriceScaleMode.Normal, scaleMargins: STUDY_MARGINS });
      if (index === 0) {
        for (const level of levels) {
          series.createPriceLine({ ...studyLevel, price: level, color: tokens.muted });
        }
      }
      return series;
    });
  }

  function addLine(line: StudyLine, pane: number, tokens: ColorTokens): ISeriesApi<SeriesType> {
    const options = {
      color: tokens[line.color],
      lineWidth: 1,
      lineStyle: line.isDashed ? LineStyle.Dashed : LineStyle.Solid,
      lastValueVisible: pane > 0,
      priceLineVisible: false,
      crosshairMarkerVisible: false,
    } as const;
    const series = chart.addSeries(LineSeries, pane > 0 ? { ...options, ...studyFormat } : options, pane);
    series.setData(points(line.values, times));
    return series;
  }

  function addHistogram(line: StudyLine, pane: number, tokens: ColorTokens): ISeriesApi<SeriesType> {
    const series = chart.addSeries(
      HistogramSeries,
      { lastValueVisible: false, priceLineVisible: false, ...studyFormat },
      pane,
    );
    const color = (value: number) => withOpacity(value < 0 ? tokens.loss : tokens.gain, 0.5);
    series.setData(
      points(line.values, times).map((point) => ("value" in point ? { ...point, color: color(point.value) } : point)),
    );
    return series;
  }
}

const STUDY_MARGINS = { top: 0.12, bottom: 0.08 } as const;

const studyLevel = { lineWidth: 1, lineStyle: LineStyle.Dotted, axisLabelVisible: false, title: "" } as const;

/** The visible range can be set only once the chart has its size, which it gets when it is put in the page. */
function untilSized(place: HTMLElement, act: () => void): void {
  const observer = new ResizeObserver(() => {
    if (place.clientWidth === 0) return;
    observer.disconnect();
    requestAnimationFrame(act);
  });
  observer.observe(place);
}

const studyFormat = {
  priceFormat: {
    type: "custom",
    minMove: 0.01,
    formatter: (value: number) => formatCompact(Math.round(value * 100) / 100),
  },
} as const;

type Point = { time: UTCTimestamp } | { time: UTCTimestamp; value: number };

function points(values: Float64Array, times: readonly UTCTimestamp[]): Point[] {
  return times.map((time, row) => {
    const value = values[row] ?? Number.NaN;
    return Number.isFinite(value) ? { time, value } : { time };
  });
}

function addPrice(
  chart: IChartApi,
  history: PriceHistory,
  times: readonly UTCTimestamp[],
): ISeriesApi<"Candlestick"> | ISeriesApi<"Line"> {
  if (!hasCandles(history)) {
    const line = chart.addSeries(LineSeries, { lineWidth: 2, priceLineVisible: false });
    line.setData(points(history.close, times));
    return line;
  }
  const candles = chart.addSeries(CandlestickSeries, { borderVisible: false, priceLineVisible: false });
  candles.setData(
    times.map((time, row) => {
      const close = history.close[row] ?? Number.NaN;
      if (!Number.isFinite(close)) return { time };
      return candleAt(time, history.open[row], history.high[row], history.low[row], close);
    }),
  );
  return candles;
}

/** A candle whose missing prices are those that its close allows. */
export function candleAt(
  time: UTCTimestamp,
  open: number | undefined,
  high: number | undefined,
  low: number | undefined,
  close: number,
) {
  const from = finiteOr(open, close);
  return {
    time,
    open: from,
    high: finiteOr(high, Math.max(from, close)),
    low: finiteOr(low, Math.min(from, close)),
    close,
  };
}

function addVolume(chart: IChartApi): ISeriesApi<"Histogram"> {
  const series = chart.addSeries(HistogramSeries, {
    priceScaleId: "volume",
    priceFormat: { type: "custom", minMove: 1, formatter: formatCompact },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  series.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  return series;
}

function volumeBars({ open, close, volume }: PriceHistory, times: readonly UTCTimestamp[], tokens: ColorTokens) {
  return points(volume, times).map((point, row) => {
    const rose = (close[row] ?? 0) >= (open[row] ?? 0);
    return "value" in point ? { ...point, color: withOpacity(rose ? tokens.gain : tokens.loss, 0.35) } : point;
  });
}

function priceColors(tokens: ColorTokens, isCandles: boolean) {
  return isCandles
    ? { upColor: tokens.gain, downColor: tokens.loss, wickUpColor: tokens.gain, wickDownColor: tokens.loss }
    : { color: tokens.information };
}

function finiteOr(value: number | undefined, fallback: number): number {
  return value !== undefined && Number.isFinite(value) ? value : fallback;
}
