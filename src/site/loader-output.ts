import { createHash } from "node:crypto";
import { WorkbenchError } from "../engine/errors.js";

/** One file that a data loader makes: `[symbol]` in the loader's path stands for a parameter. */
export interface LoaderRequest {
  /** The loader relative to the project, such as `data-loaders/daily-candles/[symbol].arrow.ts`. */
  readonly file: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Runs one loader in this process and gives the bytes of its file. */
export type RunLoader = (file: string, parameters: Readonly<Record<string, string>>) => Promise<Uint8Array>;

/** Everything a loader's output depends on. */
export interface LoaderInputs {
  /** {@link contentHash} of the loader and what it imports. */
  readonly sourcesHash: string;
  /** Hash of the installed packages. */
  readonly packagesHash: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Changes whenever the stored data does. */
  readonly watermark: string;
}

const LOADER_FOLDER = "data-loaders/";
const PARAMETER = /\[([a-z_]\w*)\]/gi;

/**
 * The path, relative to the site's sources, of the file a request makes: `data/daily-candles/HPG.arrow`.
 * @throws LOADER_FAILED when the file is no loader or a parameter is missing
 */
export function loaderOutputPath({ file, parameters }: LoaderRequest): string {
  if (!file.startsWith(LOADER_FOLDER) || !/\.\w+\.[jt]s$/.test(file)) {
    throw new WorkbenchError(
      "LOADER_FAILED",
      `invalid loader: ${file} (accepted: ${LOADER_FOLDER}<name>.<extension>.ts)`,
    );
  }
  const path = file.slice(LOADER_FOLDER.length).replace(/\.[jt]s$/, "");
  return `data/${path.replace(PARAMETER, (_, name: string) => {
    const value = parameters[name];
    if (value !== undefined && /^[^/\\]+$/.test(value) && value !== "." && value !== "..") return value;
    throw new WorkbenchError("LOADER_FAILED", `${file}: invalid parameter ${name}: ${value} (accepted: a file name)`);
  })}`;
}

/** Equal for two outputs exactly when everything they depend on is equal; parameters count in any order. */
export function loaderKey({ sourcesHash, packagesHash, parameters, watermark }: LoaderInputs): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([sourcesHash, packagesHash, sorted, watermark]))
    .digest("hex");
}

/** The request as a person would name it: `data-loaders/daily-candles/[symbol].arrow.ts (symbol=HPG)`. */
export function describeRequest({ file, parameters }: LoaderRequest): string {
  const list = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return list.length === 0 ? file : `${file} (${list.join(", ")})`;
}
