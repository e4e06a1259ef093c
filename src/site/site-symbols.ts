import { readFileSync } from "node:fs";
import { z } from "zod";
import { WorkbenchError } from "../engine/errors.js";

/** Names the JSON file that lists the symbols which get a page. */
export const SYMBOLS_FILE_VARIABLE = "QUANTFLOW_SYMBOLS_FILE";

const symbolsFile = z.array(z.string());

/**
 * The symbols listed in the file that `QUANTFLOW_SYMBOLS_FILE` names; none when the variable is not set.
 * @throws CONFIGURATION_INVALID when the file cannot be read or is no such list
 */
export function readSiteSymbols(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const file = environment[SYMBOLS_FILE_VARIABLE];
  if (file === undefined || file === "") return [];
  try {
    return symbolsFile.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new WorkbenchError(
      "CONFIGURATION_INVALID",
      `invalid ${SYMBOLS_FILE_VARIABLE}: ${file} (accepted: a JSON list of symbols)`,
      { cause },
    );
  }
}

/** The page of a symbol, from the site's root. */
export function symbolPagePath(symbol: string): string {
  return `/symbols/${symbol}`;
}
