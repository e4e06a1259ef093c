import { describe, expect, it } from "vitest";
import { toCsv } from "../../../notebooks/components/frame/csv-export.js";

describe("toCsv(columns)", () => {
  it("writes a header and one line a row", () => {
    expect(toCsv({ symbol: ["HPG", "VNM"], close: [28000, 61.5] })).toBe("symbol,close\r\nHPG,28000\r\nVNM,61.5\r\n");
  });
  it("reads typed arrays", () => expect(toCsv({ close: Float64Array.of(1, 2) })).toBe("close\r\n1\r\n2\r\n"));
  it("leaves missing values empty", () => {
    expect(toCsv({ a: [Number.NaN, null, undefined], b: [1, 2, 3] })).toBe("a,b\r\n,1\r\n,2\r\n,3\r\n");
  });
  it("quotes commas, quotes and line breaks", () => {
    expect(toCsv({ name: ['Thép "A", B', "two\nlines"] })).toBe('name\r\n"Thép ""A"", B"\r\n"two\nlines"\r\n');
  });
  it("keeps text that a spreadsheet would run as a formula", () => {
    expect(toCsv({ message: ["=HYPERLINK(1)", "+1"] })).toBe("message\r\n'=HYPERLINK(1)\r\n'+1\r\n");
  });
  it("keeps negative numbers numbers", () => expect(toCsv({ change: [-0.5] })).toBe("change\r\n-0.5\r\n"));
});
