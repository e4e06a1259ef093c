/** One message of DNSE, decoded but not yet trusted. */
export type DnsePayload = Readonly<Record<string, unknown>>;

/** A field that cannot be read; its message names the field, the problem and what is accepted. */
export class InvalidField extends Error {
  constructor(field: string, value: unknown, accepted: string) {
    super(
      value === undefined || value === null
        ? `missing ${field} (accepted: ${accepted})`
        : `invalid ${field}: ${shown(value)} (accepted: ${accepted})`,
    );
    this.name = "InvalidField";
  }
}

/** The value of the first of several spellings of a field that has one. */
export function present(payload: DnsePayload, names: readonly string[]): unknown {
  for (let index = 0; index < names.length; index++) {
    const value = payload[names[index]!];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** Which spelling of a field a payload uses, for messages; the first where it has none. */
export function spellingOf(payload: DnsePayload, names: readonly string[]): string {
  return names.find((name) => payload[name] !== undefined && payload[name] !== null) ?? names[0]!;
}

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** A number, or its decimal digits as a string; `NaN` for anything else. */
export function numberFrom(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") {
    const text = value.trim();
    return DECIMAL.test(text) ? Number(text) : Number.NaN;
  }
  return typeof value === "bigint" ? Number(value) : Number.NaN;
}

/** A price above 0. */
export function positiveNumber(payload: DnsePayload, names: readonly string[]): number {
  const value = numberFrom(present(payload, names));
  if (value > 0 && value < Infinity) return value;
  throw invalid(payload, names, "a number above 0");
}

/** A count or volume, 0 or more. */
export function nonNegativeNumber(payload: DnsePayload, names: readonly string[]): number {
  const value = numberFrom(present(payload, names));
  if (value >= 0 && value < Infinity) return value;
  throw invalid(payload, names, "a number of at least 0");
}

/** The same where the source may have no value: `NaN` for a field that is missing or null. */
export function optionalNonNegativeNumber(payload: DnsePayload, names: readonly string[]): number {
  return present(payload, names) === undefined ? Number.NaN : nonNegativeNumber(payload, names);
}

export function invalid(payload: DnsePayload, names: readonly string[], accepted: string): InvalidField {
  return new InvalidField(spellingOf(payload, names), present(payload, names), accepted);
}

export function isPayload(value: unknown): value is DnsePayload {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The beginning of a value as JSON, for messages; a value that has no JSON by its type. */
export function shown(value: unknown, characters = 80): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, characters);
  } catch {
    return typeof value;
  }
}
