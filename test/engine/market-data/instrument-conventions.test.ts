import { describe, expect, it } from "vitest";
import { exchangeConventions, priceBand } from "../../../src/engine/market-data/exchange-conventions.js";
import { inferInstrumentConventions } from "../../../src/engine/market-data/instrument-conventions.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";

const infer = (symbol: string, exchange?: string) => inferInstrumentConventions(instrumentSymbol(symbol), { exchange });

describe("inferInstrumentConventions(symbol, { exchange })", () => {
  it.each(["DCE.I", "SHFE.RB", "INE.SC", "CZCE.SR"])("takes %s for a Chinese commodity future", (symbol) => {
    expect(infer(symbol)).toEqual({
      assetClass: "commodity-future",
      exchange: symbol.split(".")[0],
      currency: "CNY",
      closeTime: "15:00",
      closeTimeZone: "Asia/Shanghai",
      tickRule: "none",
      lotSize: 1,
    });
  });

  it.each([
    ["VNINDEX", "HOSE", "14:45"],
    ["VN30", "HOSE", "14:45"],
    ["VN100", "HOSE", "14:45"],
    ["VNALL", "HOSE", "14:45"],
    ["VNMID", "HOSE", "14:45"],
    ["VNFIN", "HOSE", "14:45"],
    ["HNXINDEX", "HNX", "14:45"],
    ["HNX30", "HNX", "14:45"],
    ["UPCOMINDEX", "UPCOM", "15:00"],
  ])("takes %s for an index of %s", (symbol, exchange, closeTime) => {
    expect(infer(symbol)).toEqual({
      assetClass: "index",
      exchange,
      currency: "VND",
      closeTime,
      closeTimeZone: "Asia/Ho_Chi_Minh",
      tickRule: "none",
      lotSize: undefined,
    });
  });

  it.each(["VN30F1M", "VN30F2Q", "VN30F2406", "41I1G4000"])("takes %s for a VN30 future", (symbol) => {
    expect(infer(symbol)).toMatchObject({
      assetClass: "other",
      exchange: "HNX_DER",
      currency: "VND",
      tickRule: "fixed-0.1",
      lotSize: 1,
    });
  });

  it.each(["BRENT", "WTI", "HENRYHUB"])("takes %s for an energy spot price known at the New York close", (symbol) => {
    expect(infer(symbol)).toMatchObject({
      assetClass: "commodity-spot",
      currency: "USD",
      closeTime: "17:00",
      closeTimeZone: "America/New_York",
    });
  });

  it.each(["USDVND", "USDVND.Y", "USDVND=X"])("takes %s for an exchange rate in dong", (symbol) => {
    expect(infer(symbol)).toMatchObject({ assetClass: "fx", currency: "VND", exchange: undefined });
  });

  it.each(["HPG", "FPT", "VCB"])("takes the VN30 member %s for a HOSE equity", (symbol) => {
    expect(infer(symbol)).toEqual({
      assetClass: "equity",
      exchange: "HOSE",
      currency: "VND",
      closeTime: "14:45",
      closeTimeZone: "Asia/Ho_Chi_Minh",
      tickRule: "hose-equity",
      lotSize: 100,
    });
  });

  it.each(["AAPL", "XYZ", "FUEVFVND"])("claims nothing of %s but that it is an equity", (symbol) => {
    expect(infer(symbol)).toEqual({
      assetClass: "equity",
      exchange: undefined,
      currency: "XXX",
      closeTime: undefined,
      closeTimeZone: undefined,
      tickRule: "none",
      lotSize: undefined,
    });
  });

  it("follows an exchange that is known from elsewhere", () => {
    expect(infer("SHS", "HNX")).toMatchObject({ exchange: "HNX", currency: "VND", tickRule: "fixed-100" });
    expect(infer("AAPL", "NASDAQ")).toMatchObject({ exchange: "NASDAQ", currency: "XXX", tickRule: "none" });
  });
});

describe("priceBand(exchange)", () => {
  it.each([
    ["HOSE", 0.07],
    ["HNX", 0.1],
    ["UPCOM", 0.15],
    ["HNX_DER", 0.07],
  ])("of %s is %d", (exchange, band) => {
    expect(priceBand(exchange)).toBe(band);
  });

  it.each(["NASDAQ", "DCE", "constructor"])("of %s is not known", (exchange) => {
    expect(priceBand(exchange)).toBeUndefined();
  });
});

describe("exchangeConventions(exchange)", () => {
  it("is undefined for an exchange that is not known", () => {
    expect(exchangeConventions("NYSE")).toBeUndefined();
  });
});
