import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The text of a file, by its path from the root of the repository. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Paths from the root of the repository, sorted. */
export function filesMatching(...patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort();
}

/** The sections of a Markdown text under headings of one level, by the heading's text. */
export function sections(markdown: string, level: number): Map<string, string> {
  const parts = markdown.split(new RegExp(`^#{${level}} `, "m")).slice(1);
  return new Map(
    parts.map((part) => {
      const lineEnd = part.indexOf("\n");
      const body = part.slice(lineEnd + 1);
      const next = body.search(new RegExp(`^#{1,${level}} `, "m"));
      return [part.slice(0, lineEnd).trim(), next < 0 ? body : body.slice(0, next)];
    }),
  );
}

/** Cells of the tables of a Markdown text, row by row, without headers and rules. */
export function tableRows(markdown: string): string[][] {
  const lines = markdown.split("\n");
  return lines
    .filter((line, i) => line.startsWith("|") && !isRule(line) && !isRule(lines[i + 1] ?? ""))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("|"))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

function isRule(line: string): boolean {
  return /^\|[-| :]+\|$/.test(line);
}

/** What stands in backticks, each once. */
export function codeSpans(markdown: string): Set<string> {
  return new Set(Array.from(markdown.matchAll(/`([^`\n]+)`/g), ([, code]) => code!));
}
