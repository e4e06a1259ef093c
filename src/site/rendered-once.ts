/**
 * Stands in for Framework's `rollup.js` where it renders a page. The two scripts in each page's sidebar depend on
 * nothing but the page's folder, yet Framework bundles them anew for every page.
 */
import { dirname } from "node:path/posix";
import { rollupClient as bundle } from "@observablehq/framework/dist/rollup.js";

const bundles = new Map<string, Promise<string>>();

export function rollupClient(
  input: string,
  root: string,
  path: string,
  options: Parameters<typeof bundle>[3],
): Promise<string> {
  const key = JSON.stringify([input, root, dirname(path)]);
  const bundled = bundles.get(key) ?? bundle(input, root, path, options);
  bundles.set(key, bundled);
  return bundled;
}
