import { describe, expect, it } from "vitest";
import { parsePackageSpecifier } from "../../src/site/package-specifier.js";

describe("parsePackageSpecifier(text)", () => {
  it.each([
    ["d3", { name: "d3", version: undefined, subpath: "" }],
    ["d3@7.9.2", { name: "d3", version: "7.9.2", subpath: "" }],
    ["d3@7.9.2/+esm", { name: "d3", version: "7.9.2", subpath: "+esm" }],
    ["react-dom/client", { name: "react-dom", version: undefined, subpath: "client" }],
    ["@observablehq/plot", { name: "@observablehq/plot", version: undefined, subpath: "" }],
    [
      "@duckdb/duckdb-wasm@1.29.0/dist/duckdb-eh.wasm",
      { name: "@duckdb/duckdb-wasm", version: "1.29.0", subpath: "dist/duckdb-eh.wasm" },
    ],
  ])("reads %s", (text, expected) => {
    expect(parsePackageSpecifier(text)).toEqual(expected);
  });

  it.each(["", "@scope", "/d3"])("refuses %j", (text) => {
    expect(() => parsePackageSpecifier(text)).toThrow(expect.objectContaining({ code: "MODULE_NOT_INSTALLED" }));
  });
});
