import { join } from "node:path";

/** Where the site's sources lie, and where Framework keeps what it made from them. */
export function siteFolders(projectRoot: string): { readonly sources: string; readonly cache: string } {
  const sources = join(projectRoot, "notebooks");
  return { sources, cache: join(sources, ".observablehq", "cache") };
}
