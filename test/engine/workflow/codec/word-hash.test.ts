import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WordHash } from "../../../../src/engine/workflow/execution/word-hash.js";

const MASK = 0xffffffffn;
const C = [0x239b961bn, 0xab0e9789n, 0x38b34ae5n, 0xa1e38b93n];

function rotated(word: bigint, bits: bigint): bigint {
  return ((word << bits) | (word >> (32n - bits))) & MASK;
}

function finalMix(word: bigint): bigint {
  let h = word ^ (word >> 16n);
  h = (h * 0x85ebca6bn) & MASK;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) & MASK;
  return h ^ (h >> 16n);
}

/** MurmurHash3_x86_128 as Appleby wrote it (MurmurHash3.cpp), in big integers. */
function murmur3(key: Uint8Array, seed: number): bigint[] {
  const h = Array<bigint>(4).fill(BigInt(seed));
  const scrambled = (k: bigint, i: number) => {
    const turn = [15n, 16n, 17n, 18n][i]!;
    return (rotated((k * C[i]!) & MASK, turn) * C[(i + 1) % 4]!) & MASK;
  };
  const blocks = Math.floor(key.length / 16);
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 4; i++) {
      h[i]! ^= scrambled(BigInt(view.getUint32(block * 16 + i * 4, true)), i);
      h[i] = rotated(h[i]!, [19n, 17n, 15n, 13n][i]!);
      h[i] = (h[i]! + h[(i + 1) % 4]!) & MASK;
      h[i] = (h[i]! * 5n + [0x561ccd1bn, 0x0bcaa747n, 0x96cd1c35n, 0x32ac3b17n][i]!) & MASK;
    }
  }
  const tail = key.subarray(blocks * 16);
  for (let i = 3; i >= 0; i--) {
    const bytes = tail.subarray(i * 4, i * 4 + 4);
    if (bytes.length > 0)
      h[i]! ^= scrambled(
        bytes.reduceRight((k, byte) => (k << 8n) | BigInt(byte), 0n),
        i,
      );
  }
  for (let i = 0; i < 4; i++) h[i]! ^= BigInt(key.length);
  h[0] = (h[0]! + h[1]! + h[2]! + h[3]!) & MASK;
  for (let i = 1; i < 4; i++) h[i] = (h[i]! + h[0]!) & MASK;
  for (let i = 0; i < 4; i++) h[i] = finalMix(h[i]!);
  h[0] = (h[0]! + h[1]! + h[2]! + h[3]!) & MASK;
  for (let i = 1; i < 4; i++) h[i] = (h[i]! + h[0]!) & MASK;
  return h;
}

function bytesOf(words: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  words.forEach((word, i) => {
    new DataView(bytes.buffer).setUint32(i * 4, Number(word), true);
  });
  return bytes;
}

describe("WordHash", () => {
  it("is compared with a reference that has the verification value of SMHasher for Murmur3C, 0xB3ECE62A", () => {
    const hashes = Array.from({ length: 256 }, (_, i) => {
      const key = Uint8Array.from({ length: i }, (__, byte) => byte);
      return [...bytesOf(murmur3(key, 256 - i))];
    });
    expect(murmur3(Uint8Array.from(hashes.flat()), 0)[0]).toBe(0xb3ece62an);
  });

  it("is the first 64 bits of MurmurHash3 x86-128 with seed 0, filled up to whole blocks", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffffffff), { maxLength: 20 }), (words) => {
        const hash = new WordHash();
        for (const word of words) hash.word(word | 0);
        const filled = [...words, ...Array(-words.length & 3).fill(0)].map(BigInt);
        const [first, second] = murmur3(bytesOf(filled), 0);
        expect(hash.digest()).toBe(first!.toString(16).padStart(8, "0") + second!.toString(16).padStart(8, "0"));
      }),
    );
  });
});
