import { BAD_PHRASES, GOOD_PHRASES, NEGATIONS } from "./tone-lexicon.js";

export interface TextTone {
  /** −1 to 1: (good − bad) / (good + bad); 0 when nothing counted. */
  readonly score: number;
  /** What counted, in the order of the text, as `+phrase` or `−phrase`; a phrase turned around has `not` before it. */
  readonly phrases: readonly string[];
}

/** Words between a negation and what it turns around. */
const NEGATION_REACH = 3;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

const TONES: ReadonlyMap<string, 1 | -1> = new Map([
  ...GOOD_PHRASES.map((phrase): [string, 1] => [phrase, 1]),
  ...BAD_PHRASES.map((phrase): [string, -1] => [phrase, -1]),
]);
const LONGEST_PHRASE = Math.max(...[...TONES.keys()].map((phrase) => phrase.split(" ").length));

/**
 * The tone of a Vietnamese or English text, by the phrases of the lexicon. At each word the longest phrase counts, and
 * its words count no further; a negation up to three words before turns it around. A phrase that comes again counts once.
 */
export function textTone(text: string): TextTone {
  const words = text.normalize("NFC").toLocaleLowerCase("vi").match(WORD) ?? [];
  const found = new Map<string, 1 | -1>();
  for (let at = 0; at < words.length; ) {
    const phrase = phraseAt(words, at);
    if (phrase === undefined) {
      at++;
      continue;
    }
    const isTurned = words.slice(Math.max(0, at - NEGATION_REACH), at).some((word) => NEGATIONS.has(word));
    const tone = TONES.get(phrase)!;
    found.set(isTurned ? `not ${phrase}` : phrase, isTurned ? (-tone as 1 | -1) : tone);
    at += phrase.split(" ").length;
  }
  const tones = [...found.values()];
  const sum = tones.reduce((total: number, tone) => total + tone, 0);
  const phrases = [...found].map(([phrase, tone]) => `${tone > 0 ? "+" : "−"}${phrase}`);
  return { score: tones.length === 0 ? 0 : sum / tones.length, phrases };
}

function phraseAt(words: readonly string[], at: number): string | undefined {
  for (let length = Math.min(LONGEST_PHRASE, words.length - at); length > 0; length--) {
    const phrase = words.slice(at, at + length).join(" ");
    if (TONES.has(phrase)) return phrase;
  }
  return undefined;
}
