import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMissingValue, parseDecimal, shiftDecimal } from "../../../src/import/reading/decimal-parser.js";

function parse(text: string, { shift = 0, decimal = "." } = {}): number {
  const padding = "77"; // digits around the range must not be read
  const bytes = Buffer.from(padding + text + padding);
  return parseDecimal(bytes, padding.length, bytes.length - padding.length, decimal.charCodeAt(0), shift);
}

describe("parseDecimal(bytes, start, end, decimalPoint, shift)", () => {
  it("shifts thousand VND to VND exactly", () => {
    expect(parse("3.13", { shift: 3 })).toBe(3130);
    expect(parse("26.8", { shift: 3 })).toBe(26_800);
    expect(parse("1.1", { shift: 3 })).toBe(1100);
    expect(parse("0.0001", { shift: 3 })).toBe(0.1);
  });

  it("reads signs, exponents, spaces and bare points", () => {
    const cases: [string, number][] = [
      ["-36.98", -36.98],
      ["+5", 5],
      [" 7.5 ", 7.5],
      [".5", 0.5],
      ["5.", 5],
      ["1e3", 1000],
      ["2.5E-3", 0.0025],
      ["-0", -0],
    ];
    for (const [text, value] of cases) expect(parse(text)).toBe(value);
  });

  it("reads the decimal comma when told to, and only then", () => {
    expect(parse("26,80", { decimal: "," })).toBe(26.8);
    expect(parse("26,80")).toBeNaN();
    expect(parse("26.80", { decimal: "," })).toBeNaN();
    expect(parse("123456789012345678,5", { decimal: "," })).toBe(Number("123456789012345678.5"));
  });

  it("is NaN for text that is no decimal number", () => {
    for (const text of [
      "",
      "-",
      ".",
      "e5",
      "1e",
      "1e+",
      "abc",
      "1.2.3",
      "0x10",
      "1_000",
      "Infinity",
      "1 2",
      "--1",
      "١",
    ]) {
      expect(parse(text), text).toBeNaN();
    }
  });

  it("is infinite beyond the range of doubles, and zero below it", () => {
    expect(parse("1e400")).toBe(Number.POSITIVE_INFINITY);
    expect(parse("-1e400")).toBe(Number.NEGATIVE_INFINITY);
    expect(parse("1e-400")).toBe(0);
    expect(parse("1e99999999999999999999")).toBe(Number.POSITIVE_INFINITY);
  });

  const decimal = fc
    .tuple(fc.constantFrom("", "-"), fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.nat({ max: 20 }))
    .map(([sign, digits, places]) => {
      const padded = digits.toString().padStart(places + 1, "0");
      return places === 0 ? sign + padded : `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
    });

  it("equals Number() for every decimal", () => {
    fc.assert(
      fc.property(decimal, (text) => {
        expect(parse(text)).toBe(Number(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("equals Number() with the exponent for every decimal and shift", () => {
    const shift = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(decimal, shift, (text, by) => {
        expect(parse(text, { shift: by })).toBe(Number(`${text}e${by}`));
      }),
      { numRuns: 2000 },
    );
  });

  it("reads back every double from its shortest form", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parse(String(value))).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("isMissingValue(bytes, start, end)", () => {
  it("knows the ways of writing nothing, and takes no other text for one", () => {
    const isMissing = (text: string): boolean => isMissingValue(Buffer.from(text), 0, Buffer.byteLength(text));
    for (const text of ["", " ", "-", "NaN", "nan", "NA", "N/A", "null", "NULL"])
      expect(isMissing(text), text).toBe(true);
    for (const text of ["0", "none", "abc", "--", "nano"]) expect(isMissing(text), text).toBe(false);
  });
});

describe("shiftDecimal(value, shift)", () => {
  it("moves the point of the shortest decimal form", () => {
    expect(shiftDecimal(1.1, 3)).toBe(1100);
    expect(shiftDecimal(4.35, 3)).toBe(4350);
    expect(shiftDecimal(1e-7, 3)).toBe(1e-4);
    expect(shiftDecimal(Number.NaN, 3)).toBeNaN();
  });

  it("agrees with the parser on every price of up to 12 digits", () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), fc.integer({ min: 0, max: 6 }), (digits, places) => {
        const text = `${digits}e-${places}`;
        expect(shiftDecimal(Number(text), 3)).toBe(parse(text, { shift: 3 }) + 0);
      }),
      { numRuns: 2000 },
    );
  });
});
