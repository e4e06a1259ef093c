import { existsSync } from "node:fs";
import { glob } from "node:fs/promises";
import { WorkbenchError } from "../engine/errors.js";

const GLOB_SIGNS = /[*?[\]{}]/;

/** Files named by paths or glob patterns, in order, each once. @throws FILE_NOT_FOUND for a pattern without a match */
export async function expandPaths(patterns: readonly string[]): Promise<string[]> {
  const paths = new Set<string>();
  for (const pattern of patterns) {
    if (existsSync(pattern) || !GLOB_SIGNS.test(pattern)) {
      paths.add(pattern);
      continue;
    }
    const matches = (await Array.fromAsync(glob(pattern))).sort();
    if (matches.length === 0) throw new WorkbenchError("FILE_NOT_FOUND", `${pattern}: no file matches this pattern`);
    for (const match of matches) paths.add(match);
  }
  return [...paths];
}
