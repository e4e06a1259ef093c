import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { WorkbenchError } from "../engine/errors.js";
import { filesIn, isForeignAddress, isRelativeAddress, resolveInSite } from "./site-files.js";
import { collectReferences, type SiteCode, type SiteReference } from "./site-references.js";

export interface SiteProblem {
  /** The page or file, relative to the site. */
  readonly file: string;
  readonly reason: string;
}

/**
 * What would fail in the reader's browser: cells that hold an error, addresses on other hosts that the browser would
 * request, and references to files the site does not hold. An empty list for a sound site.
 */
export async function findSiteProblems(siteFolder: string, site?: SiteCode): Promise<SiteProblem[]> {
  const { references, code } = site ?? (await collectReferences(siteFolder));
  const files = await filesIn(siteFolder);
  const held = new Set(files);
  return [
    ...(await errorCells(siteFolder, files)),
    ...references.flatMap((reference) => referenceProblems(reference, held)),
    ...[...code].flatMap(([file, text]) => assetHostProblems(file, text)),
  ];
}

/** @throws SITE_CHECK_FAILED naming the first problem, with all of them in its details */
export async function checkSite(siteFolder: string, site?: SiteCode): Promise<void> {
  const problems = await findSiteProblems(siteFolder, site);
  const [first] = problems;
  if (first === undefined) return;
  const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  throw new WorkbenchError("SITE_CHECK_FAILED", `${first.file}: ${first.reason}${others}`, {
    details: { page: first.file, problems },
  });
}

const ERROR_CELL = /<(\w+)[^>]*class="[^"]*observablehq--error[^"]*"[^>]*>([^<]*)/g;

async function errorCells(siteFolder: string, files: readonly string[]): Promise<SiteProblem[]> {
  const problems: SiteProblem[] = [];
  for (const file of files.filter((each) => extname(each) === ".html")) {
    const html = await readFile(join(siteFolder, file), "utf8");
    const markup = html.replace(/<script\b[\s\S]*?<\/script>/g, "");
    for (const [, , text = ""] of markup.matchAll(ERROR_CELL)) {
      problems.push({ file, reason: `a cell holds an error: ${text.trim()}` });
    }
  }
  return problems;
}

function referenceProblems({ file, kind, target }: SiteReference, held: ReadonlySet<string>): SiteProblem[] {
  const problem = (reason: string) => [{ file, reason }];
  if (isForeignAddress(target)) return kind === "link" ? [] : problem(`would request another host: ${target}`);
  const isImport = kind === "import" || kind === "dynamic-import";
  if (isImport && /^[^./]/.test(target) && !/^(?:data|blob):/.test(target)) {
    return problem(`imports "${target}", which no browser resolves: import npm:${target}`);
  }
  if (kind === "request") return [];
  if (target.startsWith("/")) return problem(`refers to ${target}, which fails below a sub-path: use a relative path`);
  if (!isRelativeAddress(target)) return [];
  const path = resolveInSite(file, target);
  const found = [path, kind === "link" ? join(path, "index.html") : path].some((each) => held.has(each));
  return found || isUnusedLibrary(file, path) ? [] : problem(`refers to ${target}, which the site does not hold`);
}

/** Framework's client lists every library it knows; those that no page uses are neither built nor ever imported. */
function isUnusedLibrary(file: string, path: string): boolean {
  return /^_observablehq\/(?:client|stdlib)\.[^/]*js$/.test(file) && /^(?:_npm|_observablehq\/stdlib)\//.test(path);
}

/** Hosts that serve code, fonts and data: their mention is a request waiting to happen, wherever it stands. */
const ASSET_HOST =
  /https?:\/\/(?:[\w-]+\.)*(?:jsdelivr\.net|unpkg\.com|esm\.sh|skypack\.dev|cdnjs\.cloudflare\.com|(?:fonts|ajax)\.googleapis\.com|gstatic\.com|observableusercontent\.com|duckdb\.org|jsr\.io|githubusercontent\.com)\b|https?:\/\/registry\.[\w.-]+/g;

/** Mentions that are known to be reached by nothing in the site. */
const INERT_MENTIONS: readonly { readonly file: RegExp; readonly host: RegExp }[] = [
  // getJsDelivrBundles() builds the address; Framework passes DuckDB its own files instead.
  { file: /^_npm\/@duckdb\/duckdb-wasm@[^/]+\/[^/]+\.js$/, host: /jsdelivr/ },
];

function assetHostProblems(file: string, text: string): SiteProblem[] {
  return [...new Set(text.match(ASSET_HOST))]
    .filter((address) => !INERT_MENTIONS.some((inert) => inert.file.test(file) && inert.host.test(address)))
    .map((address) => ({ file, reason: `mentions ${address}, a host that serves code or data` }));
}
