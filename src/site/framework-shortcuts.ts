import { registerHooks } from "node:module";

interface Shortcut {
  /** The module of Framework whose import is answered by a file of this folder. */
  readonly importer: string;
  readonly specifier: string;
  readonly file: string;
}

const RENDERING: readonly Shortcut[] = [
  { importer: "/@observablehq/framework/dist/html.js", specifier: "jsdom", file: "shared-window.ts" },
  { importer: "/@observablehq/framework/dist/render.js", specifier: "./rollup.js", file: "rendered-once.ts" },
];
const RESOLVING: readonly Shortcut[] = [
  { importer: "/@observablehq/framework/dist/resolvers.js", specifier: "./node.js", file: "package-imports.ts" },
  {
    importer: "/@observablehq/framework/dist/javascript/module.js",
    specifier: "../node.js",
    file: "package-imports.ts",
  },
];
/** Valid only while no source changes. */
const BUILDING: readonly Shortcut[] = [
  {
    importer: "/@observablehq/framework/dist/resolvers.js",
    specifier: "./javascript/module.js",
    file: "hashed-once.ts",
  },
];

/**
 * Makes Framework render pages several times faster, to the same bytes, and lets modules import packages by their bare
 * names, by replacing imports between its modules. To be called before Framework is imported; without effect on a Node
 * that has no synchronous module hooks.
 */
export function takeShortcuts(purpose: "build" | "preview"): void {
  const shortcuts = [...RENDERING, ...RESOLVING, ...(purpose === "build" ? BUILDING : [])];
  registerHooks?.({
    resolve(specifier, context, nextResolve) {
      const shortcut = shortcuts.find(
        (each) => each.specifier === specifier && context.parentURL?.endsWith(each.importer) === true,
      );
      return nextResolve(shortcut === undefined ? specifier : new URL(shortcut.file, import.meta.url).href, context);
    },
  });
}
