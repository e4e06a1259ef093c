import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PortValue } from "../../../src/engine/workflow/port-value.js";
import { portValueFromArrow, portValueToArrow } from "../../../src/server/workflows/port-value-arrow.js";
import { portValue } from "../../engine/workflow/codec/any-port-value.js";

const wide = (count: number): PortValue => ({
  type: "table",
  value: { rowCount: 1, columns: Array.from({ length: count }, (_, i) => ({ name: `k${i}`, cells: [i] })) },
});

describe("portValueToArrow(value)", () => {
  it("writes what portValueFromArrow reads, to the last bit", () => {
    fc.assert(
      fc.property(portValue, (value) => {
        expect(portValueFromArrow(portValueToArrow(value))).toStrictEqual(value);
      }),
    );
  });

  it.each([
    [500, 500],
    [501, 1],
    [70_000, 1],
  ])("writes a table of %d columns as %d columns of Arrow", (count, written) => {
    const stream = portValueToArrow(wide(count));
    expect(tableFromIPC(stream).schema.fields).toHaveLength(written);
    expect(portValueFromArrow(stream)).toEqual(wide(count));
  });
});
