import type { SymbolQuote } from "../../../../engine/live-market/symbol-quote.js";
import type { Dataset } from "../../../../engine/market-data/dataset.js";
import type { Instrument } from "../../../../engine/market-data/instrument.js";
import { type EpochMs, epochMs, MS_PER_DAY } from "../../../../engine/units/epoch-ms.js";
import { tradingDayNumberOf } from "../../../../engine/units/trading-date.js";
import { type ArrowColumns, arrowStream, arrowTable } from "../../../../store/arrow/arrow-table.js";
import type { DatabaseSession } from "../../../../store/database.js";
import { readCandles } from "../../../../store/queries/candle-queries.js";
import { listInstruments } from "../../../../store/queries/instrument-queries.js";
import { closesAfterMs } from "../candle-close.js";
import { readKnownQuotes } from "../known-quotes.js";
import type { LoadedTable } from "./sql-message.js";

/** Daily candles reach back so far. */
const CANDLE_YEARS = 3;

export interface SqlTablesSource {
  readonly session: DatabaseSession;
  readonly dataset: Dataset;
  readonly asOfMs: EpochMs;
  readonly live: Iterable<SymbolQuote>;
}

/** Those of the tables a statement may read that its words name. Nothing later than the instant is in them. */
export async function loadSqlTables(source: SqlTablesSource, words: ReadonlySet<string>): Promise<LoadedTable[]> {
  if (!["candles", "instruments", "quotes"].some((name) => words.has(name))) return [];
  const instruments = await listInstruments(source.session, source.dataset);
  const tables: LoadedTable[] = [];
  if (words.has("candles")) tables.push(await candles(source, instruments));
  if (words.has("instruments")) tables.push(instrumentTable(instruments, source.asOfMs));
  if (words.has("quotes")) tables.push(await quotes(source, instruments));
  return tables;
}

async function candles(
  { session, dataset, asOfMs }: SqlTablesSource,
  instruments: readonly Instrument[],
): Promise<LoadedTable> {
  const { candles: read } = await readCandles(session, {
    interval: "1d",
    dataset,
    fromMs: epochMs(asOfMs - CANDLE_YEARS * 365.25 * MS_PER_DAY),
    toMsExclusive: epochMs(asOfMs + 1),
  });
  const known = new Map<string, Instrument>(instruments.map((each) => [each.symbol, each]));
  const lastOpeningMs = read.symbols.map((symbol) => asOfMs - closesAfterMs("1d", known.get(symbol) ?? NOTHING_KNOWN));
  const kept: number[] = [];
  for (let row = 0; row < read.length; row++) {
    if (read.openedAtMs[row]! <= lastOpeningMs[read.symbolCodes[row]!]!) kept.push(row);
  }
  const take = (values: Float64Array) => Float64Array.from(kept, (row) => values[row]!);
  return table("candles", kept.length, {
    symbol: {
      type: "dictionary",
      dictionary: read.symbols,
      codes: Int32Array.from(kept, (row) => read.symbolCodes[row]!),
    },
    trading_date: { type: "day", values: Int32Array.from(kept, (row) => tradingDayNumberOf(read.openedAtMs[row]!)) },
    open: { type: "float64", values: take(read.open) },
    high: { type: "float64", values: take(read.high) },
    low: { type: "float64", values: take(read.low) },
    close: { type: "float64", values: take(read.close) },
    volume: { type: "float64", values: take(read.volume) },
  });
}

const NOTHING_KNOWN = { closeTime: undefined, closeTimeZone: undefined };

/** A market capitalisation that was measured later is left out. */
function instrumentTable(instruments: readonly Instrument[], asOfMs: EpochMs): LoadedTable {
  const today = new Date(asOfMs).toISOString().slice(0, 10);
  const text = (of: (instrument: Instrument) => string | undefined) => ({
    type: "text" as const,
    values: instruments.map(of),
  });
  const number = (of: (instrument: Instrument) => number | undefined) => ({
    type: "float64" as const,
    values: Float64Array.from(instruments, (each) => of(each) ?? Number.NaN),
  });
  return table("instruments", instruments.length, {
    symbol: text(({ symbol }) => symbol),
    name: text(({ name }) => name),
    exchange: text(({ exchange }) => exchange),
    sector: text(({ sector }) => sector),
    industry: text(({ industry }) => industry),
    asset_class: text(({ assetClass }) => assetClass),
    currency: text(({ currency }) => currency),
    lot_size: number(({ lotSize }) => lotSize),
    market_cap: number(({ marketCap, marketCapDate = "" }) => (marketCapDate <= today ? marketCap : undefined)),
  });
}

async function quotes(
  { session, dataset, asOfMs, live }: SqlTablesSource,
  instruments: readonly Instrument[],
): Promise<LoadedTable> {
  const known = await readKnownQuotes(session, { dataset, instruments, asOfMs, live });
  const number = (of: (quote: (typeof known)[number]) => number) => ({
    type: "float64" as const,
    values: Float64Array.from(known, of),
  });
  return table(
    "quotes",
    known.length,
    {
      symbol: { type: "text", values: known.map(({ symbol }) => symbol) },
      price: number(({ price }) => price),
      reference: number(({ reference }) => reference),
      volume: number(({ volume }) => volume),
      currency: { type: "text", values: known.map(({ currency }) => currency) },
      at: number(({ atMs }) => atMs),
    },
    ["at"],
  );
}

function table(name: string, rowCount: number, columns: ArrowColumns, instants: readonly string[] = []): LoadedTable {
  return { name, stream: arrowStream(arrowTable(columns, rowCount, new Map())), instants };
}
