import type { DuckDBClient } from "npm:@observablehq/duckdb";
import type { Table } from "npm:apache-arrow";
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
}

const FEWEST_RETURNS = 60;

/** A screen over a table of closes. The database starts while the closes are still on their way. */
export function sourceScreen(closes: Promise<Table>): (choice: ScreenChoice) => Promise<ScreenedSource[]> {
  const database = openDuckDB({ closes });
  return async (choice) => screenSources(await database, choice);
}

/**
 * Every other series against the target in one query: inner join on the day, log returns over consecutive common
 * days, Pearson correlation at each lag — the same method as the bars, for all pairs at once.
 */
async function screenSources(
  database: DuckDBClient,
  { target, fromMs, toMs }: ScreenChoice,
): Promise<ScreenedSource[]> {
  const correlations = SCREEN_LAGS.map((lag) => `corr(y, x${lag}) AS lag${lag}`).join(", ");
  const lagged = SCREEN_LAGS.map((lag) => `lag(x, ${lag}) OVER pair AS x${lag}`).join(", ");
  const table = await database.query(
    `WITH target AS (
       SELECT date, close FROM closes
       WHERE symbol = ? AND close > 0 AND date BETWEEN CAST(? AS DATE) AND CAST(? AS DATE)
     ), joined AS (
       SELECT source.symbol, date, source.close AS source_close, target.close AS target_close
       FROM closes AS source JOIN target USING (date)
       WHERE source.symbol <> ? AND source.close > 0
     ), returns AS (
       SELECT symbol, date, ln(source_close / lag(source_close) OVER pair) AS x,
              ln(target_close / lag(target_close) OVER pair) AS y
       FROM joined WINDOW pair AS (PARTITION BY symbol ORDER BY date)
     ), led AS (
       SELECT symbol, y, ${lagged} FROM returns WINDOW pair AS (PARTITION BY symbol ORDER BY date)
     )
     SELECT CAST(symbol AS VARCHAR) AS symbol, CAST(count(y) AS DOUBLE) AS n, ${correlations}
     FROM led GROUP BY ALL HAVING count(y) >= ${FEWEST_RETURNS} ORDER BY abs(lag1) DESC`,
    [target, formatDay(fromMs), formatDay(toMs), target],
  );
  return table.toArray().map((row) => ({
    symbol: String(row.symbol),
    n: Number(row.n),
    correlations: SCREEN_LAGS.map((lag) => Number(row[`lag${lag}`] ?? Number.NaN)),
  }));
}
