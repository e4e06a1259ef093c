import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MarketApi, type MarketStore, openMarketStore, serveMarket } from "./market-store.js";

let store: MarketStore;
let api: MarketApi;
beforeAll(async () => {
  store = await openMarketStore();
  api = await serveMarket(store.database);
}, 60_000);
afterAll(async () => {
  await api?.close();
  await store?.dispose();
});

async function refusalOf(path: string): Promise<{ status: number; code: string; message: string }> {
  const answer = await api.get(path);
  const { error } = JSON.parse(answer.body.toString());
  return { status: answer.status, code: error.code, message: error.message };
}

const TIME =
  "accepted: a day as YYYY-MM-DD, an instant such as 2026-03-02T02:15:00Z, or epoch milliseconds; from 1900 on";
const SYMBOL = "accepted: 1 to 32 of A-Z 0-9 . - _ ^ =";

describe("parameters that are wrong are refused by name, with what is accepted", () => {
  it.each([
    ["snapshot", "REQUEST_INVALID", "invalid type: missing (accepted: overview, heatmap, indexes)"],
    ["snapshot?type=map", "REQUEST_INVALID", 'invalid type: "map" (accepted: overview, heatmap, indexes)'],
    ["snapshot?type=heatmap&dataset=demo", "REQUEST_INVALID", 'invalid dataset: "demo" (accepted: market, simulated)'],
    ["snapshot?type=heatmap&fresh=1", "REQUEST_INVALID", "invalid parameter: fresh (accepted: type, dataset)"],
    ["instruments?limit=0", "REQUEST_INVALID", 'invalid limit: "0" (accepted: a whole number from 1 to 1000)'],
    ["instruments?limit=1001", "REQUEST_INVALID", 'invalid limit: "1001" (accepted: a whole number from 1 to 1000)'],
    ["instruments?limit=ten", "REQUEST_INVALID", 'invalid limit: "ten" (accepted: a whole number from 1 to 1000)'],
    ["instruments?limit=", "REQUEST_INVALID", 'invalid limit: "" (accepted: a whole number from 1 to 1000)'],
    ["instruments?assetClass=share", "REQUEST_INVALID", /^invalid assetClass: "share" \(accepted: equity, index, /],
    ["instruments?cursor=zzz", "REQUEST_INVALID", 'invalid cursor: "zzz" (accepted: nextCursor of the page before)'],
    ["instruments?page=2", "REQUEST_INVALID", /^invalid parameter: page \(accepted: dataset, exchange, assetClass, /],
    [`instruments?search=${"x".repeat(101)}`, "REQUEST_INVALID", /\(accepted: up to 100 characters\)$/],
    ["candles", "SYMBOL_INVALID", `invalid symbol: missing (${SYMBOL})`],
    ["candles?symbol=hpg", "SYMBOL_INVALID", `invalid symbol: "hpg" (${SYMBOL})`],
    ["candles?symbol=HPG%27--", "SYMBOL_INVALID", `invalid symbol: "HPG'--" (${SYMBOL})`],
    ["candles?symbol=HPG&symbol=FPT", "SYMBOL_INVALID", "invalid symbol: given 2 times (accepted: once)"],
    [
      "candles?symbol=HPG&interval=2m",
      "INTERVAL_INVALID",
      'invalid interval: "2m" (accepted: 1m, 5m, 15m, 30m, 1h, 1d)',
    ],
    ["candles?symbol=HPG&from=yesterday", "DATE_INVALID", `invalid from: "yesterday" (${TIME})`],
    ["candles?symbol=HPG&from=2026-02-30", "DATE_INVALID", `invalid from: "2026-02-30" (${TIME})`],
    ["candles?symbol=HPG&from=0001-01-01", "DATE_INVALID", `invalid from: "0001-01-01" (${TIME})`],
    ["candles?symbol=HPG&to=2026-03-02T02:15", "DATE_INVALID", `invalid to: "2026-03-02T02:15" (${TIME})`],
    ["candles?symbol=HPG&to=9999999999999999", "DATE_INVALID", `invalid to: "9999999999999999" (${TIME})`],
    [
      "candles?symbol=HPG&from=2026-03-06&to=2026-03-05",
      "RANGE_INVALID",
      "invalid range: 2026-03-05T17:00:00.000Z to 2026-03-05T17:00:00.000Z (accepted: from before to)",
    ],
    ["candles?symbol=HPG&format=xml", "REQUEST_INVALID", 'invalid format: "xml" (accepted: json, csv, arrow)'],
    ["candles?symbol=HPG&limit=10001", "REQUEST_INVALID", /^invalid limit: "10001" \(accepted: .* from 1 to 10000\)$/],
    ["ticks", "DATE_INVALID", `invalid from: missing without a symbol (${TIME})`],
    ["ticks?symbol=hpg", "SYMBOL_INVALID", `invalid symbol: "hpg" (${SYMBOL})`],
    ["ticks?symbol=HPG&from=now", "DATE_INVALID", `invalid from: "now" (${TIME})`],
    ["ticks?symbol=HPG&from=2026-03-06&to=2026-03-01", "RANGE_INVALID", /\(accepted: from before to\)$/],
    ["ticks?symbol=HPG&interval=1m", "REQUEST_INVALID", /^invalid parameter: interval \(accepted: symbol, from, to, /],
    ["indexes?x=1", "REQUEST_INVALID", "invalid parameter: x (accepted: dataset)"],
    [
      "sessions?exchange=hose",
      "REQUEST_INVALID",
      'invalid exchange: "hose" (accepted: HOSE, HNX, UPCOM, HNX_DER, DCE, SHFE, INE, CZCE)',
    ],
    ["sessions?exchange=NYSE", "REQUEST_INVALID", /^invalid exchange: "NYSE" \(accepted: HOSE, HNX, UPCOM, HNX_DER, /],
    ["sessions?date=2026-13-01", "DATE_INVALID", 'invalid date: "2026-13-01" (accepted: a day as YYYY-MM-DD)'],
    ["feed?date=today", "DATE_INVALID", 'invalid date: "today" (accepted: a day as YYYY-MM-DD)'],
    ["feed?limit=501", "REQUEST_INVALID", 'invalid limit: "501" (accepted: a whole number from 1 to 500)'],
  ])("%s: %s", async (path, code, message) => {
    const refusal = await refusalOf(path);
    expect(refusal).toMatchObject({ status: 400, code });
    if (typeof message === "string") expect(refusal.message).toBe(message);
    else expect(refusal.message).toMatch(message);
  });

  it("names every field that is wrong", async () => {
    expect((await refusalOf("candles?symbol=hpg&interval=1y&x=1")).message).toMatch(
      /invalid symbol: .*; invalid interval: .*; invalid parameter: x /,
    );
  });

  it("refuses an Accept that names nothing it has", async () => {
    const answer = await api.get("candles?symbol=HPG", { accept: "image/png" });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body.toString()).error.message).toBe(
      'invalid Accept: "image/png" (accepted: application/json, text/csv, application/vnd.apache.arrow.stream)',
    );
  });

  it("answers 404 where nothing is", async () => {
    expect(await refusalOf("everything")).toMatchObject({ status: 404, code: "NOT_FOUND" });
  });
});
