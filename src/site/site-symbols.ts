import { readFileSync } from "node:fs";
import { z } from "zod";
import { WorkbenchError } from "../engine/errors.js";

/** Names the JSON file that lists the instruments which get a page. */
export const SYMBOLS_FILE_VARIABLE = "QUANTFLOW_SYMBOLS_FILE";

/** An instrument with a page; written as an object, or as the symbol alone. */
export interface SiteSymbol {
  readonly symbol: string;
  readonly name?: string | undefined;
}

const symbolsFile = z.array(
  z.union([
    z.string().transform((symbol): SiteSymbol => ({ symbol })),
    z
      .object({ symbol: z.string(), name: z.string().nullish() })
      .transform(({ symbol, name }): SiteSymbol => ({ symbol, ...(typeof name === "string" ? { name } : {}) })),
  ]),
);

/**
 * The instruments listed in the file that `QUANTFLOW_SYMBOLS_FILE` names; none when the variable is not set.
 * @throws CONFIGURATION_INVALID when the file cannot be read or is no such list
 */
export function readSiteSymbols(environment: Readonly<Record<string, string | undefined>>): readonly SiteSymbol[] {
  const file = environment[SYMBOLS_FILE_VARIABLE];
  if (file === undefined || file === "") return [];
  try {
    return symbolsFile.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new WorkbenchError(
      "CONFIGURATION_INVALID",
      `invalid ${SYMBOLS_FILE_VARIABLE}: ${file} (accepted: a JSON list of symbols, or of {symbol, name})`,
      { cause },
    );
  }
}

/** The page of a symbol, from the site's root. */
export function symbolPagePath(symbol: string): string {
  return `/symbols/${symbol}`;
}
