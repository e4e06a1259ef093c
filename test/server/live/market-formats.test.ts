import { request as httpRequest } from "node:http";
import { tableFromIPC } from "apache-arrow";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { METADATA_KEYS } from "../../../src/contracts/figure-metadata.js";
import type { MarketCandles } from "../../../src/contracts/market-api.js";
import { WorkbenchError } from "../../../src/engine/errors.js";
import { tradingDayNumberOf } from "../../../src/engine/units/trading-date.js";
import { candlesOf } from "../../store/candle-series.js";
import {
  type MarketApi,
  type MarketStore,
  openMarketStore,
  serveMarket,
  storeCandles,
  watchedCopies,
} from "./market-store.js";

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

const ARROW = "application/vnd.apache.arrow.stream";

type Rows = (readonly (string | number | null)[])[];

function rowsOfJson(answer: MarketCandles): Rows {
  return answer.candles.map(({ time, open, high, low, close, volume }) => [time, open, high, low, close, volume]);
}

function rowsOfCsv(text: string): Rows {
  const [header, ...lines] = text.trimEnd().split("\n");
  expect(header).toBe("time,symbol,open,high,low,close,volume");
  return lines.map((line) => {
    const [time, , ...values] = line.split(",");
    return [time!, ...values.map((value) => (value === "" ? null : Number(value)))];
  });
}

function rowsOfArrow(bytes: Uint8Array, isDaily: boolean): Rows {
  return tableFromIPC(bytes)
    .toArray()
    .map((row) => {
      const { time, open, high, low, close, volume } = row.toJSON();
      const instant = new Date(Number(time)).toISOString();
      const values = [open, high, low, close, volume].map((value) => (Number.isNaN(value) ? null : value));
      return [isDaily ? instant.slice(0, 10) : instant, ...values];
    });
}

describe("the formats of /api/market/candles", () => {
  it.each(["1d", "1m", "1h"])("carry the same values at %s", async (interval) => {
    const path = `candles?symbol=HPG&interval=${interval}`;
    const json = rowsOfJson(await api.json<MarketCandles>(path));
    expect(json.length).toBeGreaterThan(2);
    expect(rowsOfCsv((await api.get(`${path}&format=csv`)).body.toString())).toEqual(json);
    expect(rowsOfArrow((await api.get(`${path}&format=arrow`)).body, interval === "1d")).toEqual(json);
    expect(rowsOfCsv((await api.get(`${path}&format=csv&limit=2`)).body.toString())).toEqual(json.slice(0, 2));
    expect(rowsOfArrow((await api.get(`${path}&format=arrow&limit=2`)).body, interval === "1d")).toEqual(
      json.slice(0, 2),
    );
  });

  it("are chosen by Accept, JSON when all are welcome", async () => {
    const typeOf = async (accept: string, query = "") =>
      (await api.get(`candles?symbol=HPG${query}`, { accept })).headers["content-type"];
    expect(await typeOf("text/csv")).toMatch(/^text\/csv/);
    expect(await typeOf(ARROW)).toBe(ARROW);
    expect(await typeOf("*/*")).toMatch(/^application\/json/);
    expect(await typeOf("text/csv;q=0.5, application/json")).toMatch(/^application\/json/);
    expect(await typeOf("application/json", "&format=csv")).toMatch(/^text\/csv/);
    expect((await api.get("candles?symbol=HPG")).headers.vary).toContain("Accept");
  });

  it("say in Arrow what the data is; a daily candle carries its trading date", async () => {
    const table = tableFromIPC((await api.get("candles?symbol=HPG&format=arrow")).body);
    expect(table.schema.metadata.get(METADATA_KEYS.dataset)).toBe("market");
    expect(table.schema.metadata.get(METADATA_KEYS.source)).toBe("an exchange");
    expect(table.schema.fields.map(({ name }) => name)).toEqual([
      "time",
      "symbol",
      "open",
      "high",
      "low",
      "close",
      "volume",
    ]);
    expect(Number(table.get(0)!.time) / 86_400_000).toBe(tradingDayNumberOf(Date.parse("2026-03-04T00:00:00+07:00")));
    expect(table.get(0)!.symbol).toBe("HPG");
  });

  it("are whole files without a candle in them", async () => {
    expect((await api.get("candles?symbol=BRENT&format=csv")).body.toString()).toBe(
      "time,symbol,open,high,low,close,volume\n",
    );
    const table = tableFromIPC((await api.get("candles?symbol=BRENT&format=arrow")).body);
    expect(table.numRows).toBe(0);
    expect(table.schema.fields).toHaveLength(7);
  });

  it("leave bodies out of answers to HEAD", async () => {
    const head = (path: string) =>
      new Promise<{ status: number; type: string | undefined; length: number }>((done, fail) => {
        const asking = httpRequest(`${api.url}api/market/${path}`, { method: "HEAD", agent: false }, (response) => {
          let length = 0;
          response.on("data", (chunk: Buffer) => {
            length += chunk.length;
          });
          response.on("end", () =>
            done({ status: response.statusCode!, type: response.headers["content-type"], length }),
          );
        });
        asking.on("error", fail);
        asking.end();
      });
    for (const path of ["snapshot?type=overview", "instruments", "candles?symbol=HPG", "indexes", "sessions", "feed"]) {
      expect(await head(path), path).toMatchObject({ status: 200, type: /^application\/json/, length: 0 });
    }
    expect(await head("candles?symbol=HPG&format=csv")).toMatchObject({ status: 200, type: /csv/, length: 0 });
    expect(await head("candles?symbol=HPG&format=arrow")).toMatchObject({ status: 200, type: ARROW, length: 0 });
    expect((await head("candles?symbol=hpg")).status).toBe(400);
  });
});

