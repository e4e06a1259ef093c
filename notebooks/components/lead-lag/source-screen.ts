import type { DuckDBClient } from "npm:@observablehq/duckdb";
import type { Table } from "npm:apache-arrow";
import type { Alignment } from "../../engine/lead-lag/common-calendar.js";
import { openDuckDB } from "../duckdb.js";
import { formatDay } from "../format/date-format.js";

/** Lags of the screen, in trading days. */
export const SCREEN_LAGS = [0, 1, 2, 3, 5] as const;

/** How the returns of one series go with the target's returns some days later. */
export interface ScreenedSource {
  readonly symbol: string;
  readonly n: number;
  /** One correlation for each of {@link SCREEN_LAGS}. */
  readonly correlations: readonly number[];
}

interface ScreenChoice {
  readonly target: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly align: Alignment;
  /** Every series that may be a source, with the days by which its close is known later than the target's. */
  readonly daysKnownLater: ReadonlyMap<string, number>;
}

const FEWEST_RETURNS = 60;
const COLUMNS = ["symbol", "date", "close"];

/** A screen over a table of closes. The database starts while the closes are still on their way. */
export function sourceScreen(closes: Promise<Table>): (choice: ScreenChoice) => Promise<ScreenedSource[]> {
  const database = openDuckDB({ closes: closes.then((table) => table.select(COLUMNS)) });
  return async (choice) => screenSources(await database, choice);
}

/** The days both have. */
const COMMON_DAYS = `
  SELECT source.symbol, date, source.close AS source_close, target.close AS target_close
  FROM sources JOIN priced AS source USING (symbol) JOIN target USING (date)`;

/** The target's days, each with the last source close known when the target closed. */
const LAST_KNOWN = `
  SELECT wanted.symbol, wanted.date, source.close AS source_close, wanted.close AS target_close
  FROM (SELECT symbol, date, close, date - days_later AS known_day FROM target CROSS JOIN sources) AS wanted
  ASOF JOIN priced AS source ON wanted.symbol = source.symbol AND wanted.known_day >= source.date`;

/**
 * Every other series against the target in one query: the chosen alignment, log returns over consecutive rows of it,
 * Pearson correlation at each lag — the same method as the bars, for all pairs at once.
 */
async function screenSources(
  database: DuckDBClient,
  { target, fromMs, toMs, align, daysKnownLater }: ScreenChoice,
): Promise<ScreenedSource[]> {
  const sources = [...daysKnownLater].filter(([symbol]) => symbol !== target);
  if (sources.length === 0) return [];
  const correlations = SCREEN_LAGS.map((lag) => `corr(y, x${lag}) AS lag${lag}`).join(", ");
  const earlier = (lag: number) => (lag === 0 ? "source_close" : `lag(source_close, ${lag}) OVER pair`);
  const led = SCREEN_LAGS.map((lag) => `ln(${earlier(lag)} / ${earlier(lag + 1)}) AS x${lag}`).join(", ");
  const table = await database.query(
    `WITH priced AS (
       SELECT symbol, date, close FROM closes WHERE close > 0
     ), target AS (
       SELECT date, close FROM priced WHERE symbol = ? AND date BETWEEN CAST(? AS DATE) AND CAST(? AS DATE)
     ), sources(symbol, days_later) AS (
       VALUES ${sources.map(() => "(CAST(? AS VARCHAR), CAST(? AS INTEGER))").join(", ")}
     ), joined AS (${align === "inner" ? COMMON_DAYS : LAST_KNOWN}
     ), returns AS (
       SELECT symbol, ln(target_close / lag(target_close) OVER pair) AS y, ${led}
       FROM joined WINDOW pair AS (PARTITION BY symbol ORDER BY date)
     )
     SELECT symbol, CAST(count(y) AS DOUBLE) AS n, ${correlations}
     FROM returns GROUP BY ALL HAVING count(y) >= ${FEWEST_RETURNS} ORDER BY abs(lag1) DESC`,
    [target, formatDay(fromMs), formatDay(toMs), ...sources.flat()],
  );
  return table.toArray().map((row) => ({
    symbol: String(row.symbol),
    n: Number(row.n),
    correlations: SCREEN_LAGS.map((lag) => Number(row[`lag${lag}`] ?? Number.NaN)),
  }));
}
