import { readFile } from "node:fs/promises";
import { extname, join, normalize, relative } from "node:path/posix";
import { build, type Plugin } from "esbuild";
import { htmlReferences } from "./html-references.js";
import { filesIn } from "./site-files.js";

/** How a file of the site names another: what the browser does with the address decides whether it is requested. */
export type ReferenceKind =
  | "import"
  | "dynamic-import"
  /** An address built from a literal: `import.meta.resolve("…")`, or the path of a registered file. */
  | "path"
  /** An address handed to `fetch`, a worker, a socket or an element's `src`. */
  | "request"
  /** `url(…)` or `@import` in a style sheet. */
  | "style"
  /** `src`, `href`, `poster` … of an element that loads it. */
  | "element"
  /** `href` of an anchor: followed by the reader, requested by nobody. */
  | "link";

export interface SiteReference {
  /** The file that holds the reference, relative to the site. */
  readonly file: string;
  readonly kind: ReferenceKind;
  readonly target: string;
}

export interface SiteCode {
  readonly references: readonly SiteReference[];
  /** Scripts and style sheets by the file that holds them, without comments. */
  readonly code: ReadonlyMap<string, string>;
}

/**
 * Every reference from the site's pages, scripts and style sheets. Imports and `url(…)` come from a parser, so text
 * in comments and strings is none; requests and paths are literals in the code that remains.
 */
export async function collectReferences(siteFolder: string): Promise<SiteCode> {
  const files = await filesIn(siteFolder);
  const sources = files.filter((file) => [".js", ".css"].includes(extname(file)));
  const references: SiteReference[] = [];
  const inline = new Map<string, { page: string; contents: string; loader: "js" | "css" }>();
  for (const page of files.filter((file) => extname(file) === ".html")) {
    const found = htmlReferences(await readFile(join(siteFolder, page), "utf8"));
    references.push(...found.references.map((reference) => ({ ...reference, file: page })));
    found.scripts.forEach((contents, i) => {
      inline.set(`${page}.${i}.js`, { page, contents, loader: "js" });
    });
    found.styles.forEach((contents, i) => {
      inline.set(`${page}.${i}.css`, { page, contents, loader: "css" });
    });
  }
  const ownerOf = (source: string) => inline.get(normalize(source))?.page ?? normalize(source);

  const result = await build({
    entryPoints: [...sources, ...inline.keys()].map((source) => ({ in: source, out: source })),
    absWorkingDir: siteFolder,
    outdir: siteFolder,
    bundle: true,
    write: false,
    minifyWhitespace: true,
    legalComments: "none",
    format: "esm",
    platform: "browser",
    logLevel: "silent",
    plugins: [recordImports()],
  });
  const code = new Map<string, string>();
  for (const { path, text } of result.outputFiles) {
    const source = relative(siteFolder, path).replace(/\.(js|css)$/, "");
    const file = ownerOf(source);
    code.set(file, `${code.get(file) ?? ""}${text}\n`);
    if (path.endsWith(".js")) references.push(...literalReferences(text).map((found) => ({ ...found, file })));
  }
  return { references, code };

  function recordImports(): Plugin {
    const kinds: Readonly<Record<string, ReferenceKind>> = {
      "import-statement": "import",
      "dynamic-import": "dynamic-import",
      "require-call": "import",
      "import-rule": "style",
      "url-token": "style",
    };
    return {
      name: "record-imports",
      setup(builder) {
        builder.onResolve({ filter: /.*/ }, ({ kind, path, importer }) => {
          if (kind === "entry-point") return { path, namespace: "site", sideEffects: true };
          references.push({ file: ownerOf(importer), kind: kinds[kind] ?? "import", target: path });
          return { path, external: true };
        });
        builder.onLoad({ filter: /.*/, namespace: "site" }, async ({ path }) => {
          const held = inline.get(path);
          if (held !== undefined) return { contents: held.contents, loader: held.loader };
          const loader = path.endsWith(".css") ? "css" : "js";
          return { contents: await readFile(join(siteFolder, path), "utf8"), loader };
        });
      },
    };
  }
}

const STRING = `(?:"([^"\\n]*)"|'([^'\\n]*)'|\`([^\`$\\n]*)\`)`;
const REQUEST = new RegExp(
  `(?:\\b(?:fetch|importScripts|sendBeacon)\\(|new (?:Worker|SharedWorker|WebSocket|EventSource|Request)\\(|\\.open\\(["'\`][A-Z]+["'\`],|\\.src=)${STRING}`,
  "g",
);
const RESOLVED = new RegExp(`import\\.meta\\.resolve\\(${STRING}\\)`, "g");
/** Framework names what it wrote by folders of its own: `"../_file/data/candles.0a1b2c3d.arrow"`. */
const BUILT_FILE = /["'`]((?:\.{1,2}\/)+_(?:file|import|npm|node|jsr|observablehq|duckdb)\/[^"'`\n]+)["'`]/g;

function literalReferences(code: string): { kind: ReferenceKind; target: string }[] {
  const literals = (pattern: RegExp, kind: ReferenceKind) =>
    [...code.matchAll(pattern)].map(([, ...groups]) => ({ kind, target: groups.find((group) => group) ?? "" }));
  const imports = new Set([...code.matchAll(/\b(?:import\(|import|from)["']([^"'\n]+)["']/g)].map(([, path]) => path));
  const paths = literals(RESOLVED, "path").concat(literals(BUILT_FILE, "path"));
  return literals(REQUEST, "request").concat(paths.filter(({ target }) => !imports.has(target)));
}
