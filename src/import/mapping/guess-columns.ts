import { WorkbenchError } from "../../engine/errors.js";
import { COLUMN_ALIASES, normalizedHeader } from "./column-aliases.js";
import { FIELDS_BY_KIND, MAPPING_KINDS, type MappingField, type MappingKind } from "./import-mapping.js";

export type ColumnMapping = Readonly<Partial<Record<MappingField, string>>>;

/**
 * What a file holds, by its headers: prices when they name a time and a close, a calendar when they name a date and
 * a kind of day, instruments when they name a symbol and something about it.
 * @throws MAPPING_UNKNOWN, or FILE_HEADER_INVALID when the header looks like a row of values
 */
export function guessKind(headers: readonly string[]): MappingKind {
  const prices = guessColumns("prices", headers);
  if (prices.time !== undefined && prices.close !== undefined) return "prices";
  const calendar = guessColumns("calendar", headers);
  if (calendar.date !== undefined && calendar.kind !== undefined && prices.symbol === undefined) return "calendar";
  const { symbol, ...facts } = guessColumns("instruments", headers);
  if (symbol !== undefined && Object.keys(facts).length > 0 && prices.time === undefined) return "instruments";
  const value = headers.find((header) => /^[-+]?\d+(?:[.,]\d+)?$/.test(header));
  if (value !== undefined) {
    throw new WorkbenchError(
      "FILE_HEADER_INVALID",
      `invalid header: the first row holds values such as ${value}, not names (accepted: a row of names; or --no-header and columns by position, as in --column time=1)`,
      { details: { headers } },
    );
  }
  const accepted = MAPPING_KINDS.map((kind) => `${kind} with ${FIELDS_BY_KIND[kind].required.join(" and ")}`);
  throw new WorkbenchError(
    "MAPPING_UNKNOWN",
    `invalid header: ${headers.join(", ").slice(0, 300)} fits no kind of file (accepted: ${accepted.join("; ")}; or columns named with --column field=header)`,
    { details: { headers } },
  );
}

/** The column of each field that a header names. A header serves one field, the first that knows it. */
export function guessColumns(kind: MappingKind, headers: readonly string[]): ColumnMapping {
  const normalized = headers.map(normalizedHeader);
  const columns: Partial<Record<MappingField, string>> = {};
  const taken = new Set<number>();
  const assign = (field: MappingField, aliases: readonly string[]): void => {
    for (const alias of aliases) {
      const position = normalized.indexOf(alias);
      if (position < 0 || taken.has(position)) continue;
      taken.add(position);
      columns[field] = headers[position]!;
      return;
    }
  };
  for (const [field, aliases] of Object.entries(COLUMN_ALIASES[kind])) assign(field as MappingField, aliases);
  // "price" is the close of a candle only beside its other prices; alone it may be a trade or a snapshot.
  if (kind === "prices" && columns.close === undefined && columns.open !== undefined && columns.high !== undefined) {
    assign("close", ["price", "adjclose"]);
  }
  return columns;
}
