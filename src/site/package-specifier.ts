import { WorkbenchError } from "../engine/errors.js";

/** A package, optionally one version of it and one path in it: `@duckdb/duckdb-wasm@1.29.0/dist/duckdb-eh.wasm`. */
export interface PackageSpecifier {
  readonly name: string;
  readonly version: string | undefined;
  /** Path inside the package without a leading slash; `""` for the package's main module. */
  readonly subpath: string;
}

const SPECIFIER = /^(?<name>(?:@[^/@]+\/)?[^/@]+)(?:@(?<version>[^/]+))?(?:\/(?<subpath>.*))?$/;

/** @throws MODULE_NOT_INSTALLED when the text names no package */
export function parsePackageSpecifier(text: string): PackageSpecifier {
  const { name, version, subpath = "" } = SPECIFIER.exec(text)?.groups ?? {};
  if (name === undefined) {
    throw new WorkbenchError(
      "MODULE_NOT_INSTALLED",
      `invalid package: ${JSON.stringify(text)} (accepted: name, name/path, name@version/path)`,
    );
  }
  return { name, version, subpath };
}