describe("a large answer", { timeout: 60_000 }, () => {
  /** 90 days of minutes around the clock: 129,600 candles, some 10 MB of CSV. */
  const COUNT = 129_600;
  let reads = 0;
  let large: MarketApi;

  beforeAll(async () => {
    const firstMs = Date.parse("2025-10-01T00:00:00Z");
    const rows = Array.from({ length: COUNT }, (_, at) => {
      const price = 1 + at / 7;
      return ["BTC", new Date(firstMs + at * 60_000).toISOString(), price, price, price, price, at] as const;
    });
    await storeCandles(store.database, candlesOf(rows), 60);
    const counted = watchedCopies(store.database, () => {
      reads++;
    });
    large = await serveMarket(counted);
  }, 60_000);
  afterAll(() => large?.close());

  it("is complete in CSV and in Arrow, batch by batch", async () => {
    const csv = await large.get("candles?symbol=BTC&interval=1m&format=csv");
    const lines = csv.body.toString().trimEnd().split("\n");
    expect(lines).toHaveLength(COUNT + 1);
    expect(new Set(lines).size).toBe(COUNT + 1);
    const table = tableFromIPC((await large.get("candles?symbol=BTC&interval=1m&format=arrow")).body);
    expect(table.numRows).toBe(COUNT);
    expect(table.batches.length).toBeGreaterThan(3);
    const volumes = table.getChild("volume")!;
    for (let row = 0; row < COUNT; row += 997) expect(volumes.get(row)).toBe(row);
  });

  it("is an error answer when it cannot begin, and breaks off when it cannot go on", async () => {
    let allowed = 0;
    const lines: string[] = [];
    const failing = await serveMarket(
      watchedCopies(store.database, () => {
        if (allowed-- <= 0) throw new WorkbenchError("DATABASE_UNREACHABLE", "the database went away");
      }),
      { logger: pino({ level: "error" }, { write: (line: string) => lines.push(line) }) },
    );
    const path = "candles?symbol=BTC&interval=1m&format=csv";
    const refused = await failing.get(path);
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.body.toString()).error.code).toBe("DATABASE_UNREACHABLE");
    allowed = 2;
    await expect(fetch(`${failing.url}api/market/${path}`).then((answer) => answer.text())).rejects.toThrow();
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["an answer broke off"]);
    await failing.close();
  });

  it("is read from the database no faster than the client takes it, and no further once it left", async () => {
    reads = 0;
    await large.get("candles?symbol=BTC&interval=1m&format=csv");
    const wholeReads = reads;
    reads = 0;
    const asking = httpRequest(`${large.url}api/market/candles?symbol=BTC&interval=1m&format=csv`, { agent: false });
    const left = new Promise((done) => asking.on("close", done));
    asking.on("response", (response) => {
      response.on("error", () => {});
      response.pause();
    });
    asking.on("error", () => {});
    asking.end();
    await vi.waitFor(() => expect(reads).toBeGreaterThan(0), { timeout: 10_000 });
    let before = -1;
    await vi.waitFor(
      () => {
        const isStill = reads === before;
        before = reads;
        expect(isStill).toBe(true);
      },
      { timeout: 10_000, interval: 500 },
    );
    expect(reads).toBeLessThan(wholeReads);
    asking.destroy();
    await left;
    const answered = await large.get("candles?symbol=HPG&interval=1d");
    expect(answered.status).toBe(200);
  });
});
