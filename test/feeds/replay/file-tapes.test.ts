import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { createLobsterTape } from "../../../src/feeds/replay/lobster-tape.js";
import { parseIsoInstant } from "../../../src/feeds/replay/tape-instant.js";
import type { TapeEvent, TickTape } from "../../../src/feeds/replay/tick-tape.js";
import { createTicksTape } from "../../../src/feeds/replay/ticks-tape.js";
import { createTradesTape } from "../../../src/feeds/replay/trades-tape.js";
import { TemporaryFolder } from "../../support/temporary-home.js";

const folder = new TemporaryFolder();
afterAll(() => folder.remove());

async function eventsOf(tape: TickTape, fromMs = Number.NEGATIVE_INFINITY): Promise<TapeEvent[]> {
  const events: TapeEvent[] = [];
  for await (const batch of tape.open(fromMs)) events.push(...batch);
  return events;
}

const LOBSTER_HEADER = "time,symbol,type,order_id,size,price,direction,bid,bid_size,ask,ask_size";

describe("createLobsterTape(path)", () => {
  const rows = [
    LOBSTER_HEADER,
    "2012-06-21T09:30:00.004241176-04:00,AAPL,1,16113575,18,585.33,1,585.33,18,585.94,200",
    "2012-06-21T09:30:00.004241999-04:00,AAPL,4,16113575,10,585.33,1,585.33,8,585.94,200",
    "2012-06-21T09:30:01.000000000-04:00,AAPL,5,0,7,585.5,-1,585.33,8,585.94,200",
    "2012-06-21T09:30:01.000000000-04:00,AAPL,3,16113575,8,585.33,1,-999999.9999,0,585.94,200",
    "2012-06-21T13:00:00.000000000-04:00,AAPL,4,2,5,585.94,-1,585.33,8,585.94,195",
  ];

  it("gives an execution as a tick before the book it left, and every other row as a book", async () => {
    const events = await eventsOf(createLobsterTape(folder.file("lobster.csv", rows.join("\n"))));
    // 09:30 in New York in June is 13:30 UTC; nanoseconds are cut to microseconds
    const openMs = Date.UTC(2012, 5, 21, 13, 30);
    expect(events.map((event) => [event.kind, "eventTimeMs" in event && event.eventTimeMs - openMs])).toEqual([
      ["book", expect.closeTo(4.241, 3)],
      ["tick", expect.closeTo(4.241, 3)],
      ["book", expect.closeTo(4.241, 3)],
      ["tick", 1_000],
      ["book", 1_000],
      ["book", 1_000],
      ["tick", 12_600_000],
      ["book", 12_600_000],
    ]);
    expect(events[1]).toEqual({
      kind: "tick",
      symbol: "AAPL",
      board: "MAIN",
      eventTimeMs: (openMs * 1_000 + 4_241) / 1_000,
      receivedAtMs: (openMs * 1_000 + 4_241) / 1_000,
      price: 585.33,
      quantity: 10,
      cumulativeVolume: 10,
      side: "S", // the order in the book bought
      session: "continuous",
      source: "replay",
      isBackfill: false,
    });
    expect(events[3]).toMatchObject({ side: "B", quantity: 7, cumulativeVolume: 17 });
    expect(events[2]).toMatchObject({
      bids: [{ price: 585.33, quantity: 8 }],
      asks: [{ price: 585.94, quantity: 200 }],
    });
    expect(events[5]).toMatchObject({ bids: [], asks: [{ price: 585.94, quantity: 200 }] });
  });

  it("counts the volume of a trading date from its beginning, 17:00 UTC, wherever reading begins", async () => {
    // 13:00 in New York is 17:00 UTC: the next trading date in Ho Chi Minh City.
    const tape = createLobsterTape(folder.file("day.csv", rows.join("\n")));
    expect((await eventsOf(tape)).at(-2)).toMatchObject({ kind: "tick", cumulativeVolume: 5 });
    const later = await eventsOf(tape, Date.UTC(2012, 5, 21, 13, 30, 1));
    expect(later[0]).toMatchObject({ kind: "tick", quantity: 7, cumulativeVolume: 17 });
    expect(later).toHaveLength(5);
    expect(await tape.range()).toEqual({
      fromMs: (Date.UTC(2012, 5, 21, 13, 30) * 1_000 + 4_241) / 1_000,
      toMs: Date.UTC(2012, 5, 21, 17),
    });
  });

  it("reads the same from a gzip file, with Windows line ends and a byte order mark", async () => {
    const plain = await eventsOf(createLobsterTape(folder.file("plain.csv", rows.join("\n"))));
    const windows = gzipSync(`\uFEFF${rows.join("\r\n")}\r\n`);
    expect(await eventsOf(createLobsterTape(folder.file("windows.csv.gz", windows)))).toEqual(plain);
  });

  it.each([
    ["size", 4, "0", "a number above 0"],
    ["price", 5, "abc", "a number above 0"],
    ["type", 2, "9", "1, 2, 3, 4, 5, 6, 7"],
    ["direction", 6, "0", "1, -1"],
    ["time", 0, "2012-06-31T09:30:00.000-04:00", "ISO 8601 with a zone"],
    ["symbol", 1, "aapl", "1 to 32 of A-Z 0-9 . - _ ^ ="],
    ["ask", 9, "", "a number"],
  ])("names line and field of an execution whose %s cannot be read", async (field, column, value, accepted) => {
    const bad = rows.map((row, index) => (index === 2 ? row.split(",").with(column, value).join(",") : row));
    const path = folder.file(`bad-${field}.csv`, bad.join("\n"));
    await expect(eventsOf(createLobsterTape(path))).rejects.toMatchObject({
      code: "FEED_FRAME_INVALID",
      message: `invalid tape: ${path}, line 3: invalid ${field}: ${JSON.stringify(value)} (accepted: ${accepted})`,
    });
  });

  it("does not read sizes and prices that mean nothing: those of a halt", async () => {
    const halt = "2012-06-21T09:31:00.000000000-04:00,AAPL,7,0,0,-1,-1,585.33,8,585.94,200";
    const events = await eventsOf(createLobsterTape(folder.file("halt.csv", [LOBSTER_HEADER, halt].join("\n"))));
    expect(events.map(({ kind }) => kind)).toEqual(["book"]);
  });
});

