import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  LONGEST_WATCHLIST,
  movedSymbol,
  parseWatchlist,
  withoutSymbol,
  withSymbol,
} from "../../../../notebooks/components/live/watchlist-symbols.js";

describe("parseWatchlist(text)", () => {
  it("takes symbols in their order, each once, whatever stands between them", () => {
    expect(parseWatchlist("HPG, fpt;VNINDEX  HPG\nDCE.I")).toEqual(["HPG", "FPT", "VNINDEX", "DCE.I"]);
  });

  it("leaves out what is no symbol", () => {
    expect(parseWatchlist("HPG,<script>,,../etc,Hòa")).toEqual(["HPG"]);
    expect(parseWatchlist("")).toEqual([]);
  });

  it("is no longer than can be watched", () => {
    const many = Array.from({ length: 100 }, (_, i) => `S${i}`).join();
    expect(parseWatchlist(many)).toHaveLength(LONGEST_WATCHLIST);
  });

  it("reads what it writes", () => {
    const symbol = fc.stringMatching(/^[A-Z][A-Z0-9]{0,5}$/);
    fc.assert(
      fc.property(fc.uniqueArray(symbol, { maxLength: LONGEST_WATCHLIST }), (symbols) => {
        expect(parseWatchlist(symbols.join(","))).toEqual(symbols);
      }),
    );
  });
});

describe("changing a watchlist", () => {
  const LIST = ["A", "B", "C"];

  it("adds at the end, once", () => {
    expect(withSymbol(LIST, "d")).toEqual(["A", "B", "C", "D"]);
    expect(withSymbol(LIST, "B")).toEqual(LIST);
  });

  it("takes one out", () => {
    expect(withoutSymbol(LIST, "B")).toEqual(["A", "C"]);
  });

  it("moves one up or down, and no further than the ends", () => {
    expect(movedSymbol(LIST, "C", -1)).toEqual(["A", "C", "B"]);
    expect(movedSymbol(LIST, "A", 1)).toEqual(["B", "A", "C"]);
    expect(movedSymbol(LIST, "A", -1)).toEqual(LIST);
    expect(movedSymbol(LIST, "X", 1)).toEqual(LIST);
  });
});
