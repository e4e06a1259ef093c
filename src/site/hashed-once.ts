/**
 * Stands in for Framework's `javascript/module.js` where a build resolves the imports of a page. The hash of a module
 * covers everything it imports, and Framework reads that whole graph anew for each import of each page.
 */
import { getModuleHash as hashModule } from "@observablehq/framework/dist/javascript/module.js";

export { getFileHash, getModuleInfo } from "@observablehq/framework/dist/javascript/module.js";

const hashes = new Map<string, string>();

export function getModuleHash(root: string, path: string, fileHash?: (path: string) => string): string {
  // With another way to hash files the result differs; a build uses one, and nothing changes while it runs.
  const key = JSON.stringify([root, path, fileHash === undefined]);
  const hash = hashes.get(key) ?? hashModule(root, path, fileHash);
  hashes.set(key, hash);
  return hash;
}
