import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeSpans, filesMatching, readText, sections, tableRows } from "./repository.js";

const layersSection = sections(readText("docs/architecture.md"), 2).get("Layers")!;
const layers = tableRows(layersSection).map(([layer, imports]) => ({
  layer: layer!.replaceAll("`", ""),
  imports: [...codeSpans(imports!)].sort(),
}));

/** The layer of a path, seen through the symlinks of `notebooks`. */
function layerOf(path: string): string {
  const real = path
    .replace(/^notebooks\/(engine|contracts)\//, "src/$1/")
    .replace(/^notebooks\/data\//, "data-loaders/");
  return real.split("/", real.startsWith("src/") ? 2 : 1).join("/");
}

function importsOf(layer: string): string[] {
  const files = filesMatching(
    layer === "notebooks" ? "notebooks/{components/**/*.ts,*.md,symbols/*.md}" : `${layer}/**/*.{ts,js}`,
  );
  const imported = files.flatMap((path) =>
    Array.from(readText(path).matchAll(/\bfrom "(\.[^"]+)"/g), ([, to]) => layerOf(join(dirname(path), to!))),
  );
  return [...new Set(imported)].filter((each) => each !== layer).sort();
}

/** Arrows of the diagram as pairs of layers; nodes are called by the last part of their layer's path. */
function drawnArrows(): string[] {
  const diagram = layersSection.slice(0, layersSection.indexOf("| layer"));
  const arrows = diagram.matchAll(/^ {2}([\w-]+)(?:\[.*?\])? --> ([\w-]+)/gm);
  return Array.from(arrows, ([, from, to]) => `${from} --> ${to}`).sort();
}

describe("docs/architecture.md", () => {
  it("has a row for every layer", () => {
    const folders = filesMatching("src/*").concat("data-loaders", "notebooks");
    expect(layers.map(({ layer }) => layer).sort()).toEqual(folders.sort());
  });

  it.each(layers)("allows $layer what it imports", ({ layer, imports }) => {
    expect(importsOf(layer).filter((each) => !imports.includes(each))).toEqual([]);
  });

  it("draws the arrows that its table lists", () => {
    const node = (layer: string) => (layer === "data-loaders" ? "loaders" : layer.replace("src/", ""));
    const listed = layers.flatMap(({ layer, imports }) => imports.map((to) => `${node(layer)} --> ${node(to)}`));
    expect(drawnArrows()).toEqual(listed.sort());
  });
});
