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

export function dateLiteral(date: TradingDate): string {
  return `DATE '${date}'`;
}
