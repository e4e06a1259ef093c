export const TILE_SIZES = [
  { value: "market-cap", label: "Market cap" },
  { value: "traded-value", label: "Traded value" },
  { value: "equal", label: "Equal" },
] as const;

export type TileSize = (typeof TILE_SIZES)[number]["value"];

export interface TileWeights {
  readonly weights: Float64Array;
  /** Shares without the wanted measure that were sized by the other one, put on its scale. */
  readonly substituted: number;
  /** Shares with neither measure, sized like the smallest that has one. */
  readonly unmeasured: number;
}

interface Measured {
  readonly marketCap: number;
  readonly tradedValue: number;
}

/**
 * The area of each share's tile, index for index. A share that lacks the wanted measure takes the other one times
 * the median ratio of the two among the shares that have both.
 */
export function tileWeights(shares: readonly Measured[], size: TileSize): TileWeights {
  if (size === "equal") {
    return { weights: new Float64Array(shares.length).fill(1), substituted: 0, unmeasured: 0 };
  }
  const wanted = (share: Measured) => (size === "market-cap" ? share.marketCap : share.tradedValue);
  const other = (share: Measured) => (size === "market-cap" ? share.tradedValue : share.marketCap);
  const ratio = medianRatio(shares, wanted, other);
  let substituted = 0;
  let unmeasured = 0;
  const weights = Float64Array.from(shares, (share) => {
    if (wanted(share) > 0) return wanted(share);
    if (other(share) > 0) {
      substituted++;
      return other(share) * ratio;
    }
    unmeasured++;
    return Number.NaN;
  });
  const known = weights.filter((weight) => !Number.isNaN(weight));
  const fallback = known.length > 0 ? Math.min(...known) : 1;
  return { weights: weights.map((weight) => (Number.isNaN(weight) ? fallback : weight)), substituted, unmeasured };
}

/** What a reader must know about the sizes, or an empty text when every share has the wanted measure. */
export function substitutionNote({ substituted, unmeasured }: TileWeights, size: TileSize): string {
  const missing = size === "market-cap" ? "market cap" : "traded value";
  const instead = size === "market-cap" ? "traded value" : "market cap";
  const notes = [
    substituted > 0 &&
      `${countOf(substituted)} no ${missing} and ${substituted === 1 ? "is" : "are"} sized by ${instead}`,
    unmeasured > 0 && `${countOf(unmeasured)} neither and ${unmeasured === 1 ? "is" : "are"} drawn smallest`,
  ];
  return notes.filter(Boolean).join("; ");
}

function countOf(count: number): string {
  return count === 1 ? "1 symbol has" : `${count.toLocaleString("en-US")} symbols have`;
}

function medianRatio(
  shares: readonly Measured[],
  numerator: (share: Measured) => number,
  denominator: (share: Measured) => number,
): number {
  const ratios = shares
    .filter((share) => numerator(share) > 0 && denominator(share) > 0)
    .map((share) => numerator(share) / denominator(share))
    .sort((a, b) => a - b);
  return ratios[Math.floor(ratios.length / 2)] ?? 1;
}
