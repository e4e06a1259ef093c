import { describe, expect, it } from "vitest";
import type { Board } from "../../../src/engine/live-market/board.js";
import type { FeedEvent, Tick } from "../../../src/engine/live-market/market-event.js";
import type { DnseContext } from "../../../src/feeds/dnse/dnse-context.js";
import { DNSE_UNITS } from "../../../src/feeds/dnse/dnse-units.js";
import { readDnseMessage } from "../../../src/feeds/dnse/read-dnse-message.js";

const RECEIVED_AT_MS = Date.parse("2026-05-26T02:29:31.250Z");

const CONTEXT: DnseContext = { source: "dnse", receivedAtMs: RECEIVED_AT_MS, units: DNSE_UNITS, zone: "ict" };

/** The broker's sample of a trade; 2026-05-26T02:29:31.101Z is 09:29:31 in Ho Chi Minh City. */
const HPG_TICK = {
  T: "t",
  marketId: "STO",
  boardId: "G1",
  isin: "VN000000HPG4",
  symbol: "HPG",
  matchPrice: 24.35,
  matchQtty: 40,
  totalVolumeTraded: 1_184_240,
  grossTradeAmount: 287.17458,
  highestPrice: 24.35,
  lowestPrice: 24.15,
  openPrice: 24.25,
  tradingSessionId: "40",
  time: { Seconds: 1_779_762_571, Nanos: 101_000_000 },
};

const HPG_EVENT: Tick = {
  kind: "tick",
  symbol: "HPG" as Tick["symbol"],
  board: "G1",
  eventTimeMs: 1_779_762_571_101,
  receivedAtMs: RECEIVED_AT_MS,
  price: 24_350,
  quantity: 400,
  cumulativeVolume: 11_842_400,
  side: "U",
  session: "continuous",
  source: "dnse",
  isBackfill: false,
};

function read(message: unknown, context: Partial<DnseContext> = {}): readonly FeedEvent[] {
  return readDnseMessage(message, { ...CONTEXT, ...context });
}

function only(message: unknown, context: Partial<DnseContext> = {}): FeedEvent {
  const events = read(message, context);
  expect(events).toHaveLength(1);
  return events[0]!;
}

function problemOf(message: unknown): string {
  const event = only(message);
  if (event.kind !== "rejected") throw new Error(`a ${event.kind} was read`);
  return event.problem;
}

