import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { WorkbenchError } from "../engine/errors.js";

/** One copy of a package on disk. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/** The copy that a module in `fromFolder` gets when it imports `name`, by Node's rule of walking up. */
export function findImportedPackage(name: string, fromFolder: string): InstalledPackage | undefined {
  for (let folder = fromFolder; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return { name, folder: candidate, version: versionIn(candidate) };
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * The copy of `name` at exactly `version`, or the project's own copy when no version is asked for.
 * @throws MODULE_NOT_INSTALLED
 */
export function installedPackage(projectRoot: string, name: string, version?: string): InstalledPackage {
  const own = findImportedPackage(name, projectRoot);
  if (own !== undefined && (version === undefined || own.version === version)) return own;
  const nested = nestedFolders(projectRoot, name)
    .map((folder) => ({ name, folder, version: versionIn(folder) }))
    .find((candidate) => version === undefined || candidate.version === version);
  if (nested !== undefined) return nested;
  const wanted = version === undefined ? name : `${name}@${version}`;
  const problem = own === undefined ? "not installed" : `installed at ${own.version}`;
  throw new WorkbenchError("MODULE_NOT_INSTALLED", `${wanted} is ${problem}: run npm install ${wanted}`, {
    details: { package: name, version },
  });
}

/** The file npm writes at every install: it names the exact version and place of each package. */
export function installedLockfile(projectRoot: string): string {
  return join(projectRoot, "node_modules", ".package-lock.json");
}

function nestedFolders(projectRoot: string, name: string): string[] {
  const lockfile = installedLockfile(projectRoot);
  if (!existsSync(lockfile)) return [];
  const { packages = {} }: { packages?: Record<string, unknown> } = JSON.parse(readFileSync(lockfile, "utf8"));
  return Object.keys(packages)
    .filter((path) => path.endsWith(`/node_modules/${name}`))
    .map((path) => join(projectRoot, path))
    .filter((folder) => existsSync(join(folder, "package.json")));
}

function versionIn(packageFolder: string): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  return version;
}
