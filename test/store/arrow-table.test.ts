import { tableFromIPC } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { arrowStream, arrowTable } from "../../src/store/arrow/arrow-table.js";

describe("arrowTable(columns, rowCount, metadata)", () => {
  it("keeps every value, null and metadata through an IPC stream", () => {
    const instants = Float64Array.of(0, -1, Date.UTC(1900, 0, 1), Date.UTC(2026, 3, 10, 2), 2 ** 40 + 0.75);
    const written = arrowTable(
      {
        symbol: { type: "dictionary", dictionary: ["HPG", "Bảo Việt"], codes: Int32Array.of(0, 1, -1, 0, 1) },
        name: { type: "text", values: ["a", undefined, "", "d", "e"] },
        date: { type: "day", values: Int32Array.of(0, -1, 20_553, 1, 2) },
        time: { type: "instant", values: instants },
        close: { type: "float64", values: Float64Array.of(1.5, Number.NaN, -0.25, 1e300, 0) },
        count: { type: "int32", values: Int32Array.of(1, -2, 3, 2 ** 31 - 1, 0) },
        sparkline: { type: "float32-list", values: [[1, 2], [], [3], [4, 5, 6], [0.5]] },
      },
      5,
      new Map([["quantflow.source", "a file"]]),
    );
    const read = tableFromIPC(arrowStream(written));
    const column = (name: string) => Array.from(read.getChild(name)!);
    expect(read.schema.metadata.get("quantflow.source")).toBe("a file");
    expect(column("symbol")).toEqual(["HPG", "Bảo Việt", null, "HPG", "Bảo Việt"]);
    expect(column("name")).toEqual(["a", null, "", "d", "e"]);
    expect(column("date")).toEqual([0, -86_400_000, 20_553 * 86_400_000, 86_400_000, 2 * 86_400_000]);
    expect(column("time")).toEqual(Array.from(instants, Math.floor));
    expect(column("close")).toEqual([1.5, Number.NaN, -0.25, 1e300, 0]);
    expect(column("count")).toEqual([1, -2, 3, 2 ** 31 - 1, 0]);
    expect(column("sparkline").map((list) => Array.from(list as Iterable<number>))).toEqual([
      [1, 2],
      [],
      [3],
      [4, 5, 6],
      [0.5],
    ]);
  });
});