describe("readDnseMessage(message, context)", () => {
  it("reads a trade: thousand VND become VND and tens of shares become shares", () => {
    expect(read(HPG_TICK)).toEqual([HPG_EVENT]);
    // 11,842,400 shares at about 24,250 are the 287.17 billion VND that the sample says were traded.
    expect((HPG_EVENT.cumulativeVolume * 24_250) / 1e9).toBeCloseTo(HPG_TICK.grossTradeAmount, 0);
  });

  it.each([
    ["by name", { marketId: "STO", boardId: "G1", tradingSessionId: "40", side: "SELL" }],
    [
      "by name with a prefix",
      {
        marketId: "MARKET_ID_STO",
        boardId: "BOARD_ID_G1",
        tradingSessionId: "TRADING_SESSION_ID_40",
        side: "SIDE_SELL",
      },
    ],
    ["by number", { marketId: 6, boardId: 2, tradingSessionId: 7, side: 2 }],
    ["by number as a string", { marketId: "6", boardId: "2", tradingSessionId: "7", side: "2" }],
  ])("reads enumerations %s", (_, spelled) => {
    expect(read({ ...HPG_TICK, T: "te", ...spelled })).toEqual([{ ...HPG_EVENT, side: "S" }]);
  });

  it.each(["matchQtty", "matchQuantity", "quantity", "qtty"])("reads the quantity as %s", (name) => {
    const { matchQtty, ...rest } = HPG_TICK;
    expect(read({ ...rest, [name]: matchQtty })).toEqual([HPG_EVENT]);
  });

  it("reads numbers that come as strings", () => {
    const strings = { matchPrice: "24.35", matchQtty: "40", totalVolumeTraded: "1184240" };
    expect(read({ ...HPG_TICK, ...strings })).toEqual([HPG_EVENT]);
  });

  it.each([
    ["seconds and nanoseconds in lower case", { seconds: "1779762571", nanos: 101_000_000 }],
    ["ISO 8601", "2026-05-26T02:29:31.101Z"],
    ["ISO 8601 with an offset", "2026-05-26T09:29:31.101+07:00"],
    ["local time without a zone", "2026-05-26 09:29:31.101"],
    ["epoch seconds", 1_779_762_571.101],
    ["epoch milliseconds", 1_779_762_571_101],
    ["epoch milliseconds as a string", "1779762571101"],
    ["epoch microseconds", 1_779_762_571_101_000],
    ["UTC time of day", "022931101"],
    ["a MessagePack timestamp", new Date(1_779_762_571_101)],
  ])("reads the time as %s", (_, time) => {
    expect(read({ ...HPG_TICK, time })).toEqual([HPG_EVENT]);
  });

  it("takes the sending time where there is no other", () => {
    const { time, ...rest } = HPG_TICK;
    expect(read({ ...rest, sendingTime: "2026-05-26T02:29:31.101Z" })).toEqual([HPG_EVENT]);
    expect(read({ ...HPG_TICK, sendingTime: "2026-05-26T02:29:40.000Z" })).toEqual([HPG_EVENT]);
    expect(time.Seconds).toBe(1_779_762_571);
  });

  it("keeps microseconds and drops what is finer", () => {
    const event = only({ ...HPG_TICK, time: { Seconds: 1_779_762_571, Nanos: 101_234_567 } });
    expect(event).toMatchObject({ eventTimeMs: 1_779_762_571_101.234 });
  });

  it("counts odd lots in shares and derivatives in contracts, whose prices are points", () => {
    expect(only({ ...HPG_TICK, boardId: "G4", matchQtty: 40, totalVolumeTraded: 1_000 })).toMatchObject({
      board: "G4",
      price: 24_350,
      quantity: 40,
      cumulativeVolume: 1_000,
    });
    const contract = {
      T: "te",
      marketId: "DVX",
      boardId: "G1",
      symbol: "41I1G6000",
      matchPrice: 2022.5,
      matchQtty: 1.0,
      side: "SELL",
      totalVolumeTraded: 55_913,
      tradingSessionId: "40",
      time: { Seconds: 1_779_766_822, Nanos: 72_000_000 },
    };
    const expected = { price: 2022.5, quantity: 1, cumulativeVolume: 55_913, side: "S", session: "continuous" };
    expect(only(contract)).toMatchObject(expected);
    expect(only({ ...contract, marketId: undefined })).toMatchObject(expected);
  });

  it("takes factors from the settings", () => {
    const units = { tickFactor: 1, bookFactor: 1, tensBoards: new Set<Board>(["G1"]) };
    expect(only(HPG_TICK, { units })).toMatchObject({ quantity: 40, cumulativeVolume: 1_184_240 });
  });

  it("takes board and kind from the channel where the payload names none", () => {
    const { T, boardId, ...bare } = HPG_TICK;
    expect([T, boardId]).toEqual(["t", "G1"]);
    expect(read({ channel: "tick.G1.json", data: bare })).toEqual([HPG_EVENT]);
    expect(read({ ...bare, channel: "tick.G1.json" })).toEqual([HPG_EVENT]);
    expect(read(bare, { kind: "tick", board: "G1" })).toEqual([HPG_EVENT]);
    expect(read({ ...bare, boardId })).toEqual([HPG_EVENT]);
  });

  it("tells the two meanings of session 10 apart by the time of day", () => {
    const morning = { Seconds: Date.parse("2026-05-26T02:15:00Z") / 1_000, Nanos: 0 };
    const afternoon = { Seconds: Date.parse("2026-05-26T07:50:00Z") / 1_000, Nanos: 0 };
    for (const tradingSessionId of [10, "10"]) {
      expect(only({ ...HPG_TICK, tradingSessionId, time: morning })).toMatchObject({ session: "ato" });
      expect(only({ ...HPG_TICK, tradingSessionId, time: afternoon })).toMatchObject({ session: "plo" });
    }
    expect(only({ ...HPG_TICK, tradingSessionId: "30" })).toMatchObject({ session: "atc" });
    expect(only({ ...HPG_TICK, tradingSessionId: 2 })).toMatchObject({ session: "ato" });
    expect(only({ ...HPG_TICK, tradingSessionId: 6 })).toMatchObject({ session: "atc" });
    expect(only({ ...HPG_TICK, tradingSessionId: "99" })).toMatchObject({ session: "closed" });
  });

  it("goes by the exchange's schedule where a trade names no session, as history does", () => {
    const { tradingSessionId, ...rest } = HPG_TICK;
    expect(tradingSessionId).toBe("40");
    expect(only({ ...rest, time: "2026-05-26 09:14:59" })).toMatchObject({ session: "ato" });
    expect(only({ ...rest, time: "2026-05-26 14:45:00" })).toMatchObject({ session: "put-through" });
    expect(only({ ...rest, time: "2026-05-26 10:00:00" })).toMatchObject({ session: "continuous" });
  });

  it.each([
    [{ symbol: undefined }, "missing symbol (accepted: 1 to 32 of A-Z 0-9 . - _ ^ =)"],
    [{ symbol: "H P G" }, 'invalid symbol: "H P G" (accepted: 1 to 32 of A-Z 0-9 . - _ ^ =)'],
    [{ boardId: "G2" }, 'invalid boardId: "G2" (accepted: G1, G3, G4, T1, T3, T4 or T6)'],
    [{ boardId: undefined }, "missing boardId (accepted: G1, G3, G4, T1, T3, T4 or T6)"],
    [{ marketId: "HCX" }, 'invalid marketId: "HCX" (accepted: STO, STX, UPX or DVX)'],
    [{ matchPrice: 0 }, "invalid matchPrice: 0 (accepted: a number above 0)"],
    [{ matchPrice: -24.35 }, "invalid matchPrice: -24.35 (accepted: a number above 0)"],
    [{ matchPrice: "24,35" }, 'invalid matchPrice: "24,35" (accepted: a number above 0)'],
    [{ matchPrice: "NaN" }, 'invalid matchPrice: "NaN" (accepted: a number above 0)'],
    [{ matchPrice: null }, "missing matchPrice (accepted: a number above 0)"],
    [{ matchQtty: 0 }, "invalid matchQtty: 0 (accepted: a number above 0)"],
    [{ matchQtty: -40 }, "invalid matchQtty: -40 (accepted: a number of at least 0)"],
    [{ matchQtty: 0.55 }, "invalid matchQtty: 0.55 (accepted: a whole number of shares or contracts)"],
    [{ totalVolumeTraded: undefined }, "missing totalVolumeTraded (accepted: a number of at least 0)"],
    [{ side: "HOLD" }, 'invalid side: "HOLD" (accepted: BUY, SELL or UNSPECIFIED)'],
    [
      { tradingSessionId: "77" },
      'invalid tradingSessionId: "77" (accepted: a session of 01, 10, 21, 30, 40, 60, 80, 90, 99)',
    ],
    [
      { time: undefined },
      "missing time (accepted: an instant from 2000 to 2100 as {Seconds, Nanos}, ISO 8601, epoch or HHMMSSmmm)",
    ],
    [
      { time: "2026-02-30T02:29:31Z" },
      'invalid time: "2026-02-30T02:29:31Z" (accepted: an instant from 2000 to 2100 as {Seconds, Nanos}, ISO 8601, epoch or HHMMSSmmm)',
    ],
    [
      { time: { Seconds: 12 } },
      'invalid time: {"Seconds":12} (accepted: an instant from 2000 to 2100 as {Seconds, Nanos}, ISO 8601, epoch or HHMMSSmmm)',
    ],
    [{ T: "zz" }, 'invalid T: "zz" (accepted: t, te, q, mi, emi, s, sd, b, bc, e or f)'],
  ])("rejects %j and names the field", (change, problem) => {
    expect(problemOf({ ...HPG_TICK, ...change })).toBe(problem);
  });

  it("yields the good rows of a list with a bad one, in order, and says whose the bad one was", () => {
    const bad = { ...HPG_TICK, matchPrice: "?" };
    const later = { ...HPG_TICK, totalVolumeTraded: 1_184_280 };
    const events = read([HPG_TICK, bad, [later]]);
    expect(events).toEqual([
      HPG_EVENT,
      expect.objectContaining({ kind: "rejected", symbol: "HPG", atMs: RECEIVED_AT_MS }),
      { ...HPG_EVENT, cumulativeVolume: 11_842_800 },
    ]);
  });

  it("counts a flood of rubbish without keeping it", () => {
    const events = read(Array.from({ length: 10_000 }, (_, index) => index));
    expect(events).toHaveLength(101);
    expect(events.at(-1)).toMatchObject({ problem: "9900 more payloads that cannot be read" });
  });

  it.each([null, 7, "tick", [], [[[[[[HPG_TICK]]]]]]])("takes %j without harm", (message) => {
    for (const event of read(message)) expect(event.kind).toBe("rejected");
  });

  it("reads best prices, best first, without levels that are not offered", () => {
    const book = {
      T: "q",
      marketId: "STO",
      boardId: "G1",
      symbol: "FPT",
      bid: [
        { price: 73.2, quantity: 150 },
        { price: 0, quantity: 900 },
        { price: 73.3, qtty: "20" },
      ],
      offer: [
        { price: 73.4, qtty: 5 },
        { price: 73.5, quantity: 0 },
      ],
      totalBidQtty: 170,
      totalOfferQtty: 5,
      time: { Seconds: 1_779_762_571, Nanos: 0 },
    };
    expect(read(book)).toEqual([
      {
        kind: "book",
        symbol: "FPT",
        board: "G1",
        eventTimeMs: 1_779_762_571_000,
        receivedAtMs: RECEIVED_AT_MS,
        bids: [
          { price: 73_300, quantity: 200 },
          { price: 73_200, quantity: 1_500 },
        ],
        asks: [{ price: 73_400, quantity: 50 }],
      },
    ]);
    expect(only({ ...book, bid: null })).toMatchObject({ bids: [], asks: [{ price: 73_400 }] });
    expect(problemOf({ ...book, bid: [{ price: -1, quantity: 1 }] })).toBe(
      "invalid bid price: -1 (accepted: a number of at least 0)",
    );
    expect(problemOf({ ...book, offer: [{ price: 1, qtty: "x" }] })).toBe(
      'invalid offer quantity: "x" (accepted: a whole number of at least 0)',
    );
    expect(problemOf({ ...book, bid: undefined, offer: undefined })).toBe(
      "missing bid and offer (accepted: a list of levels)",
    );
  });

  const VNINDEX = {
    T: "mi",
    indexName: "VNINDEX",
    changedRatio: 0.41,
    changedValue: 6.84,
    fluctuationSteadinessIssueCount: 67,
    fluctuationDownIssueCount: 158,
    fluctuationUpIssueCount: 144,
    fluctuationLowerLimitIssueCount: null,
    fluctuationUpperLimitIssueCount: 7,
    indexTypeCode: "001",
    priorValueIndexes: 1662.54,
    valueIndexes: 1669.38,
    grossTradeAmount: 18_650.46734291,
    totalVolumeTraded: 706_563_754,
    marketId: "STO",
    tradingSessionId: "40",
    transactTime: { Seconds: 1_774_940_705, Nanos: 0 },
  };

  it("reads an index: points, shares, whole VND, and NaN for what the broker leaves out", () => {
    expect(read(VNINDEX)).toEqual([
      {
        kind: "index",
        symbol: "VNINDEX",
        eventTimeMs: 1_774_940_705_000,
        receivedAtMs: RECEIVED_AT_MS,
        value: 1669.38,
        priorValue: 1662.54,
        cumulativeVolume: 706_563_754,
        cumulativeValue: 18_650_467_342_910,
        advances: 144,
        declines: 158,
        unchanged: 67,
        atCeiling: 7,
        atFloor: Number.NaN,
        source: "dnse",
      },
    ]);
    expect(problemOf({ ...VNINDEX, valueIndexes: "-" })).toBe('invalid valueIndexes: "-" (accepted: a number above 0)');
  });

  it("stores the indexes that share a name with an exchange under symbols of their own", () => {
    expect(only({ ...VNINDEX, indexName: "HNX" })).toMatchObject({ symbol: "HNXINDEX" });
    expect(only({ ...VNINDEX, indexName: undefined, indexTypeCode: "301" })).toMatchObject({ symbol: "UPCOMINDEX" });
  });

  it("keeps an estimate apart from its index", () => {
    const estimate = {
      T: "emi",
      action: "estimated_market_index_update",
      marketIndex: {
        indexName: "VN30",
        changedRatio: 0.98,
        changedValue: 19.07,
        valueIndexes: 1966.35,
        grossTradeAmount: 2292.3,
        totalVolumeTraded: 82_215_100,
        time: "2026-06-12 10:19:54.396",
      },
      timestamp: 1_781_234_394_402,
    };
    expect(only(estimate)).toMatchObject({
      kind: "index",
      symbol: "VN30-EST",
      value: 1966.35,
      priorValue: 1947.28,
      eventTimeMs: 1_781_234_394_396,
    });
  });

  it("reads sessions of a market or product group", () => {
    const change = {
      T: "s",
      marketId: "STX",
      boardId: "G3",
      eventId: "AB2",
      tradingSessionId: "60",
      tscProdGrpId: "STX",
    };
    expect(read({ ...change, sendingTime: "2026-05-26T07:45:00.000Z" })).toEqual([
      {
        kind: "session",
        market: "HNX",
        board: "G3",
        phase: "plo",
        eventTimeMs: Date.parse("2026-05-26T07:45:00Z"),
        receivedAtMs: RECEIVED_AT_MS,
      },
    ]);
    const group = { ...change, marketId: undefined, tscProdGrpId: "FIO", tradingSessionId: 2, time: 1_779_760_000 };
    expect(only(group)).toMatchObject({ market: "HNX_DER", phase: "ato" });
    expect(problemOf({ ...group, tradingSessionId: "" })).toBe(
      "missing tradingSessionId (accepted: a session such as 40)",
    );
  });

  it("reads reference prices; those given out in the evening are for the next trading day", () => {
    const definition = {
      T: "sd",
      marketId: "STO",
      boardId: "G1",
      symbol: "HPG",
      basicPrice: 26.8,
      ceilingPrice: 28.65,
      floorPrice: 24.95,
      securityStatus: "NO_HALT",
      symbolTradingSanctionStatusCode: "NRM",
      time: "2026-05-29T01:00:00Z",
    };
    expect(read(definition)).toEqual([
      {
        kind: "reference",
        symbol: "HPG",
        tradingDate: "2026-05-29",
        reference: 26_800,
        ceiling: 28_650,
        floor: 24_950,
        isHalted: false,
        source: "dnse",
        receivedAtMs: RECEIVED_AT_MS,
      },
    ]);
    // 2026-05-29 is a Friday: at 20:05 the definition is for Monday.
    expect(only({ ...definition, time: "2026-05-29T13:05:00Z" })).toMatchObject({ tradingDate: "2026-06-01" });
    for (const securityStatus of ["HALT", 1, "1", "SECURITY_STATUS_HALT"]) {
      expect(only({ ...definition, securityStatus })).toMatchObject({ isHalted: true });
    }
    expect(only({ ...definition, symbolTradingSanctionStatusCode: "SUS" })).toMatchObject({ isHalted: true });
    const contract = {
      ...definition,
      marketId: "DVX",
      symbol: "41I1G2000",
      basicPrice: 2066.6,
      ceilingPrice: 2211.2,
      floorPrice: 1922,
    };
    expect(only(contract)).toMatchObject({ reference: 2066.6, ceiling: 2211.2, floor: 1922 });
  });

  it("leaves out candles, prices expected at an auction, foreign trading and private channels", () => {
    for (const T of ["b", "bc", "e", "f", "do", "eo", "dp", "ep"]) expect(read({ T, symbol: "HPG" })).toEqual([]);
    expect(read({ channel: "expected_price.G1.json", data: { symbol: "HPG" } })).toEqual([]);
  });
});
