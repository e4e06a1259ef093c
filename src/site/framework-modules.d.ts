/** The parts of Observable Framework 1.13.4 used here; it publishes no types for them, so the version is pinned. */

declare module "@observablehq/framework/dist/config.js" {
  export interface Config {
    root: string;
    output: string;
  }
  export function readConfig(configPath?: string, root?: string): Promise<Config>;
}

declare module "@observablehq/framework/dist/build.js" {
  import type { Config } from "@observablehq/framework/dist/config.js";

  interface BuildOutput {
    readonly logger: Pick<Console, "log" | "warn" | "error">;
    readonly output: { write(text: string): unknown };
  }
  export class FileBuildEffects {
    constructor(outputRoot: string, cacheDir: string, output: BuildOutput);
  }
  export function build(options: { config: Config }, effects: FileBuildEffects): Promise<void>;
}

declare module "@observablehq/framework/dist/preview.js" {
  import type { Server } from "node:http";

  export class PreviewServer {
    constructor(options: {
      config: string | undefined;
      root: string | undefined;
      origins: readonly string[];
      server: Server;
      verbose: boolean;
    });
    readonly _socketServer: { readonly clients: ReadonlySet<{ terminate(): void }>; close(): void };
  }
}

declare module "@observablehq/framework/dist/rollup.js" {
  export function rollupClient(
    input: string,
    root: string,
    path: string,
    options?: { readonly resolveImport?: (specifier: string) => string; readonly minify?: boolean },
  ): Promise<string>;
}

declare module "@observablehq/framework/dist/npm.js" {
  export function resolveNpmImport(root: string, specifier: string): Promise<string>;
  export function resolveNpmImports(root: string, path: string): Promise<readonly unknown[]>;
  export function extractNpmSpecifier(path: string): string;
}

/** Framework's own parser of HTML. */
declare module "jsdom" {
  export class VirtualConsole {}
  export class JSDOM {
    constructor(html: string, options?: { readonly virtualConsole?: VirtualConsole });
    readonly window: Window & { readonly DOMParser: typeof DOMParser };
  }
}

declare module "@observablehq/framework/dist/javascript/module.js" {
  export function getModuleHash(root: string, path: string, fileHash?: (path: string) => string): string;
  export function getFileHash(root: string, path: string): string;
  export function getModuleInfo(root: string, path: string): unknown;
}
