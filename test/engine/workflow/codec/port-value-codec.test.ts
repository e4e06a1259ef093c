import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PortValue } from "../../../../src/engine/workflow/port-value.js";
import { decodePortValue, encodePortValue } from "../../../../src/engine/workflow/port-value-codec.js";
import { digestInputs, digestPortValue } from "../../../../src/engine/workflow/value-digest.js";
import { portValue } from "./any-port-value.js";

describe("encodePortValue(value), decodePortValue(json)", () => {
  it.each<[string, PortValue, unknown]>([
    ["a number", { type: "number", value: 1.5 }, { type: "number", value: 1.5 }],
    ["NaN", { type: "number", value: Number.NaN }, { type: "number", value: null }],
    ["infinity", { type: "number", value: Number.NEGATIVE_INFINITY }, { type: "number", value: "-Infinity" }],
    [
      "a series",
      {
        type: "series",
        value: { timesMs: Float64Array.of(1, 2), values: Float64Array.of(Number.NaN, -0), symbol: "HPG" },
      },
      { type: "series", value: { symbol: "HPG", timesMs: [1, 2], values: [null, "-0"] } },
    ],
    [
      "a table, in which null and text are themselves",
      { type: "table", value: { rowCount: 4, columns: [{ name: "x", cells: [null, Number.NaN, "NaN", 2] }] } },
      { type: "table", value: { rowCount: 4, columns: [{ name: "x", cells: [null, { number: "NaN" }, "NaN", 2] }] } },
    ],
    [
      "a signal without what it does not have",
      { type: "signal", value: { isActive: true, side: "buy", reason: "cross" } },
      { type: "signal", value: { isActive: true, side: "buy", reason: "cross" } },
    ],
  ])("writes %s", (_, value, json) => {
    expect(encodePortValue(value)).toEqual(json);
  });

  it("gives back what went through text, to the last bit", () => {
    fc.assert(
      fc.property(portValue, (value) => {
        const again = decodePortValue(JSON.parse(JSON.stringify(encodePortValue(value))));
        expect(again).toEqual(value);
        expect(digestPortValue(again)).toBe(digestPortValue(value));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [null, "it is no value with a type"],
    [7, "it is no value with a type"],
    [{ type: "money", value: 1 }, "it has no type of number, series, boolean, signal, table, order, text"],
    [{ type: "number", value: "1" }, "it is no number"],
    [{ type: "series", value: { timesMs: [1], values: ["x"] } }, "it has no number in place 0"],
    [{ type: "series", value: { timesMs: [1, 2], values: [1] } }, "it has 2 instants and 1 values"],
    [{ type: "signal", value: { isActive: true } }, "it has no reason"],
    [
      { type: "table", value: { rowCount: 2, columns: [{ name: "x", cells: [1] }] } },
      "it has 1 cells in column x and 2 rows",
    ],
    [
      { type: "table", value: { rowCount: 1, columns: [{ name: "x", cells: [{}] }] } },
      "it has a cell in column x, row 0, that is no number, text or boolean",
    ],
    [{ type: "order", value: [{}] }, "it has no order in place 0"],
  ])("refuses %j", (json, problem) => {
    expect(() => decodePortValue(json as never)).toThrow(`invalid output: ${problem}`);
  });

  it("refuses or reads whatever JSON there is", () => {
    fc.assert(
      fc.property(
        fc.record({
          type: fc.constantFrom("number", "series", "table", "signal", "order", "text", "x"),
          value: fc.jsonValue(),
        }),
        (json) => {
          try {
            decodePortValue(json as never);
          } catch (error) {
            expect(error).toMatchObject({ code: "WORKFLOW_OUTPUT_INVALID" });
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("digestInputs(inputs)", () => {
  const one = { from: "a" as never, value: { type: "number", value: 1 } } as const;
  const two = { from: "b" as never, value: { type: "number", value: 2 } } as const;

  it("does not depend on the order of the ports, but on that of the values and where they came from", () => {
    expect(digestInputs({ x: [one], y: [two] })).toBe(digestInputs({ y: [two], x: [one] }));
    const digests = [
      { x: [one, two] },
      { x: [two, one] },
      { x: [one], y: [two] },
      { x: [{ ...one, from: "c" as never }, two] },
      {},
    ];
    expect(new Set(digests.map(digestInputs)).size).toBe(digests.length);
  });

  it("tells different values apart", () => {
    fc.assert(
      fc.property(portValue, portValue, (first, second) => {
        const isSame = JSON.stringify(encodePortValue(first)) === JSON.stringify(encodePortValue(second));
        expect(digestPortValue(first) === digestPortValue(second)).toBe(isSame);
      }),
      { numRuns: 300 },
    );
  });

  it("counts every NaN as one", () => {
    const other = new Float64Array(new BigUint64Array([0x7ff0_0000_dead_beefn]).buffer);
    const seriesOf = (values: Float64Array): PortValue => ({
      type: "series",
      value: { timesMs: Float64Array.of(1), values },
    });
    expect(digestPortValue(seriesOf(other))).toBe(digestPortValue(seriesOf(Float64Array.of(Number.NaN))));
  });
});
