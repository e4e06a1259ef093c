import { basename } from "node:path";
import type { CandleInterval } from "../../engine/market-data/candle-interval.js";
import type { AssetClass } from "../../engine/market-data/instrument.js";
import { TRADING_TIME_ZONE } from "../../engine/units/trading-date.js";
import type { InspectedFile } from "../reading/inspect-file.js";
import { TimestampParser } from "../reading/timestamp-parser.js";
import type { Guess } from "./guess.js";
import { type ColumnMapping, guessColumns, guessKind } from "./guess-columns.js";
import { guessDateFormat } from "./guess-date-format.js";
import { guessDecimal } from "./guess-decimal.js";
import { guessInterval } from "./guess-interval.js";
import { guessPriceScale } from "./guess-price-scale.js";
import {
  type DateFormat,
  type ImportMapping,
  type MappingField,
  type MappingKind,
  parseImportMapping,
} from "./import-mapping.js";

/** What the user says about a file; each entry replaces a guess. */
export interface MappingOptions {
  readonly kind?: MappingKind | undefined;
  /** Replaces the guessed column of the fields it names. */
  readonly columns?: ColumnMapping | undefined;
  readonly decimal?: "." | "," | undefined;
  readonly dateFormat?: DateFormat | undefined;
  readonly timeZone?: string | undefined;
  readonly interval?: CandleInterval | undefined;
  readonly priceScale?: 1 | 1000 | undefined;
  /** Symbol of every row, instead of a symbol column. */
  readonly symbol?: string | undefined;
  readonly currency?: string | undefined;
  readonly exchange?: string | undefined;
  readonly assetClass?: AssetClass | undefined;
  readonly source?: string | undefined;
}

export interface GuessContext {
  /** Symbols known to be equities quoted in VND. */
  readonly knownVndEquities: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

export interface GuessedMapping {
  readonly mapping: ImportMapping;
  /** Why each part of the mapping is what it is, by field of the mapping. */
  readonly because: Readonly<Record<string, string>>;
}

const GIVEN = "given";
const NUMBER_FIELDS = ["open", "high", "low", "close", "volume", "marketCap"] as const;

/**
 * The mapping of an inspected file: `options` where given, else guessed from the header and the sample. Only the
 * price scale looks at the rest of the file, see `guessPriceScale`.
 * @throws MAPPING_UNKNOWN when the header fits no kind of file, MAPPING_INVALID for an option or a guess that fails
 */
export async function guessMapping(
  file: InspectedFile,
  options: MappingOptions,
  { knownVndEquities, signal }: GuessContext,
): Promise<GuessedMapping> {
  const because: Record<string, string> = {};
  const decide = <Value>(field: string, given: Value | undefined, guess: () => Guess<Value>): Value => {
    if (given !== undefined) {
      because[field] = GIVEN;
      return given;
    }
    const decision = guess();
    because[field] = decision.because;
    return decision.value;
  };

  const kind = decide("kind", options.kind ?? kindOf(options.columns), () => ({
    value: guessKind(file.columns),
    because: `the header names ${file.columns.join(", ").slice(0, 120)}`,
  }));
  const columns: Partial<Record<MappingField, string>> = { ...guessColumns(kind, file.columns), ...options.columns };
  if (options.symbol !== undefined) delete columns.symbol;
  const decimal = decide("decimal", options.decimal, () => guessDecimal(samplesOf(file, columns, NUMBER_FIELDS)));
  const { delimiter, header, container, gzip, path } = file;
  const known = parseImportMapping({
    kind,
    format: { container, gzip, delimiter, decimal, header },
    columns,
    priceScale: options.priceScale,
    symbol: options.symbol,
    currency: options.currency,
    exchange: options.exchange,
    assetClass: options.assetClass,
    source: decide("source", options.source, () => ({
      value: basename(path).slice(0, 200),
      because: "the file's name",
    })),
  });
  const timeColumn = columns.time ?? columns.date ?? columns.marketCapDate;
  const times = timeColumn === undefined ? [] : sampleColumn(file, timeColumn);
  const isTyped = isTimeType(file, timeColumn);
  const dateFormat = decide<DateFormat>("dateFormat", options.dateFormat, () => {
    if (timeColumn === undefined) return { value: "iso-date", because: "no column holds dates" };
    if (isTyped) return { value: "typed", because: `column ${timeColumn} has a date or time type` };
    return guessDateFormat(times);
  });
  const timeZone = decide("timeZone", options.timeZone, () => ({
    value: TRADING_TIME_ZONE,
    because: "the default for times without offset",
  }));
  const interval = decide<CandleInterval>("interval", options.interval, () =>
    kind === "prices"
      ? guessInterval(sampleInstants(times, isTyped ? "iso-datetime" : dateFormat, timeZone))
      : { value: "1d", because: "the file holds no candles" },
  );
  const draft = parseImportMapping({ ...known, dateFormat, timeZone, interval });
  if (kind !== "prices") return { mapping: draft, because };
  if (options.priceScale !== undefined) return { mapping: draft, because: { ...because, priceScale: GIVEN } };
  const isOtherMoney = draft.currency !== undefined && draft.currency !== "VND";
  if (isOtherMoney) return { mapping: draft, because: { ...because, priceScale: `prices are in ${draft.currency}` } };

  const scale = await guessPriceScale(path, draft, { knownVndEquities, signal });
  const { priceScale, scaledSymbols, isVndEquities } = scale.value;
  because.priceScale = scale.because;
  if (isVndEquities) {
    because.currency = draft.currency === undefined ? scale.because : GIVEN;
    because.assetClass = draft.assetClass === undefined ? scale.because : GIVEN;
  }
  return {
    mapping: {
      ...draft,
      priceScale,
      ...(scaledSymbols && { scaledSymbols: [...scaledSymbols] }),
      ...(isVndEquities && { currency: draft.currency ?? "VND", assetClass: draft.assetClass ?? "equity" }),
    },
    because,
  };
}

/** Columns named by hand say what the file holds when they include what no other kind has. */
function kindOf(columns: ColumnMapping | undefined): MappingKind | undefined {
  if (columns?.time !== undefined || columns?.close !== undefined) return "prices";
  return columns?.date === undefined ? undefined : "calendar";
}

function isTimeType(file: InspectedFile, column: string | undefined): boolean {
  const type = file.columnTypes[column === undefined ? -1 : file.columns.indexOf(column)];
  return type === "date" || type === "local-timestamp" || type === "instant";
}

/** Sampled texts of CSV columns; typed columns have no way of writing numbers to guess. */
function samplesOf(file: InspectedFile, columns: ColumnMapping, fields: readonly MappingField[]): string[] {
  return fields.flatMap((field) => {
    const column = columns[field];
    if (column === undefined || file.columnTypes[file.columns.indexOf(column)] !== "text") return [];
    return sampleColumn(file, column);
  });
}

function sampleColumn(file: InspectedFile, column: string): string[] {
  const position = file.columns.indexOf(column);
  return file.sampleRows.map((row) => row[position] ?? "");
}

function sampleInstants(times: readonly string[], dateFormat: DateFormat, timeZone: string): number[] {
  const isEpoch = dateFormat.startsWith("epoch");
  const parser = new TimestampParser({ dateFormat, timeZone: isEpoch ? timeZone : "UTC", daily: false });
  const encoder = new TextEncoder();
  return times.map((time) => {
    const bytes = encoder.encode(time);
    return parser.parse(bytes, 0, bytes.length);
  });
}
