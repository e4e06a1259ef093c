import { join } from "node:path";
import { build } from "esbuild";

let bundle: Promise<string> | undefined;

/** The thread's program as one script, made once a process. */
export function sqlBundle(): Promise<string> {
  bundle ??= build({
    entryPoints: [join(import.meta.dirname, "sql-thread.ts")],
    bundle: true,
    format: "cjs",
    platform: "node",
    write: false,
  }).then(({ outputFiles }) => outputFiles[0]!.text);
  return bundle;
}
