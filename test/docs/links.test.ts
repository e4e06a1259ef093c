import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesMatching, ROOT, readText } from "./repository.js";

const documents = filesMatching("*.md", "docs/**/*.md");
const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };

/** Every match of `pattern` in the documents for which `isThere` is false, as `document: match`. */
function missing(pattern: RegExp, isThere: (name: string, document: string) => boolean): string[] {
  return documents.flatMap((document) =>
    Array.from(readText(document).matchAll(pattern), ([, name]) => name!)
      .filter((name) => !isThere(name, document))
      .map((name) => `${document}: ${name}`),
  );
}

describe("the documents", () => {
  it("link only to files that are there", () => {
    const link = /\]\((?!https?:|#)([^)#\s]+)/g;
    expect(missing(link, (target, document) => existsSync(join(ROOT, dirname(document), target)))).toEqual([]);
  });

  it("name only sources and folders that are there", () => {
    const path = /`((?:src|test|bin|bench|data-loaders|notebooks|docs)\/[\w./[\]-]+)`/g;
    expect(missing(path, (name) => existsSync(join(ROOT, name)))).toEqual([]);
  });

  it("run only scripts that package.json has", () => {
    expect(missing(/\bnpm run ([a-z][\w:-]*)/g, (script) => scripts[script] !== undefined)).toEqual([]);
  });

  it("name no absolute path of a machine", () => {
    expect(missing(/(?<![\w.:/])(\/(?:work|home|root|tmp)\/[^\s`)]*)/g, () => false)).toEqual([]);
  });
});
