import { WorkbenchError } from "../errors.js";
import { normalQuantile } from "../statistics/normal-quantile.js";
import type { EdgeBeta } from "./edge-beta.js";
import type { ValueChainPath } from "./simple-paths.js";
import type { ValueChainEdgeId } from "./value-chain.js";

/** Share of an effect that each step after the first passes on. */
export const DEFAULT_ATTENUATION = 0.5;

/** Which betas an effect rests on. */
export type BetaBasis = "measured" | "assumed" | "mixed";

export interface PathContribution {
  readonly path: ValueChainPath;
  /** Product of the path's betas, attenuated. */
  readonly coefficient: number;
  readonly standardError: number;
  readonly basis: BetaBasis;
}

/** Relative move of a node for a relative move of one of another, over the paths between them. */
export interface PathEffect {
  readonly coefficient: number;
  readonly standardError: number;
  readonly basis: BetaBasis;
  /** Largest first; the coefficients sum to the effect's. */
  readonly contributions: readonly PathContribution[];
}

/**
 * The sum over paths of attenuation^(length − 1) · ∏β. Standard errors by the delta method to first order, betas of
 * different edges taken as independent: var = Σₑ (∂/∂βₑ)² · seₑ², where an edge that several paths share counts
 * once with the sum of its derivatives. To first order a path with two betas of 0 adds no error.
 * @param attenuation in [0, 1]. @throws ARGUMENT_INVALID
 */
export function effectOfPaths(
  paths: readonly ValueChainPath[],
  betas: ReadonlyMap<ValueChainEdgeId, EdgeBeta>,
  { attenuation }: { attenuation: number },
): PathEffect {
  requireAttenuation(attenuation);
  const gradient = new Map<ValueChainEdgeId, number>();
  const contributions = paths.map((path): PathContribution => {
    const steps = path.edgeIds.map((id) => betas.get(id)!);
    const passedOn = steps.slice(1).reduce((share) => share * attenuation, 1);
    let variance = 0;
    steps.forEach(({ standardError }, i) => {
      const derivative = steps.reduce((product, step, j) => (i === j ? product : product * step.beta), passedOn);
      const id = path.edgeIds[i]!;
      gradient.set(id, (gradient.get(id) ?? 0) + derivative);
      variance += (derivative * standardError) ** 2;
    });
    return {
      path,
      coefficient: steps.reduce((product, { beta }) => product * beta, passedOn) || 0,
      standardError: Math.sqrt(variance),
      basis: basisOf(steps),
    };
  });
  let coefficient = 0;
  for (const contribution of contributions) coefficient += contribution.coefficient;
  let variance = 0;
  for (const [id, derivative] of gradient) variance += (derivative * betas.get(id)!.standardError) ** 2;
  return {
    coefficient,
    standardError: Math.sqrt(variance),
    basis: basisOf([...gradient.keys()].map((id) => betas.get(id)!)),
    contributions: contributions.sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient)),
  };
}

/** Both ends of the normal interval that holds `level` of the probability around an estimate. */
export function normalInterval(
  estimate: number,
  { standardError, level }: { standardError: number; level: number },
): { readonly low: number; readonly high: number } {
  const half = normalQuantile((1 + level) / 2) * standardError;
  return { low: estimate - half, high: estimate + half };
}

export function requireAttenuation(attenuation: number): void {
  if (attenuation >= 0 && attenuation <= 1) return;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid attenuation: ${attenuation} (accepted: a number from 0 to 1, the share each further step passes on)`,
  );
}

export function requireLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid level: ${level} (accepted: a number above 0 and below 1, such as 0.95)`,
  );
}

function basisOf(betas: readonly EdgeBeta[]): BetaBasis {
  const measured = betas.filter(({ kind }) => kind === "measured").length;
  if (measured === 0) return "assumed";
  return measured === betas.length ? "measured" : "mixed";
}
