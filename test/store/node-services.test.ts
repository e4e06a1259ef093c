import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SymbolQuote } from "../../src/engine/live-market/symbol-quote.js";
import type { CandleInterval } from "../../src/engine/market-data/candle-interval.js";
import { instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../../src/engine/units/epoch-ms.js";
import { tradingDateOf } from "../../src/engine/units/trading-date.js";
import { readNodeServiceSettings } from "../../src/server/workflows/services/node-service-settings.js";
import { type OpenNodeServices, openNodeServices } from "../../src/server/workflows/services/open-node-services.js";
import type { LiveBoard } from "../../src/server/workflows/services/stored-market-data.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/migrate.js";
import { ensureWeeklyPartitions } from "../../src/store/partitions.js";
import { upsertInstruments } from "../../src/store/queries/instrument-queries.js";
import { addQuarantine } from "../../src/store/queries/quarantine-queries.js";
import { BROKER_INSTRUMENTS } from "../port-suites/broker-suite.js";
import { databasesUnderTest, type TestDatabase } from "./databases.js";

const never = new AbortController().signal;
const at = (instant: string): EpochMs => epochMs(Date.parse(instant));
/** A time of day in Ho Chi Minh City. */
const on = (day: string, time: string) => at(`${day}T${time}+07:00`);

/** Daily closes of FPT; 2026-03-04 is Wednesday. */
const DAILY = [
  ["2022-01-05", 60_000],
  ["2026-02-27", 84_000],
  ["2026-03-02", 85_000],
  ["2026-03-03", 86_000],
  ["2026-03-04", 87_000],
] as const;

for (const under of await databasesUnderTest()) {
  const name = `${under.name}${under.unavailable ? ` (${under.unavailable})` : ""}`;
  describe.skipIf(under.unavailable)(`openNodeServices(options): ${name}`, () => {
    let test: TestDatabase;
    let database: Database;
    let services: OpenNodeServices;
    const dataFolder = mkdtempSync(join(tmpdir(), "quantflow-services-"));
    const open = (live?: LiveBoard) =>
      openNodeServices({ database, dataFolder, settings: readNodeServiceSettings({}), live });

    beforeAll(async () => {
      test = await under.open();
      database = test.database;
      await migrate(database);
      await upsertInstruments(database, BROKER_INSTRUMENTS, { dataset: "market", described: true });
      for (const [date, close] of DAILY) {
        await database.query(
          `INSERT INTO market_candles_daily (symbol, simulated, trading_date, open, high, low, close, volume, batch_id)
           VALUES ('FPT', false, $1, $2, $2, $2, $2, 1000, 1)`,
          [date, close],
        );
      }
      await database.query(
        `INSERT INTO market_candles_daily (symbol, simulated, trading_date, close, batch_id)
         VALUES ('VNINDEX', false, '2026-03-02', 1300, 1), ('VNINDEX', false, '2026-03-03', 1300, 1),
                ('VNINDEX', false, '2026-03-04', 1300, 1), ('HPG', false, '2026-03-03', 28000, 1)`,
      );
      const openingMs = on("2026-03-04", "09:15");
      await database.transaction((session) =>
        ensureWeeklyPartitions(session, "market_candles_intraday", Float64Array.of(openingMs)),
      );
      for (let minute = 0; minute < 30; minute++) {
        await database.query(
          `INSERT INTO market_candles_intraday (symbol, simulated, interval_seconds, time, open, high, low, close, volume, batch_id)
           VALUES ('FPT', false, 60, $1, $2, $2, $2, $2, 100, 1)`,
          [new Date(openingMs + minute * MS_PER_MINUTE), 86_500 + minute],
        );
      }
      services = open();
    });
    afterAll(async () => {
      await services?.close();
      await test?.dispose();
      rmSync(dataFolder, { recursive: true, force: true });
    });

    const closes = async (asOfMs: EpochMs, count = 3, interval: CandleInterval = "1d", symbol = "FPT") =>
      Array.from((await services.marketData.candles({ symbol, interval, count, asOfMs }, never)).close);
    const quote = async (asOfMs: EpochMs, from = services) => (await from.marketData.quotes(["FPT"], asOfMs, never))[0];

    describe("marketData.candles", () => {
      it("has the day's candle from the close of the session on, and not a second before", async () => {
        expect(await closes(on("2026-03-03", "14:44:59"))).toEqual([60_000, 84_000, 85_000]);
        expect(await closes(on("2026-03-03", "14:45:00"))).toEqual([84_000, 85_000, 86_000]);
      });

      it("has an intraday candle from its end on", async () => {
        expect(await closes(on("2026-03-04", "09:16:59.999"), 5, "1m")).toEqual([86_500]);
        expect(await closes(on("2026-03-04", "09:17:00"), 5, "1m")).toEqual([86_500, 86_501]);
      });

      it("has no candle of five minutes before its last minute has ended", async () => {
        expect(await closes(on("2026-03-04", "09:24:59"), 5, "5m")).toEqual([86_504]);
        expect(await closes(on("2026-03-04", "09:25:00"), 5, "5m")).toEqual([86_504, 86_509]);
      });

      it("reaches back over years without candles for as many as were asked for", async () => {
        expect(await closes(on("2026-03-04", "15:00"), 5)).toEqual(DAILY.map(([, close]) => close));
        expect(await closes(on("2026-03-04", "15:00"), 50)).toHaveLength(5);
      });

      it("is empty before the first candle, and for a symbol without any", async () => {
        expect(await closes(on("2021-01-01", "00:00"))).toEqual([]);
        expect(await closes(on("2026-03-04", "15:00"), 3, "1d", "VIC")).toEqual([]);
      });

      it("answers the same whatever is stored of later times", async () => {
        const asOfMs = on("2026-03-04", "09:20:30");
        const before = await Promise.all((["1m", "5m", "1h", "1d"] as const).map((each) => closes(asOfMs, 9, each)));
        await database.query(
          `INSERT INTO market_candles_daily (symbol, simulated, trading_date, close, batch_id) VALUES ('FPT', false, '2026-03-05', 1, 1)`,
        );
        await database.query("UPDATE market_candles_intraday SET close = 1 WHERE time >= $1", [
          new Date(on("2026-03-04", "09:20")),
        ]);
        expect(await Promise.all((["1m", "5m", "1h", "1d"] as const).map((each) => closes(asOfMs, 9, each)))).toEqual(
          before,
        );
        await database.execute("DELETE FROM market_candles_daily WHERE trading_date = '2026-03-05'");
        await database.query("UPDATE market_candles_intraday SET close = open WHERE time >= $1", [
          new Date(on("2026-03-04", "09:20")),
        ]);
      });

      it.each([
        ["SYMBOL_UNKNOWN", { symbol: "NONE" }],
        ["SYMBOL_INVALID", { symbol: "' OR true --" }],
        ["ARGUMENT_INVALID", { count: 0 }],
        ["ARGUMENT_INVALID", { count: 1.5 }],
        ["ARGUMENT_INVALID", { count: 1_000_000 }],
      ])("throws %s for %j", async (code, changes) => {
        const request = {
          symbol: "FPT",
          interval: "1d",
          count: 3,
          asOfMs: on("2026-03-04", "15:00"),
          ...changes,
        } as const;
        await expect(services.marketData.candles(request, never)).rejects.toMatchObject({ code });
      });
    });

    describe("marketData.quotes", () => {
      it("has the last price that was known, with when, and what changes are measured from", async () => {
        expect(await quote(on("2026-03-03", "14:44"))).toMatchObject({ price: 85_000, reference: 84_000 });
        expect(await quote(on("2026-03-03", "14:45"))).toEqual({
          symbol: "FPT",
          price: 86_000,
          reference: 85_000,
          volume: 1_000,
          currency: "VND",
          atMs: on("2026-03-03", "14:45"),
        });
        expect(await quote(on("2026-03-04", "09:17"))).toMatchObject({ price: 86_501, reference: 86_000, volume: 200 });
        expect(await quote(on("2026-03-04", "15:00"))).toMatchObject({ price: 87_000, reference: 86_000 });
      });

      it("goes by a trade that is later than any candle", async () => {
        const eventMs = on("2026-03-04", "09:15:30");
        await database.transaction((session) =>
          ensureWeeklyPartitions(session, "market_ticks", Float64Array.of(eventMs)),
        );
        await database.query(
          `INSERT INTO market_ticks (symbol, simulated, board, event_time, cumulative_volume, received_at, price, quantity, side, session, source)
           VALUES ('FPT', false, 'G1', $1, 700, $1, 86400, 100, 'B', 'continuous', 'test'),
                  ('FPT', false, 'G4', $2, 900, $2, 1, 5, 'B', 'continuous', 'test')`,
          [new Date(eventMs), new Date(eventMs + 1_000)],
        );
        expect(await quote(epochMs(eventMs - 1))).toMatchObject({ price: 86_000 });
        expect(await quote(on("2026-03-04", "09:15:59"))).toMatchObject({
          price: 86_400,
          volume: 700,
          reference: 86_000,
          atMs: eventMs,
        });
        expect(await quote(on("2026-03-04", "09:16"))).toMatchObject({ price: 86_500 });
        await database.execute("DELETE FROM market_ticks");
      });

      it("goes by the live market where it is later, of the same dataset, and not of the future", async () => {
        const eventTimeMs = on("2026-03-04", "09:50");
        const liveQuote = {
          symbol: instrumentSymbol("FPT"),
          price: 88_000,
          reference: 86_100,
          cumulativeVolume: 9,
          eventTimeMs,
        };
        const board = { quotes: () => [liveQuote as unknown as SymbolQuote] };
        const live = open({ status: () => ({ dataset: "market" }), board });
        expect(await quote(eventTimeMs, live)).toMatchObject({ price: 88_000, reference: 86_100, atMs: eventTimeMs });
        expect(await quote(epochMs(eventTimeMs - 1), live)).toMatchObject({ price: 86_529 });
        const demo = open({ status: () => ({ dataset: "simulated" }), board });
        expect(await quote(eventTimeMs, demo)).toMatchObject({ price: 86_529 });
      });

      it("leaves out what has no price, what is quarantined, and what is not stored", async () => {
        const symbols = ["FPT", "VIC", "NONE"];
        const known = await services.marketData.quotes(symbols, on("2026-03-03", "15:00"), never);
        expect(known.map(({ symbol }) => symbol)).toEqual(["FPT"]);
        const date = tradingDateOf(on("2026-03-03", "12:00"));
        await addQuarantine(database, {
          ...{ symbol: instrumentSymbol("FPT"), fromDate: date, toDate: date, reason: "test", dataset: "market" },
        });
        expect(await quote(on("2026-03-03", "15:00"))).toMatchObject({ price: 85_000 });
        await database.execute("DELETE FROM quarantines");
      });
    });

    describe("marketData.universe and phase", () => {
      const universe = (of: string, asOfMs = on("2026-03-04", "15:00")) =>
        services.marketData.universe(of, asOfMs, never);

      it("lists what had a candle by then, without indexes", async () => {
        expect(await universe("HOSE")).toEqual(["FPT", "HPG"]);
        expect(await universe("VN30", on("2026-03-02", "15:00"))).toEqual(["FPT"]);
        expect(await universe("HNX")).toEqual([]);
      });

      it("refuses a name that is no exchange and no sector", async () => {
        await expect(universe("NASDAQ")).rejects.toMatchObject({
          code: "ARGUMENT_INVALID",
          message: expect.stringMatching(/^invalid universe: "NASDAQ" \(accepted: VN30; an exchange: .*HOSE/),
        });
      });

      it.each([
        ["2026-03-04", "09:05", "ato"],
        ["2026-03-04", "10:00", "continuous"],
        ["2026-03-04", "12:00", "lunch"],
        ["2026-03-04", "16:00", "closed"],
        ["2026-03-07", "10:00", "closed"],
      ])("knows what HOSE does on %s at %s", async (day, time, phase) => {
        expect(await services.marketData.phase("HOSE", on(day, time))).toBe(phase);
      });

      it("refuses an exchange without a schedule", async () => {
        await expect(services.marketData.phase("NYSE", on("2026-03-04", "10:00"))).rejects.toMatchObject({
          code: "ARGUMENT_INVALID",
        });
      });
    });

    describe("documents.query", () => {
      it("sees nothing later than the instant", async () => {
        const dates = async (asOfMs: EpochMs) =>
          (
            await services.documents.query(
              "SELECT trading_date FROM candles WHERE symbol = 'FPT' ORDER BY 1 DESC LIMIT 1",
              asOfMs,
              never,
            )
          ).columns[0]!.cells;
        expect(await dates(on("2026-03-03", "14:44"))).toEqual(["2026-03-02"]);
        expect(await dates(on("2026-03-03", "14:45"))).toEqual(["2026-03-03"]);
      });

      it("joins candles, instruments and quotes", async () => {
        const sql = `SELECT i.symbol, q.price, count(*) AS candles, q.at
                       FROM instruments i JOIN quotes q USING (symbol) JOIN candles c USING (symbol)
                      WHERE i.exchange = 'HOSE' AND i.asset_class = 'equity' GROUP BY ALL ORDER BY 1`;
        const { columns } = await services.documents.query(sql, on("2026-03-04", "15:00"), never);
        expect(columns.map(({ cells }) => cells)).toEqual([
          ["FPT", "HPG"],
          [87_000, 28_000],
          [4, 1],
          ["2026-03-04T07:45:00.000Z", "2026-03-03T07:45:00.000Z"],
        ]);
      });
    });
  });
}