describe("createTradesTape(path)", () => {
  const header = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount";
  const rows = [
    header,
    "binance-futures,BTCUSDT,1582329602111000,1582329602418379,42377944,buy,9682.0,0.1",
    "binance-futures,BTCUSDT,1582329602111001,1582329602418420,42377945,sell,9681.5,0.2",
  ];

  it("gives ticks with both times in microseconds and volumes that add up exactly", async () => {
    const events = await eventsOf(createTradesTape(folder.file("trades.csv", rows.join("\n"))));
    expect(events).toMatchObject([
      { eventTimeMs: 1_582_329_602_111, receivedAtMs: 1_582_329_602_418.379, side: "B", price: 9_682 },
      { eventTimeMs: 1_582_329_602_111.001, side: "S", quantity: 0.2, cumulativeVolume: 0.3 },
    ]);
  });

  it("refuses times in other units", async () => {
    const path = folder.file("milliseconds.csv", rows.join("\n").replace("1582329602111000", "1582329602111"));
    await expect(eventsOf(createTradesTape(path))).rejects.toThrow(
      'line 2: invalid timestamp: "1582329602111" (accepted: epoch microseconds)',
    );
  });
});

describe("createTicksTape(path)", () => {
  it("reads all its columns in any order and passes over others", async () => {
    const path = folder.file(
      "full.csv",
      [
        "note,quantity,price,symbol,time,board,cumulative_volume,side,session,received",
        "x,100,26800,HPG,2026-03-02T09:15:00+07:00,G1,1200,S,ato,2026-03-02T02:15:00.25Z",
        "y,5,26750,HPG,2026-03-02T09:15:01+07:00,G4,5,U,continuous,2026-03-02T02:15:01Z",
      ].join("\n"),
    );
    expect(await eventsOf(createTicksTape(path))).toEqual([
      {
        kind: "tick",
        symbol: "HPG",
        board: "G1",
        eventTimeMs: Date.UTC(2026, 2, 2, 2, 15),
        receivedAtMs: Date.UTC(2026, 2, 2, 2, 15, 0, 250),
        price: 26_800,
        quantity: 100,
        cumulativeVolume: 1_200,
        side: "S",
        session: "ato",
        source: "replay",
        isBackfill: false,
      },
      expect.objectContaining({ board: "G4", quantity: 5, cumulativeVolume: 5, side: "U" }),
    ]);
  });

  it("fills in what a file leaves out, and counts volumes by symbol", async () => {
    const path = folder.file(
      "short.csv",
      [
        "time,symbol,price,quantity",
        "2026-03-02 02:15:00Z,HPG,26800,100",
        "2026-03-02 02:15:00Z,FPT,73200,50",
        "2026-03-02 02:15:02Z,HPG,26850,300",
      ].join("\n"),
    );
    expect(await eventsOf(createTicksTape(path))).toMatchObject([
      { board: "MAIN", side: "U", session: "continuous", cumulativeVolume: 100 },
      { symbol: "FPT", cumulativeVolume: 50 },
      { cumulativeVolume: 400, receivedAtMs: Date.UTC(2026, 2, 2, 2, 15, 2) },
    ]);
  });

  it.each([
    ["no column price", "time,symbol,quantity", "FILE_HEADER_INVALID", "no column price"],
    ["a column twice", "time,symbol,price,quantity,price", "FILE_HEADER_INVALID", 'two columns are named "price"'],
    ["no rows", "time,symbol,price,quantity", "FILE_HAS_NO_ROWS", "has no rows"],
    ["no bytes", "", "FILE_EMPTY", "is empty"],
    [
      "a row that is cut short",
      "time,symbol,price,quantity\n2026-03-02T02:15:00Z,HPG,268",
      "FEED_FRAME_INVALID",
      "line 2: 3 fields (accepted: 4, as in the header)",
    ],
    [
      "a board that there is not",
      "time,symbol,price,quantity,board\n2026-03-02T02:15:00Z,HPG,1,1,G9",
      "FEED_FRAME_INVALID",
      'line 2: invalid board: "G9" (accepted: G1, G3, G4, T1, T3, T4, T6, INDEX, MAIN)',
    ],
  ])("refuses a file with %s", async (_, content, code, problem) => {
    const tape = createTicksTape(folder.file("refused.csv", content));
    await expect(eventsOf(tape)).rejects.toMatchObject({ code, message: expect.stringContaining(problem) });
  });

  it("refuses what is no text file", async () => {
    const gzip = gzipSync(`time,symbol,price,quantity\n${"2026-03-02T02:15:00Z,HPG,26800,100\n".repeat(9_999)}`);
    const damaged = Uint8Array.from(gzip);
    damaged.fill(0xff, 60, 80);
    const files: [string, string, string][] = [
      ["missing", `${folder.path}/none.csv`, "FILE_NOT_FOUND"],
      ["a folder", folder.path, "FILE_IS_FOLDER"],
      ["cut", folder.file("cut.gz", gzip.subarray(0, -20)), "FILE_TRUNCATED"],
      ["damaged", folder.file("damaged.gz", damaged), "FILE_UNREADABLE"],
      ["binary", folder.file("binary.csv", Uint8Array.of(255, 254, 0)), "FEED_FRAME_INVALID"],
      ["one line", folder.file("long.csv", "x".repeat(3_000_000)), "FILE_LINE_TOO_LONG"],
    ];
    for (const [what, path, code] of files) {
      await expect(eventsOf(createTicksTape(path)), what).rejects.toMatchObject({ code });
    }
  });
});

describe("parseIsoInstant(text)", () => {
  it("keeps microseconds exactly and cuts off the rest", () => {
    expect(parseIsoInstant("1970-01-01T00:00:00.000001999Z")).toBe(0.001);
    expect(parseIsoInstant("2024-02-29T23:59:59.999999999+07:00")).toBe(
      (Date.UTC(2024, 1, 29, 16, 59, 59) * 1_000 + 999_999) / 1_000,
    );
    expect(parseIsoInstant("2012-06-21 09:30:00-0400")).toBe(Date.UTC(2012, 5, 21, 13, 30));
  });

  it.each(["2012-06-21T09:30:00", "2012-06-21", "2023-02-29T00:00:00Z", "2012-06-21T24:00:00Z", "1340285400000", ""])(
    "does not know %s",
    (text) => expect(parseIsoInstant(text)).toBeUndefined(),
  );
});
