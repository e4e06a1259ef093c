import { WorkbenchError } from "../errors.js";

interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/** A place in parsed JSON that knows its path, for readers that refuse what they do not understand. */
export interface JsonField {
  field(name: string): JsonField;
  optionalField(name: string): JsonField | undefined;
  items(): JsonField[];
  emptyList(): void;
  text(): string;
  oneOf(accepted: readonly string[]): string;
  /** A finite number, or one in quotes: XGBoost writes parameters so. */
  number(range?: NumberRange): number;
  count(range?: NumberRange): number;
  /** All numbers of a list of this length. */
  numbers(range: NumberRange & { readonly length: number }): number[];
  /** A list of 0 and 1, or of true and false. */
  flags(length: number): number[];
  /** The error for a value that is not accepted. */
  refuse(accepted: string): WorkbenchError;
}

/** @throws FEATURES_INVALID for text that is no JSON, as all methods of the field for what they do not accept */
export function parseJsonField(text: string): JsonField {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WorkbenchError("FEATURES_INVALID", "invalid model: it is not JSON", { cause });
  }
  return jsonField(value, "");
}

function jsonField(value: unknown, path: string): JsonField {
  const refuse = (accepted: string) =>
    new WorkbenchError("FEATURES_INVALID", `invalid ${path || "model"}: ${shortText(value)} (accepted: ${accepted})`, {
      details: { path },
    });
  const field: JsonField = {
    refuse,
    optionalField(name) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse("an object");
      if (!Object.hasOwn(value, name)) return undefined;
      return jsonField((value as Record<string, unknown>)[name], path === "" ? name : `${path}.${name}`);
    },
    field(name) {
      const child = field.optionalField(name);
      if (child) return child;
      throw refuse(`an object with ${name}`);
    },
    items() {
      if (!Array.isArray(value)) throw refuse("a list");
      return value.map((item: unknown, index) => jsonField(item, `${path}[${index}]`));
    },
    emptyList() {
      if (!Array.isArray(value) || value.length > 0) throw refuse("an empty list");
    },
    text() {
      if (typeof value !== "string") throw refuse("text");
      return value;
    },
    oneOf(accepted) {
      const found = accepted.find((each) => each === value);
      if (found === undefined) throw refuse(accepted.join(" or "));
      return found;
    },
    number(range = {}) {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      if (!isIn(number, range)) throw refuse(textOfRange(range));
      return number;
    },
    count: (range = {}) => field.number({ min: 0, ...range, integer: true }),
    numbers({ length, ...range }) {
      if (!Array.isArray(value) || value.length !== length) throw refuse(`a list of ${length} numbers`);
      const wrong = value.findIndex((item) => !isIn(item, range));
      if (wrong >= 0) throw jsonField(value[wrong], `${path}[${wrong}]`).refuse(textOfRange(range));
      return value;
    },
    flags(length) {
      if (!Array.isArray(value)) throw refuse("a list");
      const numbers = value.map((item: unknown) => (typeof item === "boolean" ? Number(item) : item));
      return jsonField(numbers, path).numbers({ length, min: 0, max: 1, integer: true });
    },
  };
  return field;
}

function isIn(value: unknown, { min = -Infinity, max = Infinity, integer = false }: NumberRange): value is number {
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  return value >= min && value <= max && (!integer || Number.isInteger(value));
}

function textOfRange({ min, max, integer = false }: NumberRange): string {
  const kind = integer ? "an integer" : "a finite number";
  if (min === undefined) return kind;
  return max === undefined ? `${kind} of at least ${min}` : `${kind} from ${min} to ${max}`;
}

function shortText(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
