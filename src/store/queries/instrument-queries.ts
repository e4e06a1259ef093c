import type { Dataset } from "../../engine/market-data/dataset.js";
import type { AssetClass, Instrument, TickRule } from "../../engine/market-data/instrument.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { CurrencyCode } from "../../engine/units/money.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";

/** Every instrument of a dataset, by symbol. */
export async function listInstruments(session: DatabaseSession, dataset: Dataset): Promise<Instrument[]> {
  const { rowCount, columns } = await selectColumns(
    session,
    `SELECT symbol, name, exchange, sector, industry, asset_class, currency, lot_size::float8, tick_rule, market_cap,
            market_cap_date::text, close_time, close_time_zone
       FROM instruments WHERE simulated = ${dataset === "simulated"} ORDER BY symbol`,
    {
      symbol: "text",
      name: "text",
      exchange: "text",
      sector: "text",
      industry: "text",
      assetClass: "text",
      currency: "text",
      lotSize: "float8",
      tickRule: "text",
      marketCap: "float8",
      marketCapDate: "text",
      closeTime: "text",
      closeTimeZone: "text",
    },
  );
  return Array.from({ length: rowCount }, (_, row) => ({
    symbol: columns.symbol.at(row) as InstrumentSymbol,
    name: columns.name.at(row)!,
    exchange: columns.exchange.at(row),
    sector: columns.sector.at(row),
    industry: columns.industry.at(row),
    assetClass: columns.assetClass.at(row) as AssetClass,
    currency: columns.currency.at(row) as CurrencyCode,
    lotSize: definedNumber(columns.lotSize.values[row]!),
    tickRule: columns.tickRule.at(row) as TickRule,
    marketCap: definedNumber(columns.marketCap.values[row]!),
    marketCapDate: columns.marketCapDate.at(row) as TradingDate | undefined,
    closeTime: columns.closeTime.at(row),
    closeTimeZone: columns.closeTimeZone.at(row),
  }));
}

function definedNumber(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

/**
 * Stores instruments. `described` facts replace what is stored; conventions only fill symbols that are new.
 * Returns how many rows were inserted or changed.
 */
export async function upsertInstruments(
  session: DatabaseSession,
  instruments: readonly Instrument[],
  { dataset, described }: { dataset: Dataset; described: boolean },
): Promise<number> {
  let changed = 0;
  for (let at = 0; at < instruments.length; at += 200) {
    changed += await upsertSlice(session, instruments.slice(at, at + 200), dataset, described);
  }
  return changed;
}

async function upsertSlice(
  session: DatabaseSession,
  instruments: readonly Instrument[],
  dataset: Dataset,
  described: boolean,
): Promise<number> {
  const onConflict = described
    ? `DO UPDATE SET (name, exchange, sector, industry, asset_class, currency, lot_size, tick_rule, market_cap,
                      market_cap_date, close_time, close_time_zone, described)
         = (excluded.name, excluded.exchange, excluded.sector, excluded.industry, excluded.asset_class, excluded.currency,
            excluded.lot_size, excluded.tick_rule, excluded.market_cap, excluded.market_cap_date, excluded.close_time,
            excluded.close_time_zone, true)
       WHERE (instruments.name, instruments.exchange, instruments.sector, instruments.industry, instruments.asset_class,
              instruments.currency, instruments.lot_size, instruments.tick_rule, instruments.market_cap,
              instruments.market_cap_date, instruments.close_time, instruments.close_time_zone, instruments.described)
         IS DISTINCT FROM
             (excluded.name, excluded.exchange, excluded.sector, excluded.industry, excluded.asset_class,
              excluded.currency, excluded.lot_size, excluded.tick_rule, excluded.market_cap,
              excluded.market_cap_date, excluded.close_time, excluded.close_time_zone, true)`
    : "DO NOTHING";
  const rows = await session.query(
    `INSERT INTO instruments (symbol, simulated, name, exchange, sector, industry, asset_class, currency, lot_size, tick_rule,
                              market_cap, market_cap_date, close_time, close_time_zone, described)
     SELECT j.symbol, $2, j.name, j.exchange, j.sector, j.industry, j."assetClass", j.currency, j."lotSize", j."tickRule",
            j."marketCap", j."marketCapDate", j."closeTime", j."closeTimeZone", $3
       FROM json_to_recordset($1::json) AS j(symbol text, name text, exchange text, sector text, industry text,
            "assetClass" text, currency text, "lotSize" integer, "tickRule" text, "marketCap" double precision,
            "marketCapDate" date, "closeTime" text, "closeTimeZone" text)
     ON CONFLICT (symbol, simulated) ${onConflict}
     RETURNING symbol`,
    [JSON.stringify(instruments), dataset === "simulated", described],
  );
  return rows.length;
}
