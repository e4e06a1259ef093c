import { type InstrumentSymbol, SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";

const MAX_SYMBOL_BYTES = 32;
const SPACE = 0x20;

/**
 * Numbers the symbols of a file 0, 1, 2, … in order of appearance, recognising them by their bytes so that a
 * row of a known symbol creates no string.
 */
export class SymbolDictionary {
  readonly symbols: InstrumentSymbol[] = [];
  /** Bytes of symbol `code`, at `code * MAX_SYMBOL_BYTES`. */
  #known = new Uint8Array(256 * MAX_SYMBOL_BYTES);
  #lengths = new Uint8Array(256);
  /** Open addressing; a slot holds `code + 1`, or 0. */
  #slots = new Int32Array(1024);
  #lastCode = -1;

  /** The code of the symbol written in `bytes[start .. end)`; -1 when that is not a valid symbol. */
  codeOf(bytes: Uint8Array, start: number, end: number): number {
    while (start < end && bytes[start] === SPACE) start++;
    while (end > start && bytes[end - 1] === SPACE) end--;
    const length = end - start;
    if (length === 0 || length > MAX_SYMBOL_BYTES) return -1;
    if (this.#lastCode >= 0 && this.#isKnownAs(this.#lastCode, bytes, start, length)) return this.#lastCode;
    const mask = this.#slots.length - 1;
    let slot = hash(bytes, start, end) & mask;
    while (this.#slots[slot] !== 0) {
      const code = this.#slots[slot]! - 1;
      if (this.#isKnownAs(code, bytes, start, length)) {
        this.#lastCode = code;
        return code;
      }
      slot = (slot + 1) & mask;
    }
    return this.#add(bytes, start, end, slot);
  }

  /** As `codeOf`, for text that is a string already. */
  codeOfText(text: string): number {
    const bytes = encoder.encode(text.slice(0, 2 * MAX_SYMBOL_BYTES));
    return this.codeOf(bytes, 0, bytes.length);
  }

  #add(bytes: Uint8Array, start: number, end: number, slot: number): number {
    const text = String.fromCharCode(...bytes.subarray(start, end));
    if (!SYMBOL_PATTERN.test(text)) return -1;
    const code = this.symbols.length;
    if (code === this.#lengths.length) {
      this.#known = grown(this.#known);
      this.#lengths = grown(this.#lengths);
    }
    this.symbols.push(text as InstrumentSymbol);
    this.#known.set(bytes.subarray(start, end), code * MAX_SYMBOL_BYTES);
    this.#lengths[code] = end - start;
    this.#slots[slot] = code + 1;
    this.#lastCode = code;
    if (this.symbols.length * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 4);
    for (let code = 0; code < this.symbols.length; code++) {
      const from = code * MAX_SYMBOL_BYTES;
      let slot = hash(this.#known, from, from + this.#lengths[code]!) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = code + 1;
    }
    this.#slots = slots;
  }

  #isKnownAs(code: number, bytes: Uint8Array, start: number, length: number): boolean {
    if (this.#lengths[code] !== length) return false;
    const known = this.#known;
    const from = code * MAX_SYMBOL_BYTES;
    for (let i = 0; i < length; i++) if (known[from + i] !== bytes[start + i]) return false;
    return true;
  }
}

/** FNV-1a, 32 bits. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let at = start; at < end; at++) value = Math.imul(value ^ bytes[at]!, 0x01000193);
  return value >>> 0;
}

function grown(array: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(array.length * 2);
  larger.set(array);
  return larger;
}

const encoder = new TextEncoder();
