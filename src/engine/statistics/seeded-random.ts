/** Four words of 32 bits, not all zero. */
export type Xoshiro128State = readonly [number, number, number, number];

/**
 * Blackman and Vigna's xoshiro128**: integers in [0, 2³²), period 2¹²⁸ − 1. Same state, same sequence, on every
 * machine. Not for secrets. See "Scrambled linear pseudorandom number generators" (2021).
 */
export function xoshiro128StarStar(state: Xoshiro128State): () => number {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

/**
 * A reproducible source of numbers in [0, 1) with 53 random bits each, by xoshiro128** whose state is filled
 * from the seed with a 32-bit SplitMix. The seed counts as an integer modulo 2³²: its fraction is dropped, and
 * seeds that differ by a multiple of 2³² give the same sequence.
 */
export function seededRandom(seed: number): () => number {
  const nextWord = splitMix32(seed);
  const next = xoshiro128StarStar([nextWord(), nextWord(), nextWord(), nextWord() | 1]);
  return () => {
    const high = next() >>> 5;
    const low = next() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };
}

/**
 * Standard normal variates from a uniform source, by the transform of Box and Muller (1958). Each pair of draws
 * serves two variates, so the uniform source should not be read by others in between.
 */
export function gaussianRandom(random: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const variate = spare;
      spare = undefined;
      return variate;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
