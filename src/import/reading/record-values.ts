import { WorkbenchError } from "../../engine/errors.js";
import { type InstrumentSymbol, instrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import { type TradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import type { ImportMapping, MappingField } from "../mapping/import-mapping.js";
import { isMissingValue, parseDecimal } from "./decimal-parser.js";
import type { RejectedRow } from "./price-batch.js";
import type { FieldRecord } from "./read-records.js";
import { TimestampParser } from "./timestamp-parser.js";

/** Reads the fields of a record as values. Each method throws the `WorkbenchError` that becomes the row's reason. */
export class RecordValues {
  readonly #decimalPoint: number;
  readonly #dates: TimestampParser;

  constructor(mapping: ImportMapping) {
    this.#decimalPoint = mapping.format.decimal.charCodeAt(0);
    this.#dates = new TimestampParser({ ...mapping, daily: true });
  }

  symbol(record: FieldRecord): InstrumentSymbol {
    return instrumentSymbol(record.field("symbol") ?? "");
  }

  text(record: FieldRecord, field: MappingField): string | undefined {
    const text = record.field(field);
    if (text === undefined || isMissingText(text)) return undefined;
    if (text.includes("\ufffd")) throw invalid(field, text, "text in UTF-8");
    if (text.length > MAX_TEXT_CHARS) throw invalid(field, text, `at most ${MAX_TEXT_CHARS} characters`);
    return text;
  }

  /** A number of at least 0; `undefined` when missing. */
  amount(record: FieldRecord, field: MappingField): number | undefined {
    const text = record.field(field);
    if (text === undefined || isMissingText(text)) return undefined;
    const bytes = encoder.encode(text);
    const value = parseDecimal(bytes, 0, bytes.length, this.#decimalPoint, 0);
    if (!Number.isFinite(value)) throw invalid(field, text, "a number");
    if (value < 0) throw invalid(field, text, "a number of at least 0");
    return value;
  }

  date(record: FieldRecord, field: MappingField): TradingDate | undefined {
    const text = record.field(field);
    if (text === undefined || isMissingText(text)) return undefined;
    const bytes = encoder.encode(text);
    const instantMs = this.#dates.parse(bytes, 0, bytes.length);
    if (!Number.isNaN(instantMs)) return tradingDateOf(epochMs(instantMs));
    throw new WorkbenchError(
      "DATE_INVALID",
      `invalid ${field}: ${JSON.stringify(text.slice(0, 80))} (accepted: an existing date in the mapping's format)`,
    );
  }

  /** One of `accepted`; `undefined` when missing. */
  choice<Choice extends string>(
    record: FieldRecord,
    field: MappingField,
    accepted: readonly Choice[],
  ): Choice | undefined {
    const text = this.text(record, field)?.toLowerCase();
    if (text === undefined) return undefined;
    const choice = accepted.find((candidate) => candidate === text);
    if (choice === undefined) throw invalid(field, text, accepted.join(", "));
    return choice;
  }
}

export function invalid(field: string, value: string, accepted: string): WorkbenchError {
  const shown = JSON.stringify(value.slice(0, 80));
  return new WorkbenchError("ROWS_INVALID", `invalid ${field}: ${shown} (accepted: ${accepted})`);
}

export function invalidRow(problem: string): WorkbenchError {
  return new WorkbenchError("ROWS_INVALID", problem);
}

/** The rejected row for an error thrown while reading `record`; rethrows what is no verdict on the row. */
export function rejectedRow(record: FieldRecord, error: unknown): RejectedRow {
  if (error instanceof WorkbenchError) {
    const { code, message: reason } = error;
    if (code === "ROWS_INVALID" || code === "DATE_INVALID" || code === "SYMBOL_INVALID") {
      return { line: record.line, code, reason, text: record.text };
    }
  }
  throw error;
}

function isMissingText(text: string): boolean {
  const bytes = encoder.encode(text);
  return isMissingValue(bytes, 0, bytes.length);
}

const encoder = new TextEncoder();
const MAX_TEXT_CHARS = 500;
