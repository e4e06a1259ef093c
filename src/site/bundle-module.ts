import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join, relative } from "node:path";
import { type BuildOptions, type BuildResult, build, type OnResolveArgs, type Plugin, type PluginBuild } from "esbuild";
import { WorkbenchError } from "../engine/errors.js";
import { findImportedPackage, type InstalledPackage } from "./installed-packages.js";
import { parsePackageSpecifier } from "./package-specifier.js";

/** One module of a package as a browser module whose own dependencies are still imports. */
export interface BundledModule {
  readonly code: string;
  /** The copies that the remaining imports name. */
  readonly dependencies: readonly InstalledPackage[];
}

/** Where a bundled module imports another package from: the path a CDN would answer, which Framework rewrites. */
export function moduleUrlPath({ name, version }: InstalledPackage, subpath: string): string {
  return `/npm/${name}@${version}/${subpath === "" ? "" : `${subpath}/`}+esm`;
}

/**
 * Bundles one module of an installed package for browsers. Imports of other packages stay imports, so that the
 * site holds each library once; the package's own files are merged. CommonJS modules get named exports.
 *
 * @throws SITE_BUILD_FAILED when esbuild cannot read the module
 */
export async function bundleModule(owner: InstalledPackage, subpath: string): Promise<BundledModule> {
  const dependencies = new Map<string, InstalledPackage>();
  const entry: { file?: string } = {};
  const options = {
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    legalComments: "none",
    format: "esm",
    platform: "browser",
    target: ["es2022", "chrome109", "firefox115", "safari16"],
    outdir: owner.folder,
    absWorkingDir: owner.folder,
    logLevel: "silent",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    plugins: [entryOf(owner, subpath, entry), dependenciesStayImports(owner, dependencies)],
  } satisfies BuildOptions;
  try {
    let result: BuildResult<{ write: false; metafile: true }> = await build({ ...options, entryPoints: [ENTRY] });
    const file = entry.file!;
    // esbuild follows links, so that a linked node_modules is named by where it really is.
    const input = result.metafile.inputs[relative(realpathSync(owner.folder), file)];
    if (input?.format === "cjs") {
      result = await build({
        ...options,
        stdin: { contents: reexportCommonJs(owner, file), resolveDir: owner.folder, sourcefile: "entry.js" },
      });
    }
    const script = result.outputFiles.find(({ path }) => extname(path) === ".js");
    return { code: script?.text ?? "", dependencies: [...dependencies.values()] };
  } catch (cause) {
    if (cause instanceof WorkbenchError) throw cause;
    const name = subpath === "" ? owner.name : `${owner.name}/${subpath}`;
    throw new WorkbenchError("SITE_BUILD_FAILED", `cannot bundle npm:${name}: ${(cause as Error).message}`, { cause });
  }
}

const ENTRY = "module-to-bundle";
const RESOLVING = Symbol("already resolving");
const REQUIRED_AS_IMPORT = "required-as-import";

/** Packages that keep state and so must never be merged into a CommonJS package that requires them. */
const STATEFUL_PACKAGES: ReadonlySet<string> = new Set(["react", "react-dom", "scheduler"]);

function entryOf(owner: InstalledPackage, subpath: string, entry: { file?: string }): Plugin {
  return {
    name: "entry",
    setup(builder) {
      builder.onResolve({ filter: new RegExp(`^${ENTRY}$`) }, async () => {
        const through = { kind: "import-statement", resolveDir: owner.folder, pluginData: RESOLVING } as const;
        let found = await builder.resolve(subpath === "" ? owner.name : `${owner.name}/${subpath}`, through);
        // A path that "exports" does not list is a plain file of the package.
        if (found.errors.length > 0) found = await builder.resolve(`./${subpath}`, through);
        if (found.errors.length > 0) return { errors: found.errors };
        entry.file = found.path;
        return { path: found.path, sideEffects: true };
      });
    },
  };
}

function dependenciesStayImports(owner: InstalledPackage, dependencies: Map<string, InstalledPackage>): Plugin {
  const peers = new Set(Object.keys(manifestOf(owner).peerDependencies ?? {}));
  return {
    name: "dependencies-stay-imports",
    setup(builder) {
      builder.onResolve({ filter: /^[^./#]/ }, async (args) => {
        if (args.kind === "entry-point" || args.pluginData === RESOLVING || /^(data|https?|node):/.test(args.path)) {
          return undefined;
        }
        const { name, subpath } = parsePackageSpecifier(args.path);
        const found = await resolveByNodeRules(builder, args);
        if (found === undefined) return undefined;
        const merged = args.kind === "require-call" && !peers.has(name) && !STATEFUL_PACKAGES.has(name);
        if (merged) return { path: found };
        const dependency = findImportedPackage(name, args.resolveDir);
        if (dependency === undefined) return undefined;
        dependencies.set(`${name}@${dependency.version}`, dependency);
        const path = moduleUrlPath(dependency, subpath);
        if (args.kind !== "require-call") return { path, external: true };
        return { path, namespace: REQUIRED_AS_IMPORT, pluginData: { hasDefault: !isModuleFile(found, dependency) } };
      });
      builder.onResolve({ filter: /^\/npm\//, namespace: REQUIRED_AS_IMPORT }, ({ path }) => ({
        path,
        external: true,
      }));
      builder.onLoad({ filter: /.*/, namespace: REQUIRED_AS_IMPORT }, ({ path, pluginData }) => {
        const from = JSON.stringify(path);
        return { contents: `export * from ${from};${pluginData.hasDefault ? `export {default} from ${from};` : ""}` };
      });
    },
  };
}

/** The file an import leads to; `undefined` for a Node built-in or a module that the package disables in browsers. */
async function resolveByNodeRules(builder: PluginBuild, args: OnResolveArgs): Promise<string | undefined> {
  const { kind, resolveDir, importer } = args;
  const found = await builder.resolve(args.path, { kind, resolveDir, importer, pluginData: RESOLVING });
  if (found.errors.length > 0 || found.path === "" || found.namespace !== "file") return undefined;
  return found.path;
}

/** A CommonJS module's exports are only known by running it; one that needs a browser keeps its default export alone. */
function reexportCommonJs(owner: InstalledPackage, file: string): string {
  let names: string[] = [];
  try {
    const exported: unknown = createRequire(join(owner.folder, "package.json"))(file);
    names = Object.keys(exported as object).filter((name) => name !== "default" && /^[A-Za-z_$][\w$]*$/.test(name));
  } catch {
    names = [];
  }
  const constants = names.map((name, i) => `const _${i}=m[${JSON.stringify(name)}];export{_${i} as ${name}};`);
  return `import m from ${JSON.stringify(file)};export default m;${constants.join("")}`;
}

function isModuleFile(file: string, owner: InstalledPackage): boolean {
  return extname(file) === ".mjs" || (extname(file) === ".js" && manifestOf(owner).type === "module");
}

interface PackageManifest {
  readonly type?: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function manifestOf({ folder }: InstalledPackage): PackageManifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
