import { join } from "node:path";
import { build } from "esbuild";

let bundle: Promise<string> | undefined;

/**
 * The worker's program as one script, made once a process. A worker started from it is ready in some 40 ms; with
 * tsx's loader in each worker it takes 120 to 280 ms.
 */
export function workerBundle(): Promise<string> {
  bundle ??= build({
    entryPoints: [join(import.meta.dirname, "worker-thread.ts")],
    bundle: true,
    format: "cjs",
    platform: "node",
    write: false,
  }).then(({ outputFiles }) => outputFiles[0]!.text);
  return bundle;
}
