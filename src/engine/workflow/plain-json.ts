import type { JsonValue } from "./json-value.js";

export interface JsonLimits {
  readonly depth: number;
  readonly values: number;
  readonly characters: number;
}

export type PlainJson =
  | { readonly isPlain: true; readonly value: JsonValue }
  /** `path` leads to the value that is wrong. */
  | {
      readonly isPlain: false;
      readonly isTooLarge: boolean;
      readonly path: readonly (string | number)[];
      readonly problem: string;
    };

/** Keys that mean something else to objects; a program that merges such data could be led astray. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

class NotPlain extends Error {
  constructor(
    readonly problem: string,
    readonly isTooLarge = false,
  ) {
    super(problem);
  }
}

/**
 * A copy that holds JSON and nothing else, whatever the value is: no cycles, no functions, no numbers that JSON lacks, no
 * keys of prototypes, nothing inherited. Fields that are undefined are left out, as JSON.stringify does. Ends early when
 * there is more than the limits allow; never throws.
 */
export function copyPlainJson(value: unknown, limits: JsonLimits): PlainJson {
  const path: (string | number)[] = [];
  let values = 0;
  let characters = 0;

  function countText(text: string): string {
    characters += text.length;
    if (characters > limits.characters) throw tooLarge(limits.characters, "characters");
    return text;
  }

  function copyOf(current: unknown): JsonValue {
    if (++values > limits.values) throw tooLarge(limits.values, "values");
    if (typeof current === "string") return countText(current);
    if (typeof current === "boolean" || current === null) return current;
    if (typeof current === "number") {
      if (Number.isFinite(current)) return current;
      throw new NotPlain(`${current} (accepted: a finite number)`);
    }
    if (typeof current !== "object") throw new NotPlain(`a ${typeof current} (accepted: what JSON can say)`);
    if (path.length >= limits.depth)
      throw new NotPlain(`nested too deeply (accepted: at most ${limits.depth} levels)`, true);
    return Array.isArray(current) ? copyOfList(current) : copyOfObject(current);
  }

  function copyOfList(list: readonly unknown[]): JsonValue {
    if (list.length > limits.values - values) throw tooLarge(limits.values, "values");
    const copy: JsonValue[] = [];
    for (let i = 0; i < list.length; i++) {
      path.push(i);
      copy.push(copyOf(list[i]));
      path.pop();
    }
    return copy;
  }

  function copyOfObject(object: object): JsonValue {
    const prototype = Object.getPrototypeOf(object);
    if (prototype !== Object.prototype && prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      throw new NotPlain("an object of a class (accepted: a plain object)");
    }
    const copy: Record<string, JsonValue> = {};
    for (const key of Object.keys(object)) {
      path.push(countText(key));
      if (FORBIDDEN_KEYS.has(key)) throw new NotPlain("a key that is not accepted (accepted: any other)");
      const field = (object as Readonly<Record<string, unknown>>)[key];
      if (field !== undefined) copy[key] = copyOf(field);
      path.pop();
    }
    return copy;
  }

  try {
    return { isPlain: true, value: copyOf(value) };
  } catch (error) {
    // A getter or a proxy may throw anything at all.
    const { problem, isTooLarge } = error instanceof NotPlain ? error : new NotPlain("unreadable (accepted: JSON)");
    return { isPlain: false, isTooLarge, path, problem };
  }
}

function tooLarge(most: number, what: string): NotPlain {
  return new NotPlain(`too much of it (accepted: at most ${most.toLocaleString("en-US")} ${what} in all)`, true);
}
