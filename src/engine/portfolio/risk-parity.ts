import { WorkbenchError } from "../errors.js";
import { type CovarianceMatrix, standardDeviations } from "./covariance-matrix.js";

/** Largest distance of a share of the risk from that of all others. */
const TOLERANCE = 1e-10;
const MOST_SWEEPS = 10_000;

/**
 * Long-only weights that add up to 1 and contribute equally to the variance: wᵢ(Σw)ᵢ is the same for all (Maillard,
 * Roncalli and Teïletche, The Properties of Equally Weighted Risk Contribution Portfolios, 2010). They minimise
 * ½x′Cx − (1/n) Σ ln xᵢ over x = w scaled by the deviations, with C the correlations; each coordinate in turn is put to
 * the positive root of xᵢ² + βᵢxᵢ − 1/n = 0, βᵢ = Σⱼ≠ᵢ Cᵢⱼxⱼ (Griveau-Billion, Richard and Roncalli, 2013). One column
 * has weight 1; none gives none.
 * @throws SERIES_CONSTANT for a variance that is not positive, ARGUMENT_INVALID when risks cannot be made equal because a
 * portfolio of the columns has no variance at all
 */
export function riskParityWeights(covariance: CovarianceMatrix): Float64Array {
  const { size, values } = covariance;
  const deviations = standardDeviations(covariance);
  const flat = deviations.findIndex((deviation) => !(deviation > 0));
  if (flat >= 0) {
    throw new WorkbenchError("SERIES_CONSTANT", `invalid column ${flat}: it does not vary`, { details: { flat } });
  }
  const correlations = values.map((value, at) => value / deviations[Math.floor(at / size)]! / deviations[at % size]!);
  const scaled = new Float64Array(size).fill(1);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    for (let i = 0; i < size; i++) {
      let pull = 0;
      for (let j = 0; j < size; j++) if (j !== i) pull += correlations[i * size + j]! * scaled[j]!;
      scaled[i] = (Math.sqrt(pull * pull + 4 / size) - pull) / 2;
    }
    const shares = riskShares({ size, values: correlations }, scaled);
    if (shares.every((share) => Math.abs(share - 1 / size) < TOLERANCE)) {
      const weights = scaled.map((value, i) => value / deviations[i]!);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => weight / total);
    }
  }
  if (size === 0) return scaled;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    "risks cannot be made equal: some columns cancel one another (accepted: more rows, or a larger shrinkage)",
  );
}

/**
 * Share of each column in the variance of a portfolio, wᵢ(Σw)ᵢ / w′Σw, which add up to 1 (Euler's theorem). `NaN` when
 * the portfolio has no variance.
 */
export function riskShares({ size, values }: CovarianceMatrix, weights: ArrayLike<number>): Float64Array {
  const contributions = Float64Array.from({ length: size }, (_, i) => {
    let marginal = 0;
    for (let j = 0; j < size; j++) marginal += values[i * size + j]! * weights[j]!;
    return weights[i]! * marginal;
  });
  const variance = contributions.reduce((sum, contribution) => sum + contribution, 0);
  return contributions.map((contribution) => (variance > 0 ? contribution / variance : NaN));
}
