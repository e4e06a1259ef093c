import { z } from "zod";
import { MARKET_API_LIMITS, SNAPSHOT_TYPES } from "../../contracts/market-api.js";
import { type ErrorCode, WorkbenchError } from "../../engine/errors.js";
import { CANDLE_INTERVALS, type CandleInterval } from "../../engine/market-data/candle-interval.js";
import { DATASETS } from "../../engine/market-data/dataset.js";
import { EXCHANGES } from "../../engine/market-data/exchange-conventions.js";
import { ASSET_CLASSES } from "../../engine/market-data/instrument.js";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";
import { type EpochMs, epochMs, MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { type TradingDate, tradingDateOf, tradingDateToEpochMs } from "../../engine/units/trading-date.js";

export const CANDLE_ANSWER_FORMATS = ["json", "csv", "arrow"] as const;

export type CandleAnswerFormat = (typeof CANDLE_ANSWER_FORMATS)[number];

/** An instant, or the whole of a trading date. */
export interface TimeBound {
  readonly startMs: EpochMs;
  readonly endMs: EpochMs;
}

const oneOf = <const Word extends string>(words: readonly Word[]) => z.enum(words, `accepted: ${words.join(", ")}`);
const words = z.string("accepted: a text").max(100, "accepted: up to 100 characters");
const DAY_ACCEPTED = "accepted: a day as YYYY-MM-DD";
const TIME_ACCEPTED =
  "accepted: a day as YYYY-MM-DD, an instant such as 2026-03-02T02:15:00Z, or epoch milliseconds; from 1900 on";
/** Years that the store and ISO dates of four digits both know. */
const FIRST_MS = Date.UTC(1900, 0, 1);
export const LAST_MS = Date.UTC(9999, 11, 30);
const LAST_DATE = "9999-12-31" as TradingDate;

const symbol = z
  .string("accepted: 1 to 32 of A-Z 0-9 . - _ ^ =")
  .regex(SYMBOL_PATTERN, "accepted: 1 to 32 of A-Z 0-9 . - _ ^ =")
  .transform((value) => value as InstrumentSymbol);
const day = z.iso.date(DAY_ACCEPTED).transform((value) => value as TradingDate);
const bound = z
  .string(TIME_ACCEPTED)
  .max(40, TIME_ACCEPTED)
  .transform((value, context): TimeBound => {
    const parsed = timeBoundOf(value);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: "custom", message: TIME_ACCEPTED });
    return z.NEVER;
  });
const dataset = oneOf(DATASETS).optional();
const cursor = z
  .string("accepted: nextCursor of the page before")
  .max(1_000, "accepted: nextCursor of the page before");

function limit(most: number) {
  const accepted = `accepted: a whole number from 1 to ${most}`;
  return z
    .string(accepted)
    .regex(/^\d{1,9}$/, accepted)
    .transform(Number)
    .pipe(z.number().min(1, accepted).max(most, accepted))
    .optional();
}

export const snapshotQuery = z.strictObject({ type: oneOf(SNAPSHOT_TYPES), dataset });
export const instrumentsQuery = z.strictObject({
  dataset,
  exchange: words.optional(),
  assetClass: oneOf(ASSET_CLASSES).optional(),
  sector: words.optional(),
  industry: words.optional(),
  search: words.optional(),
  limit: limit(MARKET_API_LIMITS.instruments.most),
  cursor: cursor.optional(),
});
export const candlesQuery = z.strictObject({
  symbol,
  interval: oneOf(CANDLE_INTERVALS as readonly [CandleInterval, ...CandleInterval[]]).default("1d"),
  from: bound.optional(),
  to: bound.optional(),
  limit: limit(MARKET_API_LIMITS.candles.most),
  cursor: cursor.optional(),
  format: oneOf(CANDLE_ANSWER_FORMATS).optional(),
  dataset,
});
export const ticksQuery = z.strictObject({
  /** Every symbol when left out. */
  symbol: symbol.optional(),
  from: bound.optional(),
  to: bound.optional(),
  limit: limit(MARKET_API_LIMITS.ticks.most),
  cursor: cursor.optional(),
  dataset,
});
export const indexesQuery = z.strictObject({ dataset });
export const sessionsQuery = z.strictObject({
  exchange: oneOf(EXCHANGES).default("HOSE"),
  date: day.optional(),
  dataset,
});
export const feedQuery = z.strictObject({ date: day.optional(), limit: limit(MARKET_API_LIMITS.feed.most) });

