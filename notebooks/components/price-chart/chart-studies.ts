import { bollingerBands } from "../../engine/indicators/bollinger-bands.js";
import { exponentialMovingAverage } from "../../engine/indicators/exponential-moving-average.js";
import { macd } from "../../engine/indicators/macd.js";
import { relativeStrengthIndex } from "../../engine/indicators/relative-strength-index.js";
import { simpleMovingAverage } from "../../engine/indicators/simple-moving-average.js";
import type { ColorTokens } from "../look/color-tokens.js";

/** What can be laid over or below the price; the values of the toggles and of the page's address. */
export const CHART_STUDIES = [
  { value: "sma50", label: "SMA 50" },
  { value: "sma200", label: "SMA 200" },
  { value: "ema20", label: "EMA 20" },
  { value: "bollinger", label: "Bollinger" },
  { value: "rsi", label: "RSI" },
  { value: "macd", label: "MACD" },
] as const;

export type ChartStudy = (typeof CHART_STUDIES)[number]["value"];

export interface StudyLine {
  readonly label: string;
  readonly values: Float64Array;
  readonly color: keyof ColorTokens;
  readonly isDashed?: boolean;
  readonly isHistogram?: boolean;
}

export interface StudyDrawing {
  readonly pane: "price" | "rsi" | "macd";
  readonly lines: readonly StudyLine[];
  /** Levels drawn across the pane. */
  readonly levels?: readonly number[];
}

/** The lines of a study over closes, aligned with them. */
export function studyDrawing(study: ChartStudy, closes: Float64Array): StudyDrawing {
  switch (study) {
    case "sma50":
      return onPrice({ label: "SMA 50", values: simpleMovingAverage(closes, { window: 50 }), color: "information" });
    case "sma200":
      return onPrice({ label: "SMA 200", values: simpleMovingAverage(closes, { window: 200 }), color: "accent" });
    case "ema20":
      return onPrice({ label: "EMA 20", values: exponentialMovingAverage(closes, { window: 20 }), color: "warning" });
    case "bollinger": {
      const { upper, lower } = bollingerBands(closes, { window: 20, deviations: 2 });
      return onPrice(
        { label: "Bollinger 20, 2σ", values: upper, color: "muted", isDashed: true },
        { label: "", values: lower, color: "muted", isDashed: true },
      );
    }
    case "rsi": {
      const values = relativeStrengthIndex(closes, { window: 14 });
      return { pane: "rsi", lines: [{ label: "RSI 14", values, color: "accent" }], levels: [30, 70] };
    }
    case "macd": {
      const columns = macd(closes);
      return {
        pane: "macd",
        lines: [
          { label: "", values: columns.histogram, color: "muted", isHistogram: true },
          { label: "MACD 12, 26", values: columns.macd, color: "information" },
          { label: "signal 9", values: columns.signal, color: "warning" },
        ],
      };
    }
  }
}

export function chosenStudies(names: string): ChartStudy[] {
  const chosen = new Set(names.split(","));
  return CHART_STUDIES.map(({ value }) => value).filter((value) => chosen.has(value));
}

function onPrice(...lines: readonly StudyLine[]): StudyDrawing {
  return { pane: "price", lines };
}
