import type { Finding } from "../engine/data-quality/finding.js";
import type { Instrument } from "../engine/market-data/instrument.js";
import { inferInstrumentConventions } from "../engine/market-data/instrument-conventions.js";
import type { TradingDate } from "../engine/units/trading-date.js";
import type { DatabaseSession } from "../store/database.js";
import type { ImportBatchCounts } from "../store/queries/import-batch-queries.js";
import { listInstruments, upsertInstruments } from "../store/queries/instrument-queries.js";
import { recheckStoredSeries } from "./check-stored-series.js";
import type { ImportMapping } from "./mapping/import-mapping.js";
import { type ImportedInstrument, readInstruments } from "./reading/read-instruments.js";
import type { RejectedRowsFile } from "./rejected-rows.js";

/**
 * Stores the instruments of a file within the caller's transaction. What the file does not say stays as stored,
 * else follows the conventions of symbol and exchange. Stored candles of instruments that turn out to be of another
 * exchange or class are checked again, so that the order of files does not matter.
 */
export async function importInstruments(
  session: DatabaseSession,
  path: string,
  mapping: ImportMapping,
  {
    asOf,
    rejected,
    signal,
  }: { asOf: TradingDate | undefined; rejected: RejectedRowsFile; signal?: AbortSignal | undefined },
): Promise<{ counts: Omit<ImportBatchCounts, "rowsRejected">; findings: readonly Finding[] }> {
  const file = await readInstruments(path, mapping, { ...(signal && { signal }) });
  rejected.add(file.rejected);
  const stored = new Map((await listInstruments(session, "market")).map((each) => [each.symbol, each]));
  const described = file.instruments.map((row) => describe(row, stored.get(row.symbol), asOf));
  const changed = await upsertInstruments(session, described, { dataset: "market", described: true });
  const counts = {
    rowsRead: described.length + file.rejected.length,
    rowsNew: changed,
    rowsIdentical: described.length - changed,
    rowsConflicting: 0,
    rowsLeftOut: 0,
    symbolCount: described.length,
    firstMs: undefined,
    lastMs: undefined,
  };
  const judgedAnew = described.filter((instrument) => isJudgedOtherwise(instrument, stored.get(instrument.symbol)));
  const symbols = judgedAnew.map(({ symbol }) => symbol);
  return { counts, findings: await recheckStoredSeries(session, { dataset: "market", symbols }) };
}

/** Whether the quality checks go by other facts than before: price bands and trading days depend on these. */
function isJudgedOtherwise(now: Instrument, before: Instrument | undefined): boolean {
  if (before === undefined) return false;
  return (["exchange", "assetClass", "currency", "closeTimeZone"] as const).some((fact) => now[fact] !== before[fact]);
}

function describe(row: ImportedInstrument, stored: Instrument | undefined, asOf: TradingDate | undefined): Instrument {
  const exchange = row.exchange ?? stored?.exchange;
  const conventions = inferInstrumentConventions(row.symbol, { exchange });
  return {
    symbol: row.symbol,
    name: row.name ?? stored?.name ?? row.symbol,
    exchange: exchange ?? conventions.exchange,
    sector: row.sector ?? stored?.sector,
    industry: row.industry ?? stored?.industry,
    assetClass: row.assetClass ?? conventions.assetClass,
    currency: row.currency ?? (conventions.currency === "XXX" ? stored?.currency : undefined) ?? conventions.currency,
    lotSize: row.lotSize ?? conventions.lotSize ?? stored?.lotSize,
    tickRule: conventions.tickRule,
    marketCap: row.marketCap ?? stored?.marketCap,
    marketCapDate: row.marketCap === undefined ? stored?.marketCapDate : (row.marketCapDate ?? asOf),
    closeTime: conventions.closeTime ?? stored?.closeTime,
    closeTimeZone: conventions.closeTimeZone ?? stored?.closeTimeZone,
  };
}
