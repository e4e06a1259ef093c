import type { EpochMs } from "../engine/units/epoch-ms.js";
import type { TradingDate } from "../engine/units/trading-date.js";

/*
 * COPY takes no parameters, so its SELECT carries literals. Only branded, already validated values come here,
 * and they are quoted all the same.
 */

export function textLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

export function textListLiteral(values: readonly string[]): string {
  return `ARRAY[${values.map(textLiteral).join(",")}]::text[]`;
}

export function instantLiteral(instant: EpochMs | number): string {
  return `TIMESTAMPTZ '${new Date(instant).toISOString()}'`;
}

/** Exact to the microsecond, as events are stored; `instantLiteral` drops what is less than a millisecond. */
export function microsecondLiteral(instantMs: number): string {
  const wholeMs = Math.floor(instantMs);
  const micros = Math.round((instantMs - wholeMs) * 1_000);
  const carriedMs = micros === 1_000 ? wholeMs + 1 : wholeMs;
  const text = new Date(carriedMs).toISOString().slice(0, -1);
  return `TIMESTAMPTZ '${text}${String(micros % 1_000).padStart(3, "0")}Z'`;
}

export function dateLiteral(date: TradingDate): string {
  return `DATE '${date}'`;
}
