const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/** The one bit pattern that every NaN counts as, high word; the low word is 0. */
const NAN_HIGH = 0x7ff80000;

const float = new Float64Array(1);
const floatWords = new Uint32Array(float.buffer);

/**
 * Appleby's MurmurHash3 x86-128 with seed 0, fed with 32-bit words; the input is filled up with zeros to a multiple of
 * four words. Numbers are their IEEE bits, low word first; text is its length, then two UTF-16 units a word.
 */
export class WordHash {
  #h1 = 0;
  #h2 = 0;
  #h3 = 0;
  #h4 = 0;
  #words = 0;

  word(word: number): void {
    switch (this.#words++ & 3) {
      case 0:
        this.#h1 ^= Math.imul(rotateLeft(Math.imul(word, C1), 15), C2);
        this.#h1 = (Math.imul(rotateLeft(this.#h1, 19) + this.#h2, 5) + 0x561ccd1b) | 0;
        return;
      case 1:
        this.#h2 ^= Math.imul(rotateLeft(Math.imul(word, C2), 16), C3);
        this.#h2 = (Math.imul(rotateLeft(this.#h2, 17) + this.#h3, 5) + 0x0bcaa747) | 0;
        return;
      case 2:
        this.#h3 ^= Math.imul(rotateLeft(Math.imul(word, C3), 17), C4);
        this.#h3 = (Math.imul(rotateLeft(this.#h3, 15) + this.#h4, 5) + 0x96cd1c35) | 0;
        return;
      default:
        this.#h4 ^= Math.imul(rotateLeft(Math.imul(word, C4), 18), C1);
        this.#h4 = (Math.imul(rotateLeft(this.#h4, 13) + this.#h1, 5) + 0x32ac3b17) | 0;
    }
  }

  number(value: number): void {
    float[0] = value;
    const isDefined = !Number.isNaN(value);
    this.word(isDefined ? floatWords[0]! : 0);
    this.word(isDefined ? floatWords[1]! : NAN_HIGH);
  }

  numbers(values: Float64Array): void {
    this.word(values.length);
    for (let i = 0; i < values.length; i++) this.number(values[i]!);
  }

  text(text: string): void {
    const { length } = text;
    this.word(length);
    for (let i = 0; i < length; i += 2) {
      this.word(text.charCodeAt(i) | (i + 1 < length ? text.charCodeAt(i + 1) << 16 : 0));
    }
  }

  /** The first 64 bits of the hash in hexadecimal. Nothing may be added afterwards. */
  digest(): string {
    const [first, second] = this.#finish();
    return hexadecimal(first) + hexadecimal(second);
  }

  /** The first 32 bits of the hash. Nothing may be added afterwards. */
  firstWord(): number {
    return this.#finish()[0];
  }

  #finish(): readonly [number, number] {
    while ((this.#words & 3) !== 0) this.word(0);
    const bytes = this.#words * 4;
    let h1 = this.#h1 ^ bytes;
    let h2 = this.#h2 ^ bytes;
    let h3 = this.#h3 ^ bytes;
    let h4 = this.#h4 ^ bytes;
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = mixed((h2 + h1) | 0);
    h3 = mixed((h3 + h1) | 0);
    h4 = mixed((h4 + h1) | 0);
    h1 = (mixed(h1) + h2 + h3 + h4) | 0;
    return [h1 >>> 0, (h2 + h1) >>> 0];
  }
}

function mixed(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function hexadecimal(word: number): string {
  return word.toString(16).padStart(8, "0");
}