/** Fields that have an error code of their own. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  symbol: "SYMBOL_INVALID",
  interval: "INTERVAL_INVALID",
  from: "DATE_INVALID",
  to: "DATE_INVALID",
  date: "DATE_INVALID",
};

/** The parameters of a request. @throws the code of the first field that is wrong; the message names all of them */
export function requireQuery<Schema extends z.ZodObject>(
  schema: Schema,
  query: Readonly<Record<string, unknown>>,
): z.infer<Schema> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data as z.infer<Schema>;
  const problems = parsed.error.issues.flatMap((issue): { field: string; code?: ErrorCode; problem: string }[] => {
    if (issue.code === "unrecognized_keys") {
      const accepted = Object.keys(schema.shape).join(", ");
      return issue.keys.map((field) => ({
        field,
        code: "REQUEST_INVALID",
        problem: `invalid parameter: ${field} (accepted: ${accepted})`,
      }));
    }
    const field = String(issue.path[0]);
    const value = query[field];
    if (Array.isArray(value))
      return [{ field, problem: `invalid ${field}: given ${value.length} times (accepted: once)` }];
    const shown = value === undefined ? "missing" : JSON.stringify(String(value).slice(0, 40));
    return [{ field, problem: `invalid ${field}: ${shown} (${issue.message})` }];
  });
  const [first] = problems;
  throw new WorkbenchError(
    first!.code ?? CODES[first!.field] ?? "REQUEST_INVALID",
    problems.map(({ problem }) => problem).join("; "),
    {
      details: { fields: problems.map(({ field }) => field) },
    },
  );
}

/** @throws RANGE_INVALID */
export function requireOrder(from: TimeBound | undefined, to: TimeBound | undefined): void {
  if (from === undefined || to === undefined || from.startMs < to.endMs) return;
  throw new WorkbenchError(
    "RANGE_INVALID",
    `invalid range: ${new Date(from.startMs).toISOString()} to ${new Date(to.endMs).toISOString()} (accepted: from before to)`,
    { details: { fields: ["from", "to"] } },
  );
}

/** The last trading date before the end of a range. */
export function untilOf(to: TimeBound | undefined): TradingDate {
  return to === undefined ? LAST_DATE : tradingDateOf(to.endMs - 1);
}

/** Trades of every symbol are asked for from an instant on. @throws DATE_INVALID */
export function requireStartOfAll({ symbol, from }: Pick<z.infer<typeof ticksQuery>, "symbol" | "from">): void {
  if (symbol !== undefined || from !== undefined) return;
  throw new WorkbenchError("DATE_INVALID", `invalid from: missing without a symbol (${TIME_ACCEPTED})`, {
    details: { fields: ["from"] },
  });
}

function timeBoundOf(value: string): TimeBound | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    if (!z.iso.date().safeParse(value).success) return undefined;
    const startMs = tradingDateToEpochMs(value as TradingDate);
    return isInRange(startMs) ? { startMs, endMs: epochMs(startMs + MS_PER_DAY) } : undefined;
  }
  const instant = /^\d{1,16}$/.test(value)
    ? Number(value)
    : z.iso.datetime({ offset: true }).safeParse(value).success
      ? Date.parse(value)
      : Number.NaN;
  return isInRange(instant) ? { startMs: epochMs(instant), endMs: epochMs(instant) } : undefined;
}

function isInRange(instantMs: number): boolean {
  return instantMs >= FIRST_MS && instantMs <= LAST_MS;
}
