import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SYMBOL_PATTERN } from "../../../src/engine/market-data/instrument-symbol.js";
import { SymbolDictionary } from "../../../src/import/reading/symbol-dictionary.js";

describe("SymbolDictionary.codeOf(bytes, start, end)", () => {
  it("numbers symbols in order of appearance", () => {
    const dictionary = new SymbolDictionary();
    const codes = ["HPG", "VNM", "HPG", " VNM ", "DCE.I", "HPG"].map((text) => dictionary.codeOfText(text));
    expect(codes).toEqual([0, 1, 0, 1, 2, 0]);
    expect(dictionary.symbols).toEqual(["HPG", "VNM", "DCE.I"]);
  });

  it("is -1 for what is no symbol, without remembering it", () => {
    const dictionary = new SymbolDictionary();
    for (const text of ["", " ", "hpg", "HP G", "H€PG", ".HPG", "A".repeat(33)]) {
      expect(dictionary.codeOfText(text), text).toBe(-1);
    }
    expect(dictionary.symbols).toEqual([]);
  });

  it("keeps thousands of symbols apart, law: symbols[codeOf(s)] = s", () => {
    const symbol = fc.stringMatching(/^[A-Z0-9^][A-Z0-9.\-_^=]{0,31}$/);
    fc.assert(
      fc.property(fc.array(symbol, { maxLength: 3000, size: "max" }), (texts) => {
        const dictionary = new SymbolDictionary();
        const codes = texts.map((text) => dictionary.codeOfText(text));
        expect(codes.map((code) => dictionary.symbols[code])).toEqual(texts);
        expect(dictionary.symbols.length).toBe(new Set(texts).size);
        expect(dictionary.symbols.every((text) => SYMBOL_PATTERN.test(text))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
