import type { Dataset } from "../../engine/market-data/dataset.js";
import type { EpochMs } from "../../engine/units/epoch-ms.js";
import { tradingDateOf } from "../../engine/units/trading-date.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";
import { dateLiteral, instantLiteral, textListLiteral } from "../sql-literal.js";

/** Those of the symbols that have a candle which opened by an instant. */
export async function listedSymbols(
  session: DatabaseSession,
  dataset: Dataset,
  symbols: readonly string[],
  asOfMs: EpochMs,
): Promise<ReadonlySet<string>> {
  const ofSymbol = (table: string) =>
    `${table}.symbol = wanted.symbol AND ${table}.simulated = ${dataset === "simulated"}`;
  const { columns } = await selectColumns(
    session,
    `SELECT wanted.symbol FROM unnest(${textListLiteral(symbols)}) AS wanted(symbol)
      WHERE EXISTS (SELECT 1 FROM market_candles_daily d
                     WHERE ${ofSymbol("d")} AND d.trading_date <= ${dateLiteral(tradingDateOf(asOfMs))})
         OR EXISTS (SELECT 1 FROM market_candles_intraday i
                     WHERE ${ofSymbol("i")} AND i.time <= ${instantLiteral(asOfMs)})`,
    { symbol: "text" },
  );
  return new Set(columns.symbol.values as string[]);
}
