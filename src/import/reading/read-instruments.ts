import { ASSET_CLASSES, type AssetClass, type Instrument } from "../../engine/market-data/instrument.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { currencyCode } from "../../engine/units/money.js";
import type { ImportMapping } from "../mapping/import-mapping.js";
import { fileHasNoRows } from "./file-error.js";
import type { RejectedRow } from "./price-batch.js";
import { type FieldRecord, readRecords } from "./read-records.js";
import { invalid, invalidRow, RecordValues, rejectedRow } from "./record-values.js";

/** What a file says about an instrument; `undefined` where it says nothing. */
export type ImportedInstrument = {
  readonly [Field in ImportedField]: Instrument[Field] | undefined;
} & { readonly symbol: InstrumentSymbol; readonly line: number };

type ImportedField =
  | "name"
  | "exchange"
  | "sector"
  | "industry"
  | "assetClass"
  | "currency"
  | "lotSize"
  | "marketCap"
  | "marketCapDate";

export interface ImportedInstruments {
  readonly instruments: readonly ImportedInstrument[];
  readonly rejected: readonly RejectedRow[];
}

/**
 * The instruments of a file. Exchange, currency and asset class of the mapping fill in for missing ones; a symbol
 * that comes a second time is rejected.
 * @throws the failures of `readPrices`
 */
export async function readInstruments(
  path: string,
  mapping: ImportMapping,
  { signal }: { signal?: AbortSignal } = {},
): Promise<ImportedInstruments> {
  const values = new RecordValues(mapping);
  const lineBySymbol = new Map<InstrumentSymbol, number>();
  const instruments: ImportedInstrument[] = [];
  const rejected: RejectedRow[] = [];
  for await (const record of readRecords(path, mapping, { signal })) {
    try {
      if (record.problem !== undefined) throw invalidRow(record.problem);
      const instrument = readInstrument(record, values, mapping);
      const earlier = lineBySymbol.get(instrument.symbol);
      if (earlier !== undefined)
        throw invalid("symbol", instrument.symbol, `once; it stands on line ${earlier} already`);
      lineBySymbol.set(instrument.symbol, record.line);
      instruments.push(instrument);
    } catch (error) {
      rejected.push(rejectedRow(record, error));
    }
  }
  if (instruments.length + rejected.length === 0) throw fileHasNoRows(path);
  return { instruments, rejected };
}

function readInstrument(record: FieldRecord, values: RecordValues, mapping: ImportMapping): ImportedInstrument {
  const currency = values.text(record, "currency") ?? mapping.currency;
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency)) {
    throw invalid("currency", currency, "an ISO 4217 code such as VND");
  }
  const lotSize = values.amount(record, "lotSize");
  if (lotSize !== undefined && !(Number.isSafeInteger(lotSize) && lotSize > 0)) {
    throw invalid("lotSize", String(lotSize), "an integer of at least 1");
  }
  return {
    symbol: values.symbol(record),
    name: values.text(record, "name"),
    exchange: values.text(record, "exchange") ?? mapping.exchange,
    sector: values.text(record, "sector"),
    industry: values.text(record, "industry"),
    assetClass: values.choice<AssetClass>(record, "assetClass", ASSET_CLASSES) ?? mapping.assetClass,
    currency: currency === undefined ? undefined : currencyCode(currency),
    lotSize,
    marketCap: values.amount(record, "marketCap"),
    marketCapDate: values.date(record, "marketCapDate"),
    line: record.line,
  };
}
