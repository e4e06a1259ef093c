import { describe, expect, it } from "vitest";
import { parseImportMapping, priceShiftOf } from "../../../src/import/mapping/import-mapping.js";

const PRICES = {
  kind: "prices",
  format: { container: "csv" },
  columns: { time: "date", symbol: "ticker", close: "close" },
  source: "a vendor",
};

describe("parseImportMapping(value)", () => {
  it("fills in the defaults: comma, point, header, ISO dates, Ho Chi Minh City, daily, unscaled", () => {
    expect(parseImportMapping(PRICES)).toEqual({
      ...PRICES,
      format: { container: "csv", gzip: false, delimiter: ",", decimal: ".", header: true },
      dateFormat: "iso-date",
      timeZone: "Asia/Ho_Chi_Minh",
      interval: "1d",
      priceScale: 1,
    });
  });

  it("survives JSON, so that an import can be recorded", () => {
    const mapping = parseImportMapping({ ...PRICES, priceScale: 1000, scaledSymbols: ["HPG"], currency: "VND" });
    expect(parseImportMapping(JSON.parse(JSON.stringify(mapping)))).toEqual(mapping);
  });

  const cases: [fact: string, change: Record<string, unknown>, message: string][] = [
    [
      "a missing column",
      { columns: { time: "date", symbol: "ticker" } },
      "invalid columns.close: missing (accepted: the name of a column)",
    ],
    [
      "an unknown field",
      { columns: { ...PRICES.columns, price: "p" } },
      'invalid columns.price: "p" (accepted: time, close, symbol, open, high, low, volume, name)',
    ],
    [
      "neither symbol nor symbol column",
      { columns: { time: "date", close: "close" } },
      "invalid symbol: missing (accepted: either a symbol column or one symbol for the whole file)",
    ],
    [
      "both symbol and symbol column",
      { symbol: "HPG" },
      'invalid symbol: "HPG" (accepted: either a symbol column or one symbol for the whole file)',
    ],
    [
      "an unknown time zone",
      { timeZone: "Saigon" },
      'invalid timeZone: "Saigon" (accepted: an IANA name such as Asia/Ho_Chi_Minh)',
    ],
    ["another scale", { priceScale: 10 }, "invalid priceScale: 10"],
    ["another interval", { interval: "2m" }, 'invalid interval: "2m" (accepted: one of "1m"|"5m"'],
    [
      "a currency that is no code",
      { currency: "dong" },
      'invalid currency: "dong" (accepted: an ISO 4217 code such as VND)',
    ],
    [
      "a delimiter of two characters",
      { format: { container: "csv", delimiter: "::" } },
      'invalid format.delimiter: "::" (accepted: one ASCII character)',
    ],
    [
      "a calendar without exchange",
      { kind: "calendar", columns: { date: "d", kind: "k" } },
      "invalid exchange: missing",
    ],
  ];
  for (const [fact, change, message] of cases) {
    it(`refuses ${fact}`, () => {
      expect(() => parseImportMapping({ ...PRICES, ...change })).toThrow(
        expect.objectContaining({ code: "MAPPING_INVALID", message: expect.stringContaining(message) }),
      );
    });
  }
});

describe("priceShiftOf(mapping)", () => {
  it("shifts three places for scaled symbols and none for others", () => {
    const some = priceShiftOf({ priceScale: 1000, scaledSymbols: ["HPG"] });
    expect([some("HPG"), some("VNINDEX")]).toEqual([3, 0]);
    expect(priceShiftOf({ priceScale: 1000 })("VNINDEX")).toBe(3);
    expect(priceShiftOf({ priceScale: 1, scaledSymbols: ["HPG"] })("HPG")).toBe(0);
  });
});
