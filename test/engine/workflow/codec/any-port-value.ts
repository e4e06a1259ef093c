import fc from "fast-check";
import type { PortValue } from "../../../../src/engine/workflow/port-value.js";

const text = fc.string({ unit: "binary", maxLength: 12 });
const maybe = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });

function without<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

const series = fc
  .record({
    points: fc.array(fc.tuple(fc.double(), fc.double()), { maxLength: 6 }),
    symbol: maybe(text),
    unit: maybe(text),
  })
  .map(({ points, ...rest }) => ({
    type: "series",
    value: without({
      timesMs: Float64Array.from(points, ([time]) => time),
      values: Float64Array.from(points, ([, value]) => value),
      ...rest,
    }),
  }));

const table = fc
  .record({ names: fc.uniqueArray(text, { maxLength: 4 }), rowCount: fc.nat(4) })
  .chain(({ names, rowCount }) => {
    const cells = fc.array(fc.oneof(fc.double(), text, fc.boolean(), fc.constant(null)), {
      minLength: rowCount,
      maxLength: rowCount,
    });
    return fc.tuple(...names.map(() => cells)).map((columns) => ({
      type: "table",
      value: { rowCount, columns: names.map((name, i) => ({ name, cells: columns[i]! })) },
    }));
  });

const signal = fc
  .record({
    isActive: fc.boolean(),
    side: maybe(fc.constantFrom("buy", "sell")),
    symbol: maybe(text),
    strength: maybe(fc.double()),
    reason: text,
  })
  .map((value) => ({ type: "signal", value: without(value) }));

const order = fc
  .array(
    fc
      .record({
        orderId: text,
        idempotencyKey: text,
        symbol: text,
        side: fc.constantFrom("buy", "sell"),
        quantity: fc.nat(),
        state: fc.constantFrom("filled", "rejected"),
        filledQuantity: fc.nat(),
        fillPrice: maybe(fc.integer()),
        currency: text,
        atMs: fc.nat(),
      })
      .map(without),
    { maxLength: 3 },
  )
  .map((value) => ({ type: "order", value }));

/** Every type, with NaN, both zeros and infinities where there are numbers. */
export const portValue = fc.oneof(
  fc.double().map((value) => ({ type: "number", value })),
  fc.boolean().map((value) => ({ type: "boolean", value })),
  text.map((value) => ({ type: "text", value })),
  series,
  table,
  signal,
  order,
) as fc.Arbitrary<PortValue>;
