import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plotPlan } from "../../../../notebooks/components/explore/plot-plan.js";
import type { ColumnKind, ResultColumn } from "../../../../notebooks/components/explore/run-query.js";
import { TickPartitions } from "../../../../notebooks/components/explore/tick-partitions.js";

const LIMITS = { keptMs: 1_000, keptRows: 100, partitionRows: 10 };

describe("TickPartitions", () => {
  it("begins a new table when one is full", () => {
    const partitions = new TickPartitions(LIMITS);
    expect(partitions.place(6, 1)).toEqual({ name: "ticks_0", isNew: true });
    expect(partitions.place(6, 2)).toEqual({ name: "ticks_0", isNew: false });
    expect(partitions.place(1, 3)).toEqual({ name: "ticks_1", isNew: true });
    expect(partitions.rows).toBe(13);
  });

  it("drops tables whose latest tick is too old, and never the one being written", () => {
    const partitions = new TickPartitions(LIMITS);
    partitions.place(10, 100);
    partitions.place(10, 900);
    partitions.place(10, 950);
    expect(partitions.expire(1_500)).toEqual(["ticks_0"]);
    expect(partitions.expire(9_999)).toEqual(["ticks_1"]);
    expect(partitions.names).toEqual(["ticks_2"]);
  });

  it("puts older ticks into tables of their own, which go first", () => {
    const partitions = new TickPartitions(LIMITS);
    partitions.place(10, 900);
    expect([partitions.placeBefore(3, 800), partitions.placeBefore(4, 500)]).toEqual(["ticks_1", "ticks_2"]);
    expect(partitions.names).toEqual(["ticks_2", "ticks_1", "ticks_0"]);
    expect(partitions.place(1, 950)).toEqual({ name: "ticks_3", isNew: true });
    expect(partitions.expire(1_600)).toEqual(["ticks_2"]);
  });

  it("holds no more than the limit and one table, however ticks come", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 })), (writes) => {
        const partitions = new TickPartitions(LIMITS);
        for (const rows of writes) {
          partitions.place(rows, 0);
          partitions.expire(0);
          expect(partitions.rows).toBeLessThanOrEqual(LIMITS.keptRows + LIMITS.partitionRows + 30);
        }
      }),
    );
  });

  it("starts over with names that were not used", () => {
    const partitions = new TickPartitions(LIMITS);
    partitions.place(1, 0);
    expect(partitions.clear()).toEqual(["ticks_0"]);
    expect(partitions.place(1, 0).name).toBe("ticks_1");
  });
});

describe("plotPlan(result)", () => {
  const column = (name: string, kind: ColumnKind, values: ResultColumn["values"]): ResultColumn => ({
    name,
    kind,
    values,
  });
  const TIME = column("time", "time", [1, 2, 3]);
  const PRICE = column("price", "number", [5, 6, 7]);
  const SYMBOL = column("symbol", "text", ["A", "B", "C"]);

  it("draws a number over time as a line, one for each text of few", () => {
    expect(plotPlan({ columns: [TIME, PRICE], rows: 3 })).toMatchObject({ kind: "line", series: undefined });
    expect(plotPlan({ columns: [SYMBOL, TIME, PRICE], rows: 3 })).toMatchObject({ kind: "line", series: SYMBOL });
  });

  it("draws a number by text as bars", () => {
    expect(plotPlan({ columns: [SYMBOL, PRICE], rows: 3 })).toEqual({ kind: "bars", x: SYMBOL, y: PRICE });
  });

  it("draws two numbers as points", () => {
    expect(plotPlan({ columns: [PRICE, column("size", "number", [1, 2, 3])], rows: 3 }).kind).toBe("points");
  });

  it("draws nothing for a single row or without a number", () => {
    expect(plotPlan({ columns: [TIME, PRICE], rows: 1 }).kind).toBe("none");
    expect(plotPlan({ columns: [SYMBOL], rows: 3 }).kind).toBe("none");
  });
});
