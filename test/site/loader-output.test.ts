import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LoaderInputs, loaderKey, loaderOutputPath } from "../../src/site/loader-output.js";

describe("loaderOutputPath({ file, parameters })", () => {
  it.each([
    ["data-loaders/instruments.arrow.ts", {}, "data/instruments.arrow"],
    ["data-loaders/daily-candles/[symbol].arrow.ts", { symbol: "DCE.I" }, "data/daily-candles/DCE.I.arrow"],
    ["data-loaders/[from]/[to].json.ts", { from: "DCE.I", to: "HPG" }, "data/DCE.I/HPG.json"],
  ])("of %s with %j is where Framework looks for it", (file, parameters, expected) => {
    expect(loaderOutputPath({ file, parameters })).toBe(expected);
  });

  it.each([
    ["a file elsewhere", "src/store/x.arrow.ts", {}],
    ["a module that is no loader", "data-loaders/support.ts", {}],
    ["a missing parameter", "data-loaders/[symbol].arrow.ts", {}],
    ["a parameter that leaves the folder", "data-loaders/[symbol].arrow.ts", { symbol: "../x" }],
    ["a parameter that is the folder above", "data-loaders/[symbol]/x.arrow.ts", { symbol: ".." }],
  ])("refuses %s", (_, file, parameters) => {
    expect(() => loaderOutputPath({ file, parameters })).toThrow(expect.objectContaining({ code: "LOADER_FAILED" }));
  });
});

describe("loaderKey(inputs)", () => {
  const inputs = fc.record({
    sourcesHash: fc.string(),
    packagesHash: fc.string(),
    parameters: fc.dictionary(fc.string(), fc.string()),
    watermark: fc.string(),
  });
  const canonical = ({ sourcesHash, packagesHash, parameters, watermark }: LoaderInputs) =>
    JSON.stringify([sourcesHash, packagesHash, watermark, Object.entries(parameters).sort()]);

  it("is equal exactly when sources, packages, parameters and watermark are", () => {
    fc.assert(
      fc.property(inputs, inputs, (a, b) => {
        expect(loaderKey(a) === loaderKey(b)).toBe(canonical(a) === canonical(b));
      }),
    );
  });

  it("changes with any single one of them", () => {
    fc.assert(
      fc.property(inputs, fc.string({ minLength: 1 }), (a, suffix) => {
        const changed: LoaderInputs[] = [
          { ...a, sourcesHash: a.sourcesHash + suffix },
          { ...a, packagesHash: a.packagesHash + suffix },
          { ...a, watermark: a.watermark + suffix },
          { ...a, parameters: { ...a.parameters, [Object.keys(a.parameters).join("") + suffix]: suffix } },
        ];
        expect(new Set([a, ...changed].map(loaderKey)).size).toBe(changed.length + 1);
      }),
    );
  });

  it("ignores the order of the parameters", () => {
    fc.assert(
      fc.property(inputs, (a) => {
        const reversed = Object.fromEntries(Object.entries(a.parameters).reverse());
        expect(loaderKey({ ...a, parameters: reversed })).toBe(loaderKey(a));
      }),
    );
  });
});
