import { WorkbenchError } from "../errors.js";
import type { StudyOptions } from "./study-pair.js";

/** Longest lag as a share of the sample: beyond it too few pairs are left to tell anything. */
const LONGEST_LAG_SHARE = 0.2;

/** @throws LAG_INVALID for a lag the sample cannot bear, ARGUMENT_INVALID for counts and seeds out of range */
export function requireStudyOptions({ maxLag, surrogates, resamples, seed }: StudyOptions, returns: number): void {
  const longest = Math.floor(LONGEST_LAG_SHARE * returns);
  if (!Number.isSafeInteger(maxLag) || maxLag < 1 || maxLag > longest) {
    throw new WorkbenchError(
      "LAG_INVALID",
      `invalid max lag: ${maxLag} (accepted: an integer from 1 to ${longest}, a fifth of the ${returns} common returns)`,
      { details: { maxLag, returns } },
    );
  }
  requireInteger("surrogates", surrogates, 100, 100_000);
  requireInteger("resamples", resamples, 50, 10_000);
  requireInteger("seed", seed, 0, 2 ** 32 - 1);
}

function requireInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid ${name}: ${value} (accepted: an integer from ${least} to ${most})`,
    { details: { [name]: value } },
  );
}
