import fc from "fast-check";
import { expect } from "vitest";
import type { StreamingIndicator } from "../../../src/engine/indicators/streaming-indicator.js";

/** Prices of a plausible size, some rows without one. */
export const pricesWithGaps = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: 0.01, max: 1e6, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(NaN) },
  ),
  { maxLength: 80 },
);

export type Columns = readonly Float64Array[];

export interface IndicatorUnderTest {
  /** Output columns of the batch form. */
  batch(values: Float64Array): Columns;
  stream(): StreamingIndicator<number, number | object>;
}

/** Output by output, to the last bit. */
export function expectStreamEqualsBatch({ batch, stream }: IndicatorUnderTest): void {
  fc.assert(
    fc.property(pricesWithGaps, (prices) => {
      const indicator = stream();
      const columns = batch(Float64Array.from(prices));
      prices.forEach((price, row) => {
        const output = indicator.next(price);
        const outputs = typeof output === "number" ? [output] : Object.values(output);
        expect(columns.map((column) => column[row])).toEqual(outputs);
      });
    }),
  );
}

export function expectNoLookAhead({ batch }: IndicatorUnderTest): void {
  fc.assert(
    fc.property(pricesWithGaps, pricesWithGaps, (past, future) => {
      const before = batch(Float64Array.from(past));
      const after = batch(Float64Array.from([...past, ...future]));
      before.forEach((column, i) => {
        expect(after[i]!.subarray(0, past.length)).toEqual(column);
      });
    }),
  );
}

/** A row without a value yields `NaN` and is otherwise as if it were absent. */
export function expectGapsAreAbsentRows({ batch }: IndicatorUnderTest): void {
  fc.assert(
    fc.property(pricesWithGaps, (prices) => {
      const isDefined = (_: unknown, row: number) => !Number.isNaN(prices[row]);
      const withGaps = batch(Float64Array.from(prices));
      const withoutGaps = batch(Float64Array.from(prices.filter(isDefined)));
      withGaps.forEach((column, i) => {
        expect(column.filter(isDefined)).toEqual(withoutGaps[i]);
        expect(column.filter((_, row) => !isDefined(_, row)).every(Number.isNaN)).toBe(true);
      });
    }),
  );
}

export function expectArgumentsUntouched({ batch }: IndicatorUnderTest): void {
  fc.assert(
    fc.property(pricesWithGaps, (prices) => {
      const values = Float64Array.from(prices);
      batch(values);
      expect(values).toEqual(Float64Array.from(prices));
    }),
  );
}
