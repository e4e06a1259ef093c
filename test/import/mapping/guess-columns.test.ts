import { describe, expect, it } from "vitest";
import { normalizedHeader } from "../../../src/import/mapping/column-aliases.js";
import { guessColumns, guessKind } from "../../../src/import/mapping/guess-columns.js";

describe("guessColumns(kind, headers)", () => {
  it("knows the headers of common vendors", () => {
    const headers: string[][] = [
      ["time", "symbol", "open", "high", "low", "close", "volume"],
      ["Date", "Ticker", "Open", "High", "Low", "Close", "Vol"],
      ["tradingDate", "code", "o", "h", "l", "c", "v"],
      ["<DTYYYYMMDD>", "<Ticker>", "<Open>", "<High>", "<Low>", "<Close>", "<Volume>"],
      ["Ngày", "Mã CK", "Giá mở cửa", "Giá cao nhất", "Giá thấp nhất", "Giá đóng cửa", "Khối lượng"],
      ["Date", "Symbol", "Open", "High", "Low", "Price", "Vol."],
    ];
    const fields = ["time", "symbol", "open", "high", "low", "close", "volume"];
    for (const names of headers) {
      expect(guessColumns("prices", names)).toEqual(Object.fromEntries(fields.map((field, i) => [field, names[i]])));
    }
  });

  it("prefers the first alias when several headers fit", () => {
    expect(guessColumns("prices", ["date", "timestamp", "Adj Close", "close"])).toEqual({
      time: "timestamp",
      close: "close",
    });
  });

  it("reads instruments with a market cap in one or two words", () => {
    for (const header of ["MarketCap", "Market Cap", "market_cap"]) {
      expect(guessColumns("instruments", ["Symbol", header])).toEqual({ symbol: "Symbol", marketCap: header });
    }
  });
});

describe("guessKind(headers)", () => {
  it("tells prices, instruments and calendars apart", () => {
    expect(guessKind(["time", "symbol", "close", "name"])).toBe("prices");
    expect(guessKind(["ticker", "name", "exchange", "industry", "sector", "MarketCap"])).toBe("instruments");
    expect(guessKind(["Symbol", "Name", "Sector", "Price", "Market Cap"])).toBe("instruments");
    expect(guessKind(["date", "exchange", "kind"])).toBe("calendar");
  });

  it("refuses trades, order books and whatever else has no close", () => {
    for (const headers of [
      ["exchange", "symbol", "timestamp", "side", "price", "amount"],
      ["time", "symbol", "type", "size", "price", "bid", "ask"],
      ["sentence", "label"],
    ]) {
      expect(() => guessKind(headers)).toThrow(expect.objectContaining({ code: "MAPPING_UNKNOWN" }));
    }
  });
});

describe("guessKind(headers) of a row of values", () => {
  it("says that names are missing", () => {
    expect(() => guessKind(["HPG", "20240305", "31.2"])).toThrow(
      expect.objectContaining({ code: "FILE_HEADER_INVALID", message: expect.stringContaining("--no-header") }),
    );
  });
});

describe("normalizedHeader(header)", () => {
  it("drops case, marks, spaces and signs", () => {
    expect(["<Mã CK>", "Market Cap", "Giá Đóng Cửa", "VOL."].map(normalizedHeader)).toEqual([
      "mack",
      "marketcap",
      "giadongcua",
      "vol",
    ]);
  });
});
