import { z } from "zod";
import { WorkbenchError } from "../../engine/errors.js";
import { CANDLE_INTERVALS, type CandleInterval } from "../../engine/market-data/candle-interval.js";
import { ASSET_CLASSES } from "../../engine/market-data/instrument.js";
import { SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";
import { TRADING_TIME_ZONE } from "../../engine/units/trading-date.js";

export const MAPPING_KINDS = ["prices", "instruments", "calendar"] as const;
export type MappingKind = (typeof MAPPING_KINDS)[number];

export const FILE_CONTAINERS = ["csv", "parquet", "arrow"] as const;
export type FileContainer = (typeof FILE_CONTAINERS)[number];

/**
 * How a date or time is written.
 *
 * - `iso-date`: `2024-12-31`, also with `/` or `.`; `iso-datetime`: the same with `T` or a space and `HH:MM[:SS[.fff]]`
 *   and an optional `Z` or `+07:00`. Either reads both.
 * - `dmy`, `mdy`: `31/12/2024`, `12/31/2024`, with `/`, `-` or `.`, and an optional time.
 * - `ymd-compact`: `20241231`, and an optional time.
 * - `epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`: a count since 1970-01-01T00:00:00Z.
 * - `typed`: the date or timestamp type of a Parquet or Arrow column.
 */
export const DATE_FORMATS = [
  "iso-date",
  "iso-datetime",
  "dmy",
  "mdy",
  "ymd-compact",
  "epoch-s",
  "epoch-ms",
  "epoch-us",
  "epoch-ns",
  "typed",
] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

/** The fields of each kind of file, those it cannot do without first. */
export const FIELDS_BY_KIND = {
  prices: {
    required: ["time", "close"],
    optional: ["symbol", "open", "high", "low", "volume", "name"],
  },
  instruments: {
    required: ["symbol"],
    optional: [
      "name",
      "exchange",
      "sector",
      "industry",
      "assetClass",
      "currency",
      "lotSize",
      "marketCap",
      "marketCapDate",
    ],
  },
  calendar: {
    required: ["date", "kind"],
    optional: ["exchange", "note"],
  },
} as const satisfies Record<MappingKind, { required: readonly string[]; optional: readonly string[] }>;

type FieldsOf<Kind extends MappingKind> =
  | (typeof FIELDS_BY_KIND)[Kind]["required"][number]
  | (typeof FIELDS_BY_KIND)[Kind]["optional"][number];
export type MappingField = FieldsOf<MappingKind>;

const symbolSchema = z.string().regex(SYMBOL_PATTERN, "accepted: 1 to 32 of A-Z 0-9 . - _ ^ =");

const formatSchema = z.object({
  container: z.enum(FILE_CONTAINERS),
  gzip: z.boolean().default(false),
  /** One ASCII character other than a quote or line end; of no meaning outside CSV. */
  delimiter: z
    .string()
    .regex(/^[\t\x20-\x7e]$/, "accepted: one ASCII character")
    .refine((value) => value !== '"', "accepted: a character other than the quote")
    .default(","),
  decimal: z.enum([".", ","]).default("."),
  /** Whether the first row names the columns; otherwise they are called `1`, `2`, `3`, … */
  header: z.boolean().default(true),
});

/** How the rows of a file become candles, instruments or calendar days. Recorded with each import. */
export const importMappingSchema = z
  .object({
    kind: z.enum(MAPPING_KINDS),
    format: formatSchema,
    /** Column of the file for each field. */
    columns: z.record(z.string(), z.string()),
    dateFormat: z.enum(DATE_FORMATS).default("iso-date"),
    /** IANA zone of intraday times without offset, and in which UTC times of daily rows are dated. */
    timeZone: z
      .string()
      .refine(isTimeZone, "accepted: an IANA name such as Asia/Ho_Chi_Minh")
      .default(TRADING_TIME_ZONE),
    interval: z.enum(CANDLE_INTERVALS as readonly [CandleInterval, ...CandleInterval[]]).default("1d"),
    /** Factor from the file's prices to major units: 1000 for a file in thousand VND. */
    priceScale: z.literal([1, 1000]).default(1),
    /** Symbols whose prices are scaled; all of them when absent. */
    scaledSymbols: z.array(symbolSchema).optional(),
    /** Symbol of every row, for a file without symbol column. */
    symbol: symbolSchema.optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, "accepted: an ISO 4217 code such as VND")
      .optional(),
    exchange: z.string().min(1).max(32).optional(),
    assetClass: z.enum(ASSET_CLASSES).optional(),
    /** Where the data come from, in words; shown under figures. */
    source: z.string().min(1).max(200),
  })
  .superRefine((mapping, context) => {
    const { required, optional } = FIELDS_BY_KIND[mapping.kind];
    const known: readonly string[] = [...required, ...optional];
    for (const field of Object.keys(mapping.columns)) {
      if (!known.includes(field)) {
        context.addIssue({ code: "custom", path: ["columns", field], message: `accepted: ${known.join(", ")}` });
      }
    }
    for (const field of required) {
      if (mapping.columns[field] === undefined) {
        context.addIssue({ code: "custom", path: ["columns", field], message: "accepted: the name of a column" });
      }
    }
    if (mapping.kind === "prices" && (mapping.columns.symbol === undefined) === (mapping.symbol === undefined)) {
      const message = "accepted: either a symbol column or one symbol for the whole file";
      context.addIssue({ code: "custom", path: ["symbol"], message });
    }
    if (mapping.kind === "calendar" && mapping.columns.exchange === undefined && mapping.exchange === undefined) {
      const message = "accepted: an exchange column or one exchange for the whole file";
      context.addIssue({ code: "custom", path: ["exchange"], message });
    }
  });

type ParsedMapping = z.infer<typeof importMappingSchema>;

export type ImportMapping = Omit<ParsedMapping, "columns"> & {
  readonly columns: Readonly<Partial<Record<MappingField, string>>>;
};

/** @throws MAPPING_INVALID naming the first field that is wrong and what it accepts. */
export function parseImportMapping(value: unknown): ImportMapping {
  const result = importMappingSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") || "mapping";
  const accepted = issue?.message.replace(/^(accepted: |Invalid \w+: expected )/, "") ?? "a mapping";
  throw new WorkbenchError(
    "MAPPING_INVALID",
    `invalid ${field}: ${shown(value, issue?.path ?? [])} (accepted: ${accepted})`,
    {
      cause: result.error,
      details: { field, issues: result.error.issues.map(({ path, message }) => ({ path, message })) },
    },
  );
}

/** The value at a path, as messages show it. */
function shown(value: unknown, path: readonly PropertyKey[]): string {
  let at = value;
  for (const key of path) at = typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
  return at === undefined ? "missing" : String(JSON.stringify(at)).slice(0, 80);
}

/** The decimal places by which prices of a symbol are shifted to major units: 0 or 3. */
export function priceShiftOf(mapping: Pick<ImportMapping, "priceScale" | "scaledSymbols">): (symbol: string) => number {
  if (mapping.priceScale === 1) return () => 0;
  if (mapping.scaledSymbols === undefined) return () => 3;
  const scaled = new Set<string>(mapping.scaledSymbols);
  return (symbol) => (scaled.has(symbol) ? 3 : 0);
}

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}
