import { surveyCloses } from "../reading/survey-closes.js";
import type { Guess } from "./guess.js";
import type { ImportMapping } from "./import-mapping.js";

/** A Vietnamese share costs thousands of dong, so a close below this is in thousand VND. */
const LOWEST_PLAUSIBLE_VND = 1_000;
const FEWEST_KNOWN_SYMBOLS = 3;
/** Below this share of the file's symbols, known ones are taken for namesakes: CAT and CMG are also American. */
const LEAST_KNOWN_SHARE = 0.2;
/** Tickers of shares listed in Vietnam have three characters; those of indexes and futures are longer. */
const VN_SHARE_TICKER = /^[A-Z][A-Z0-9]{2}$/;

export interface PriceScale {
  readonly priceScale: 1 | 1000;
  /** The symbols it applies to; all of the file when `undefined`. */
  readonly scaledSymbols: readonly string[] | undefined;
  /** True when every symbol of the file is taken for a Vietnamese share. */
  readonly isVndEquities: boolean;
}

/**
 * Whether the prices of a file are in thousand VND: when at least three of its symbols (or all, if it has fewer)
 * and a fifth of them are known VND equities and the median of their median closes is below 1,000. It then applies
 * to known equities, and to other symbols that look like Vietnamese tickers, whose own median is below 1,000.
 *
 * It reads the whole file once, see `surveyCloses`.
 * @throws the failures of `readPrices`
 */
export async function guessPriceScale(
  path: string,
  mapping: ImportMapping,
  { knownVndEquities, signal }: { knownVndEquities: ReadonlySet<string>; signal?: AbortSignal | undefined },
): Promise<Guess<PriceScale>> {
  const unscaled: PriceScale = { priceScale: 1, scaledSymbols: undefined, isVndEquities: false };
  if (knownVndEquities.size === 0) return { value: unscaled, because: "no VND equities are known yet" };

  const samples = await surveyCloses(path, mapping, { signal });
  const medians = new Map([...samples].map(([symbol, closes]) => [symbol as string, median(closes)]));
  const symbols = [...medians.keys()];
  const known = symbols.filter((symbol) => knownVndEquities.has(symbol));
  const needed = Math.max(Math.min(FEWEST_KNOWN_SYMBOLS, symbols.length), LEAST_KNOWN_SHARE * symbols.length);
  const overlap = `${known.length} of ${symbols.length} symbols are known VND equities`;
  if (known.length === 0 || known.length < needed) return { value: unscaled, because: overlap };

  const isVndEquities = symbols.every((symbol) => knownVndEquities.has(symbol) || VN_SHARE_TICKER.test(symbol));
  const medianClose = median(known.map((symbol) => medians.get(symbol)!));
  const because = `${overlap}, with a median close of ${Number(medianClose.toPrecision(6))}`;
  if (!(medianClose < LOWEST_PLAUSIBLE_VND)) return { value: { ...unscaled, isVndEquities }, because };
  const scaled = symbols.filter(
    (symbol) =>
      (knownVndEquities.has(symbol) || VN_SHARE_TICKER.test(symbol)) && medians.get(symbol)! < LOWEST_PLAUSIBLE_VND,
  );
  return {
    value: {
      priceScale: 1000,
      scaledSymbols: scaled.length === symbols.length ? undefined : scaled.sort(),
      isVndEquities,
    },
    because,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2;
}
