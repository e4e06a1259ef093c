import { WorkbenchError } from "../../engine/errors.js";
import type { Guess } from "./guess.js";

/**
 * Whether numbers are written `26.80` or `26,80`.
 * @throws MAPPING_INVALID when every comma stands before exactly three digits, as in `26,800`, which may be either.
 */
export function guessDecimal(samples: readonly string[]): Guess<"." | ","> {
  const withComma = samples.map((sample) => sample.trim()).filter((sample) => /^[-+]?\d*,\d+$/.test(sample));
  const withPoint = samples.find((sample) => /^\s*[-+]?\d*\.\d+\s*$/.test(sample));
  if (withPoint !== undefined && withComma.length === 0)
    return { value: ".", because: `numbers look like ${withPoint}` };
  if (withComma.length === 0 || withPoint !== undefined)
    return { value: ".", because: "no number has a decimal comma" };
  const decimalComma = withComma.find((sample) => !/^[-+]?\d{1,3},\d{3}$/.test(sample));
  if (decimalComma !== undefined) return { value: ",", because: `numbers look like ${decimalComma}` };
  throw new WorkbenchError(
    "MAPPING_INVALID",
    `invalid decimal: the comma of ${JSON.stringify(withComma[0])} may separate decimals or thousands (accepted: --decimal . or --decimal ,)`,
    { details: { field: "decimal" } },
  );
}
