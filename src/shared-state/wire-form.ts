import type { PriceLevel } from "../engine/live-market/market-event.js";

/** How values of one kind are written into MessagePack, and read again from what may be anything. */
export interface WireForm<T> {
  write(value: T): unknown;
  /** @throws TypeError where it is not of this form */
  read(value: unknown): T;
}

/** A form for every field of an object, in the order in which they are written. */
export type FieldForms<T> = { readonly [Field in keyof T]-?: WireForm<T[Field]> };

export const number = plain("number", (value): value is number => typeof value === "number");
export const flag = plain("flag", (value): value is boolean => typeof value === "boolean");

/** Texts and brands of texts. */
export function text<T extends string = string>(): WireForm<T> {
  return plain("text", (value): value is T => typeof value === "string");
}

/** The index of a word in a closed list. */
export function word<const Word extends string>(words: readonly Word[]): WireForm<Word> {
  return {
    write: (value) => words.indexOf(value),
    read: (value) => {
      const known = words[number.read(value)];
      if (known === undefined) throw new TypeError("not a word of the list");
      return known;
    },
  };
}

/** What is missing is nil. */
export function optional<T>(form: WireForm<T>): WireForm<T | undefined> {
  return {
    write: (value) => (value === undefined ? null : form.write(value)),
    read: (value) => (value === null ? undefined : form.read(value)),
  };
}

/** Price, quantity, price, quantity, … */
export const levels: WireForm<readonly PriceLevel[]> = {
  write: (value) => value.flatMap(({ price, quantity }) => [price, quantity]),
  read: (value) => {
    const pairs = listOf(value);
    return Array.from({ length: pairs.length / 2 }, (_, at) => ({
      price: number.read(pairs[2 * at]),
      quantity: number.read(pairs[2 * at + 1]),
    }));
  },
};

/** @throws TypeError */
export function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return value;
}

/** Appends the fields of an object to a row, without their names. */
export function writeFields<T extends object>(row: unknown[], forms: FieldForms<T>, value: T): void {
  for (const field in forms) row.push(forms[field].write(value[field]));
}

/** Adds to an object its fields from place `at` of a row on. @throws TypeError */
export function readFields<T extends object, Known extends object>(
  value: Known,
  row: readonly unknown[],
  forms: FieldForms<T>,
  at: number,
): Known & T {
  const whole = value as Known & T;
  let place = at;
  for (const field in forms) whole[field] = forms[field].read(row[place++]) as (Known & T)[typeof field];
  return whole;
}

function plain<T>(name: string, isOfKind: (value: unknown) => value is T): WireForm<T> {
  return {
    write: (value) => value,
    read: (value) => {
      if (!isOfKind(value)) throw new TypeError(`not a ${name}`);
      return value;
    },
  };
}
