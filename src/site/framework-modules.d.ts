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
