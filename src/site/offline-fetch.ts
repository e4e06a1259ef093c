import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { WorkbenchError } from "../engine/errors.js";
import { bundleModule } from "./bundle-module.js";
import { installedPackage } from "./installed-packages.js";
import { pinVersion, refreshModuleCache } from "./module-cache.js";
import { parsePackageSpecifier } from "./package-specifier.js";

/** Named as the version of a library that Framework's standard library mentions, that is not installed. */
export const NOT_INSTALLED_VERSION = "0.0.0-not-installed";

export interface OfflineFetchOptions {
  /** Folder that holds `node_modules`. */
  readonly projectRoot: string;
  /** Framework's cache: `.observablehq/cache` in the site's source folder. */
  readonly cacheFolder: string;
  /** Where a request that is none of Framework's goes; without it every such request is refused. */
  readonly otherRequests?: typeof fetch;
}

/**
 * A `fetch` that answers Framework's requests for packages from `node_modules`, and refuses its other requests
 * to the network. Framework keeps the answers in its own cache as if they had come from a CDN.
 */
export function offlineFetch({ projectRoot, cacheFolder, otherRequests }: OfflineFetchOptions): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const path = decodeURIComponent(url.pathname.slice(1));
    if (isPackageRegistry(url)) return versionAnswer(projectRoot, path);
    if (isPackageCdn(url)) return packageFileAnswer(projectRoot, cacheFolder, path.replace(/^npm\//, ""));
    if (otherRequests !== undefined && !FRAMEWORK_HOSTS.test(url.hostname)) return otherRequests(input, init);
    throw new WorkbenchError(
      "MODULE_NOT_INSTALLED",
      `the site needs ${url.href}, which is on the network: install it as a package and import it as npm:<name>`,
      { details: { url: url.href } },
    );
  };
}

/** Replaces the process's `fetch` by {@link offlineFetch}; the returned function puts the former one back. */
export function goOffline(options: OfflineFetchOptions): () => void {
  refreshModuleCache(options.projectRoot, options.cacheFolder);
  const former = globalThis.fetch;
  globalThis.fetch = offlineFetch(options);
  return () => {
    globalThis.fetch = former;
  };
}

/** Further hosts Framework asks: extensions of DuckDB, JSR packages, its own service and fonts. */
const FRAMEWORK_HOSTS = /(^|\.)(duckdb\.org|jsr\.io|observablehq\.com|googleapis\.com)$/;

function isPackageRegistry({ hostname }: URL): boolean {
  return hostname.startsWith("registry.");
}

function isPackageCdn({ hostname }: URL): boolean {
  return hostname.endsWith(".jsdelivr.net");
}

/** Framework resolves versions of libraries no page uses; only fetching the code of a missing one is an error. */
function versionAnswer(projectRoot: string, path: string): Response {
  const { name } = parsePackageSpecifier(path);
  let version = NOT_INSTALLED_VERSION;
  try {
    version = installedPackage(projectRoot, name).version;
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
  }
  return Response.json({ version, versions: { [version]: {} } });
}

async function packageFileAnswer(projectRoot: string, cacheFolder: string, path: string): Promise<Response> {
  const { name, version, subpath } = parsePackageSpecifier(path);
  const owner = installedPackage(projectRoot, name, version === NOT_INSTALLED_VERSION ? undefined : version);
  if (subpath === "+esm" || subpath.endsWith("/+esm")) {
    const { code, dependencies } = await bundleModule(owner, subpath.replace(/\/?\+esm$/, ""));
    for (const dependency of dependencies) pinVersion(cacheFolder, dependency);
    return script(code);
  }
  const file = join(owner.folder, subpath);
  if (!existsSync(file)) {
    throw new WorkbenchError("MODULE_NOT_INSTALLED", `${name}@${owner.version} has no file ${subpath}`, {
      details: { package: name, file: subpath },
    });
  }
  // Framework rewrites the imports of a script; a worker is classic code with none, and is copied as it is.
  const isModule = [".js", ".mjs"].includes(extname(file)) && !file.endsWith(".worker.js");
  return isModule ? script(readFileSync(file, "utf8")) : new Response(readFileSync(file));
}

function script(code: string): Response {
  return new Response(code, { headers: { "content-type": "application/javascript" } });
}
