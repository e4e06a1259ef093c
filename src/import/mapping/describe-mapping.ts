import type { GuessedMapping } from "./guess-mapping.js";

export interface MappingLine {
  readonly field: string;
  readonly value: string;
  /** Why, in one sentence; empty when it follows from the file itself. */
  readonly because: string;
}

/** The mapping as lines for a person to check before it is used. */
export function describeMapping({ mapping, because }: GuessedMapping): MappingLine[] {
  const { kind, format, columns } = mapping;
  const lines: MappingLine[] = [];
  const add = (field: string, value: string | undefined, reason = because[field] ?? ""): void => {
    if (value !== undefined) lines.push({ field, value, because: reason });
  };
  add("kind", kind);
  add("container", format.gzip ? `${format.container}, gzipped` : format.container, "the file's first bytes");
  if (format.container === "csv") {
    add("delimiter", DELIMITER_NAMES[format.delimiter] ?? format.delimiter, "it splits the rows evenly");
    add("decimal", format.decimal === "," ? "comma" : "point");
    if (!format.header) add("header", "none");
  }
  for (const [field, column] of Object.entries(columns)) add(field, `column ${JSON.stringify(column)}`, "its header");
  add("symbol", mapping.symbol, "given");
  if (kind === "prices" || columns.date !== undefined || columns.marketCapDate !== undefined) {
    add("dateFormat", mapping.dateFormat);
  }
  if (kind === "prices") {
    add("interval", mapping.interval);
    add("timeZone", mapping.timeZone);
    add("priceScale", describeScale(mapping.priceScale, mapping.scaledSymbols));
  }
  add("currency", mapping.currency, because.currency ?? "given");
  add("exchange", mapping.exchange, "given");
  add("assetClass", mapping.assetClass, because.assetClass ?? "given");
  add("source", mapping.source);
  return lines;
}

const DELIMITER_NAMES: Readonly<Record<string, string>> = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };

function describeScale(priceScale: 1 | 1000, scaledSymbols: readonly string[] | undefined): string {
  if (priceScale === 1) return "as they stand";
  if (scaledSymbols === undefined) return "× 1,000 (thousand VND)";
  return `× 1,000 (thousand VND) for ${scaledSymbols.length} symbols`;
}
