/**
 * Stands in for Framework's `node.js`, which bundles bare imports in a way that leaves Node's own modules in them.
 * A bare import, as the engine writes it, gets the same copy of the package as an import of `npm:…`.
 */
import { extractNpmSpecifier, resolveNpmImport, resolveNpmImports } from "@observablehq/framework/dist/npm.js";

export function resolveNodeImport(root: string, specifier: string): Promise<string> {
  // A file of a package would be taken as it is, and CommonJS is not for browsers.
  return resolveNpmImport(root, /\.[cm]?js$/.test(specifier) ? `${specifier}/+esm` : specifier);
}

export const resolveNodeImports = resolveNpmImports;

export function extractNodeSpecifier(path: string): string {
  return `npm:${extractNpmSpecifier(path)}`;
}
