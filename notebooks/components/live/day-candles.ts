import { tradingDateOf, tradingDateToEpochMs } from "../../engine/units/trading-date.js";
import type { MinuteCandle } from "./minute-chart.js";

const ADDRESS = "/api/market/candles";

/** Candles of a minute that a server's answer holds; rows that cannot be read are left out. */
export function readCandles(answer: unknown): MinuteCandle[] {
  const rows = (answer as { candles?: unknown })?.candles;
  if (!Array.isArray(rows)) return [];
  return rows
    .map(
      (row: Record<string, unknown>): MinuteCandle => ({
        openedAtMs: instantOf(row.time),
        open: numberOf(row.open),
        high: numberOf(row.high),
        low: numberOf(row.low),
        close: numberOf(row.close),
        volume: numberOf(row.volume ?? 0),
      }),
    )
    .filter(({ openedAtMs, open, high, low, close }) => Number.isFinite(openedAtMs + open + high + low + close));
}

/** What the server has stored of a symbol's trading day up to an instant; nothing when it cannot say. */
export async function askCandles({
  symbol,
  interval,
  untilMs,
}: {
  symbol: string;
  interval: "1m" | "5m";
  untilMs: number;
}): Promise<MinuteCandle[]> {
  const from = new Date(tradingDateToEpochMs(tradingDateOf(untilMs))).toISOString();
  const to = new Date(untilMs + 60_000).toISOString();
  const query = new URLSearchParams({ symbol, interval, from, to });
  try {
    const answer = await fetch(`${ADDRESS}?${query}`, { headers: { accept: "application/json" } });
    return answer.ok ? readCandles(await answer.json()) : [];
  } catch {
    return [];
  }
}

function instantOf(value: unknown): number {
  return typeof value === "number" ? value : Date.parse(String(value));
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}
