import { RecordBatchReader, tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIVE_TABLES, type LiveTableName } from "../../../src/contracts/live-tables.js";
import { BOARDS } from "../../../src/engine/live-market/board.js";
import { TICK_SIDES } from "../../../src/engine/live-market/market-event.js";
import { SESSION_PHASES } from "../../../src/engine/live-market/session-phase.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { ArrowFrameWriter, type FrameLabel } from "../../../src/server/live/arrow-frames.js";
import { bookRows } from "../../../src/server/live/live-columns.js";
import { indexLevel, readFrame, tick } from "./hub-support.js";

const label: FrameLabel = { epoch: "epoch-1", sequence: 42, isSnapshot: false, dataset: "market" };
const writer = new ArrowFrameWriter();

const ticks = fc.array(
  fc.record({
    kind: fc.constant("tick" as const),
    symbol: fc.stringMatching(/^[A-Z0-9^][A-Z0-9.\-_^=]{0,31}$/).map(instrumentSymbol),
    board: fc.constantFrom(...BOARDS),
    eventTimeMs: fc.double({ min: 0, max: 8.64e15, noNaN: true }),
    receivedAtMs: fc.double({ min: 0, max: 8.64e15, noNaN: true }),
    price: fc.double(),
    quantity: fc.double(),
    cumulativeVolume: fc.double(),
    side: fc.constantFrom(...TICK_SIDES),
    session: fc.constantFrom(...SESSION_PHASES),
    source: fc.constant("simulated"),
    isBackfill: fc.boolean(),
  }),
  { maxLength: 40 },
);

describe("ArrowFrameWriter.write(table, rows, label)", () => {
  it("writes what Arrow reads, bit for bit, whatever was written before", () => {
    fc.assert(
      fc.property(
        ticks,
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        fc.boolean(),
        (rows, sequence, isSnapshot) => {
          const frame = readFrame(writer.write("ticks", rows, { ...label, sequence, isSnapshot }).slice());
          expect(frame).toEqual({
            table: "ticks",
            epoch: "epoch-1",
            sequence,
            isSnapshot,
            dataset: "market",
            rows: rows.map((row) => ({
              symbol: row.symbol,
              board: row.board,
              side: row.side,
              session: row.session,
              event_time: row.eventTimeMs,
              received_at: row.receivedAtMs,
              price: row.price,
              quantity: row.quantity,
              cumulative_volume: row.cumulativeVolume,
              backfilled: row.isBackfill ? 1 : 0,
            })),
          });
        },
      ),
    );
  });

  it("gives every table the columns of its contract, in order, none of them nullable", () => {
    const board = { symbol: "A", side: "B", level: 1, price: 1, quantity: 1, eventTimeMs: 1 } as const;
    const frames: Record<LiveTableName, Uint8Array> = {
      ticks: writer.write("ticks", [tick("A", 1)], label).slice(),
      quotes: writer.write("quotes", [], label).slice(),
      books: writer.write("books", [board], label).slice(),
      indexes: writer.write("indexes", [indexLevel("A", 1)], label).slice(),
    };
    for (const [name, bytes] of Object.entries(frames)) {
      const { text, numbers } = LIVE_TABLES[name as LiveTableName];
      const { fields } = tableFromIPC(bytes).schema;
      expect(fields.map((field) => `${field.name} ${field.type} ${field.nullable}`)).toEqual([
        ...text.map((column) => `${column} Utf8 false`),
        ...numbers.map((column) => `${column} Float64 false`),
      ]);
    }
  });

  it("ends with the mark of the stream's end, holds one batch, and keeps numbers where eight divides", () => {
    const bytes = writer.write("ticks", [tick("FPT", 1), tick("ACB", 2), tick("X", 3)], label).slice();
    expect(Buffer.from(bytes.subarray(-8)).toString("hex")).toBe("ffffffff00000000");
    const batches = Array.from(RecordBatchReader.from(bytes));
    expect(batches).toHaveLength(1);
    const prices = batches[0]!.getChild("price")!.data[0]!.values as Float64Array;
    expect(prices.byteOffset % 8).toBe(0);
    expect(prices.buffer).toBe(bytes.buffer);
  });

  it("writes more rows than its memory held before", () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => tick(`S${n}`, n));
    const frame = readFrame(writer.write("ticks", rows, label).slice());
    expect(frame.rows).toHaveLength(20_000);
    expect(frame.rows.at(-1)).toMatchObject({ symbol: "S19999", cumulative_volume: 1_999_900 });
  });
});

describe("bookRows(quote)", () => {
  it("is one row of level 0 without a price for a book that is empty", () => {
    const quote = { symbol: instrumentSymbol("FPT"), bids: [], asks: [], eventTimeMs: 5 };
    expect(bookRows(quote as never)).toEqual([
      { symbol: "FPT", side: "", level: 0, price: Number.NaN, quantity: 0, eventTimeMs: 5 },
    ]);
  });
});
