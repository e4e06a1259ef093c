import { POSTGRES_EPOCH_DAYS, POSTGRES_EPOCH_MS } from "./format.js";

/**
 * Growable columns filled from binary COPY fields. `fieldStarts` holds, row by row, the offset of every
 * field's bytes (-1 for NULL); a builder reads column `column` of `columnCount`. Each type has a loop of its
 * own, so the engine compiles one tight loop per type.
 */
export interface ColumnBuilder {
  append(view: DataView, fieldStarts: Int32Array, column: number, columnCount: number, rowCount: number): void;
  /** Forgets the rows taken so far; dictionaries are kept, so codes stay valid across batches. */
  reset(): void;
}

const FIRST_CAPACITY = 1 << 12;

type NumberArray = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** `values` itself when `needed` elements fit, else a copy of twice the size or more. */
function withCapacity<A extends NumberArray>(values: A, needed: number, create: (capacity: number) => A): A {
  if (needed <= values.length) return values;
  let capacity = values.length;
  while (capacity < needed) capacity *= 2;
  const grown = create(capacity);
  grown.set(values);
  return grown;
}

const newFloat64Array = (capacity: number) => new Float64Array(capacity);
const newInt32Array = (capacity: number) => new Int32Array(capacity);

/** `float8` as `Float64Array`, NULL as `NaN`. */
export class Float64ColumnBuilder implements ColumnBuilder {
  #values = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  append(view: DataView, fieldStarts: Int32Array, column: number, columnCount: number, rowCount: number): void {
    this.#values = withCapacity(this.#values, this.#length + rowCount, newFloat64Array);
    const values = this.#values;
    let to = this.#length;
    for (let i = column, end = column + rowCount * columnCount; i < end; i += columnCount) {
      const start = fieldStarts[i]!;
      values[to++] = start < 0 ? Number.NaN : view.getFloat64(start);
    }
    this.#length = to;
  }

  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  reset(): void {
    this.#values = new Float64Array(this.#values.length);
    this.#length = 0;
  }
}

/** `timestamptz` as UTC epoch milliseconds, exact to the microsecond; NULL as `NaN`. */
export class TimestampColumnBuilder implements ColumnBuilder {
  #values = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  append(view: DataView, fieldStarts: Int32Array, column: number, columnCount: number, rowCount: number): void {
    this.#values = withCapacity(this.#values, this.#length + rowCount, newFloat64Array);
    const values = this.#values;
    let to = this.#length;
    for (let i = column, end = column + rowCount * columnCount; i < end; i += columnCount) {
      const start = fieldStarts[i]!;
      values[to++] =
        start < 0
          ? Number.NaN
          : (view.getInt32(start) * 4_294_967_296 + view.getUint32(start + 4)) / 1_000 + POSTGRES_EPOCH_MS;
    }
    this.#length = to;
  }

  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  reset(): void {
    this.#values = new Float64Array(this.#values.length);
    this.#length = 0;
  }
}

/** `int4` or `date` as `Int32Array` with an offset added; NULL is not expected and reads as 0. */
export class Int32ColumnBuilder implements ColumnBuilder {
  #values = new Int32Array(FIRST_CAPACITY);
  #length = 0;
  readonly #offset: number;

  constructor(offset = 0) {
    this.#offset = offset;
  }

  append(view: DataView, fieldStarts: Int32Array, column: number, columnCount: number, rowCount: number): void {
    this.#values = withCapacity(this.#values, this.#length + rowCount, newInt32Array);
    const values = this.#values;
    let to = this.#length;
    for (let i = column, end = column + rowCount * columnCount; i < end; i += columnCount) {
      const start = fieldStarts[i]!;
      values[to++] = start < 0 ? 0 : view.getInt32(start) + this.#offset;
    }
    this.#length = to;
  }

  get values(): Int32Array {
    return this.#values.subarray(0, this.#length);
  }

  reset(): void {
    this.#values = new Int32Array(this.#values.length);
    this.#length = 0;
  }
}

/** `date` as days since 1970-01-01. */
export function dayColumnBuilder(): Int32ColumnBuilder {
  return new Int32ColumnBuilder(POSTGRES_EPOCH_DAYS);
}

/**
 * `text` as codes into a dictionary in order of first appearance; NULL as code -1. A text seen in the row
 * before is recognised by its bytes without hashing; others by a hash whose collisions are resolved by bytes.
 */
export class TextColumnBuilder implements ColumnBuilder {
  readonly #decoder = new TextDecoder();
  readonly #entries: Uint8Array[] = [];
  readonly #texts: string[] = [];
  readonly #codesByHash = new Map<number, number[]>();
  #codes = new Int32Array(FIRST_CAPACITY);
  #length = 0;

  append(view: DataView, fieldStarts: Int32Array, column: number, columnCount: number, rowCount: number): void {
    this.#codes = withCapacity(this.#codes, this.#length + rowCount, newInt32Array);
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    let to = this.#length;
    let previous = -1;
    for (let i = column, end = column + rowCount * columnCount; i < end; i += columnCount) {
      const start = fieldStarts[i]!;
      if (start < 0) {
        this.#codes[to++] = -1;
        continue;
      }
      const length = view.getInt32(start - 4);
      if (previous < 0 || !sameBytes(this.#entries[previous]!, bytes, start, length)) {
        previous = this.#codeOf(bytes, start, length);
      }
      this.#codes[to++] = previous;
    }
    this.#length = to;
  }

  get codes(): Int32Array {
    return this.#codes.subarray(0, this.#length);
  }

  get dictionary(): readonly string[] {
    return this.#texts;
  }

  /** The text of a row; `undefined` for NULL. */
  at(row: number): string | undefined {
    const code = this.#codes[row]!;
    return code < 0 ? undefined : this.#texts[code];
  }

  /** The texts row by row; `undefined` for NULL. */
  get values(): (string | undefined)[] {
    return Array.from(this.codes, (code) => (code < 0 ? undefined : this.#texts[code]));
  }

  reset(): void {
    this.#codes = new Int32Array(this.#codes.length);
    this.#length = 0;
  }

  #codeOf(bytes: Uint8Array, start: number, length: number): number {
    let hash = length;
    for (let i = start, end = start + length; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
    const candidates = this.#codesByHash.get(hash);
    const known = candidates?.find((code) => sameBytes(this.#entries[code]!, bytes, start, length));
    if (known !== undefined) return known;
    const entry = bytes.slice(start, start + length);
    const code = this.#entries.push(entry) - 1;
    this.#texts.push(this.#decoder.decode(entry));
    if (candidates) candidates.push(code);
    else this.#codesByHash.set(hash, [code]);
    return code;
  }
}

function sameBytes(entry: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (entry.length !== length) return false;
  for (let i = 0; i < length; i++) if (entry[i] !== bytes[start + i]) return false;
  return true;
}
