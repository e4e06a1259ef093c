import { describe, expect, it } from "vitest";
import { symbolHref } from "../../../notebooks/components/navigation/symbol-link.js";

describe("symbolHref(symbol, pathname)", () => {
  it("leads from a page at the root into the folder of symbols", () => {
    expect(symbolHref("HPG", "/heatmap")).toBe("./symbols/HPG.html");
    expect(symbolHref("HPG", "/research/site/index.html")).toBe("./symbols/HPG.html");
  });
  it("stays in the folder from one symbol to the next", () => {
    expect(symbolHref("VNM", "/symbols/HPG")).toBe("./VNM.html");
    expect(symbolHref("VNM", "/base/symbols/DCE.I.html")).toBe("./VNM.html");
  });
  it("writes the ending after a symbol with a dot too", () => {
    expect(symbolHref("DCE.I", "/")).toBe("./symbols/DCE.I.html");
  });
  it("escapes what an address cannot hold", () => expect(symbolHref("^GSPC", "/")).toBe("./symbols/%5EGSPC.html"));
});
