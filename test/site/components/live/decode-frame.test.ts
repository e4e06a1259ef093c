import { describe, expect, it, vi } from "vitest";
import { decodeFrame } from "../../../../notebooks/components/live/decode-frame.js";
import { LIVE_METADATA_KEYS } from "../../../../src/contracts/live-tables.js";
import { instrumentSymbol } from "../../../../src/engine/market-data/instrument-symbol.js";
import { ArrowFrameWriter } from "../../../../src/server/live/arrow-frames.js";
import { arrowFrame } from "../../../support/live-page-frame.js";

/** Pages import packages by the names that Framework knows. */
vi.mock("npm:apache-arrow", () => import("apache-arrow"));

const HPG = instrumentSymbol("HPG");
const METADATA = (table: string) =>
  new Map<string, string>([
    [LIVE_METADATA_KEYS.table, table],
    [LIVE_METADATA_KEYS.epoch, "e1"],
    [LIVE_METADATA_KEYS.sequence, "0000000000000042"],
    [LIVE_METADATA_KEYS.snapshot, "0"],
    [LIVE_METADATA_KEYS.dataset, "simulated"],
  ]);

const TRADE = {
  symbol: ["HPG"],
  board: ["G4"],
  side: ["S"],
  session: ["lunch"],
  event_time: [1_700_000_000_000.25],
  received_at: [1_700_000_000_003],
  price: [24_650],
  quantity: [37],
  cumulative_volume: [5_037],
  backfilled: [1],
};

function bytesOf(frame: Uint8Array): ArrayBuffer {
  return new Uint8Array(frame).buffer;
}

describe("decodeFrame(bytes, source)", () => {
  it("reads a trade with the microseconds of its time", () => {
    expect(decodeFrame(bytesOf(arrowFrame("ticks", TRADE, METADATA("ticks"))), "dnse")).toEqual({
      table: "ticks",
      epoch: "e1",
      sequence: 42,
      isSnapshot: false,
      dataset: "simulated",
      ticks: [
        {
          kind: "tick",
          symbol: "HPG",
          board: "G4",
          side: "S",
          session: "lunch",
          eventTimeMs: 1_700_000_000_000.25,
          receivedAtMs: 1_700_000_000_003,
          price: 24_650,
          quantity: 37,
          cumulativeVolume: 5_037,
          source: "dnse",
          isBackfill: true,
        },
      ],
    });
  });

  it("reads what the server writes", () => {
    const quote = {
      symbol: HPG,
      price: 24_650,
      reference: 24_750,
      ceiling: 26_450,
      floor: 23_050,
      change: 24_650 / 24_750 - 1,
      open: 24_700,
      high: 24_800,
      low: 24_600,
      lastQuantity: 100,
      cumulativeVolume: 1_000,
      cumulativeValue: 24_700_000,
      oddLotVolume: 3,
      putThroughVolume: Number.NaN,
      session: "atc" as const,
      bids: [],
      asks: [],
      eventTimeMs: 5,
      receivedAtMs: 6,
    };
    const label = { epoch: "e9", sequence: 123_456, isSnapshot: true, dataset: "market" as const };
    const frame = decodeFrame(bytesOf(new ArrowFrameWriter().write("quotes", [quote], label)), "dnse");
    expect(frame).toEqual({ ...label, table: "quotes", quotes: [quote] });
  });

  it("puts the levels of a book together, best first, and reads a book without any", () => {
    const rows = {
      symbol: ["HPG", "HPG", "HPG", "FPT"],
      side: ["B", "B", "S", ""],
      level: [1, 2, 1, 0],
      price: [24_600, 24_550, 24_650, Number.NaN],
      quantity: [500, 900, 200, 0],
      event_time: [7, 7, 7, 8],
    };
    expect(decodeFrame(bytesOf(arrowFrame("books", rows, METADATA("books"))), "dnse")).toMatchObject({
      books: [
        {
          symbol: "HPG",
          bids: [
            { price: 24_600, quantity: 500 },
            { price: 24_550, quantity: 900 },
          ],
          asks: [{ price: 24_650, quantity: 200 }],
        },
        { symbol: "FPT", bids: [], asks: [] },
      ],
    });
  });

  it("leaves out what names no symbol, and takes unknown words for the most general one", () => {
    const odd = {
      ...TRADE,
      symbol: ["HPG", "no symbol"],
      board: ["Z9", "G1"],
      side: ["?", "B"],
      session: ["x", "ato"],
    };
    const twice = Object.fromEntries(
      Object.entries(odd).map(([name, v]) => [name, v.length === 1 ? [v[0]!, v[0]!] : v]),
    );
    const frame = decodeFrame(bytesOf(arrowFrame("ticks", twice, METADATA("ticks"))), "dnse");
    expect(frame).toMatchObject({ ticks: [{ symbol: "HPG", board: "MAIN", side: "U", session: "closed" }] });
  });

  it.each([
    ["noise", new TextEncoder().encode("not arrow at all")],
    ["nothing", new Uint8Array()],
    ["a table of another kind", arrowFrame("ticks", TRADE, METADATA("secrets"))],
  ])("does not take %s for a frame", (_, bytes) => {
    expect(decodeFrame(bytesOf(bytes), "dnse")).toBeUndefined();
  });
});
