import type { Dataset } from "../../engine/market-data/dataset.js";
import { type InstrumentSymbol, instrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { type TradingDate, tradingDate } from "../../engine/units/trading-date.js";
import type { Database, DatabaseSession } from "../database.js";
import { dateLiteral, textLiteral } from "../sql-literal.js";
import { raiseDataVersion } from "./data-version.js";

/** Trading dates of a symbol, both ends inclusive, that every query leaves out. */
export interface Quarantine {
  readonly id: number;
  readonly symbol: InstrumentSymbol;
  readonly fromDate: TradingDate;
  readonly toDate: TradingDate;
  readonly reason: string;
}

/** Quarantines that are not lifted, of the candles of one dataset. */
export async function listQuarantines(session: DatabaseSession, dataset: Dataset): Promise<Quarantine[]> {
  const rows = await session.query<{ id: number; symbol: string; from_date: string; to_date: string; reason: string }>(
    `SELECT id, symbol, from_date, to_date, reason FROM quarantines
      WHERE lifted_at IS NULL AND simulated = $1 ORDER BY symbol, from_date, id`,
    [dataset === "simulated"],
  );
  return rows.map((row) => ({
    id: row.id,
    symbol: instrumentSymbol(row.symbol),
    fromDate: tradingDate(row.from_date),
    toDate: tradingDate(row.to_date),
    reason: row.reason,
  }));
}

export async function addQuarantine(
  database: Database,
  quarantine: Omit<Quarantine, "id"> & { readonly dataset: Dataset },
): Promise<number> {
  return database.transaction(async (session) => {
    const [row] = await session.query<{ id: number }>(
      `INSERT INTO quarantines (symbol, simulated, from_date, to_date, reason)
       VALUES ($1, $2, $3, $4, $5) RETURNING id`,
      [
        quarantine.symbol,
        quarantine.dataset === "simulated",
        quarantine.fromDate,
        quarantine.toDate,
        quarantine.reason,
      ],
    );
    await raiseDataVersion(session);
    return row!.id;
  });
}

/** Returns false when no open quarantine has this id. */
export async function liftQuarantine(database: Database, id: number): Promise<boolean> {
  return database.transaction(async (session) => {
    const lifted = await session.query(
      "UPDATE quarantines SET lifted_at = now() WHERE id = $1 AND lifted_at IS NULL RETURNING id",
      [id],
    );
    if (lifted.length > 0) await raiseDataVersion(session);
    return lifted.length > 0;
  });
}

/** `AND NOT (…)` over a column with the symbol and an expression of the trading date; empty without quarantines. */
export function quarantineFilter(quarantines: readonly Quarantine[], symbolSql: string, dateSql: string): string {
  return quarantines
    .map(
      ({ symbol, fromDate, toDate }) =>
        ` AND NOT (${symbolSql} = ${textLiteral(symbol)} AND ${dateSql} BETWEEN ${dateLiteral(fromDate)} AND ${dateLiteral(toDate)})`,
    )
    .join("");
}

/** What the quarantines leave out, for the figures they touch: "" when nothing. */
export function describeExclusions(quarantines: readonly Quarantine[], symbols?: ReadonlySet<string>): string {
  const relevant = quarantines.filter(({ symbol }) => symbols === undefined || symbols.has(symbol));
  if (relevant.length === 0) return "";
  const parts = relevant.map(({ symbol, fromDate, toDate }) =>
    fromDate === toDate ? `${symbol} on ${fromDate}` : `${symbol} from ${fromDate} to ${toDate}`,
  );
  return `Quarantined and left out: ${parts.join("; ")}`;
}
