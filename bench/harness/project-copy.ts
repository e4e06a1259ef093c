import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const COPIED = [
  "bin",
  "src",
  "notebooks",
  "data-loaders",
  "observablehq.config.ts",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];
const FRAMEWORK_CACHE = ".observablehq";

export interface ProjectCopy {
  readonly root: string;
  /** The data folder for `QUANTFLOW_HOME`. */
  readonly home: string;
  remove(): void;
}

/**
 * The project as it stands, in a folder of its own with cold caches and an empty store: its builds neither disturb
 * nor are disturbed by someone who works on the project meanwhile.
 */
export function copyProject(projectRoot: string): ProjectCopy {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "quantflow-bench-")));
  for (const name of COPIED) {
    cpSync(join(projectRoot, name), join(root, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith(FRAMEWORK_CACHE),
    });
  }
  symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"));
  return { root, home: join(root, ".quantflow"), remove: () => rmSync(root, { recursive: true, force: true }) };
}
