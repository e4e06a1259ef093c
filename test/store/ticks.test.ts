import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wrongCandles } from "../../bench/support/stored-day.js";
import { factsCalendar } from "../../src/engine/live-market/session-schedule.js";
import { instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { tradingDate } from "../../src/engine/units/trading-date.js";
import { createIngester } from "../../src/ingestion/ingester.js";
import { MemoryMarketBus } from "../../src/shared-state/memory-market-bus.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/migrate.js";
import { readDataVersion } from "../../src/store/queries/data-version.js";
import { auditFeedDay } from "../../src/store/queries/feed-audit.js";
import { listFeedGaps } from "../../src/store/queries/feed-gaps.js";
import {
  lastPositions,
  readDayQuotes,
  readReferencePrices,
  readTicks,
  streamTicks,
} from "../../src/store/queries/tick-queries.js";
import { SESSION_MS, scriptedFeed, tick, trades, until } from "../support/scripted-feed.js";
import { databasesUnderTest, type TestDatabase } from "./databases.js";

const DAY = tradingDate("2026-11-20");
const FPT = instrumentSymbol("FPT");
const VNINDEX = instrumentSymbol("VNINDEX");
const logger = pino({ level: "silent" });

async function ingest(
  database: Database,
  spoolFolder: string,
  { nowMs = () => SESSION_MS, name = "dnse" as const } = {},
) {
  const feed = scriptedFeed({ nowMs, name });
  const ingester = createIngester({
    feed,
    database,
    bus: new MemoryMarketBus({ logger }),
    calendar: factsCalendar(),
    spoolFolder,
    logger,
    drainLimits: { batchAgeMs: 10 },
  });
  await ingester.start();
  return { feed, ingester };
}

for (const { name, unavailable, open } of await databasesUnderTest()) {
  describe.skipIf(unavailable)(`ticks on ${name}${unavailable ? ` (${unavailable})` : ""}`, () => {
    let test: TestDatabase;

    beforeAll(async () => {
      test = await open();
      await migrate(test.database);
      const { feed, ingester } = await ingest(test.database, temporarySpool());
      const hpg = trades(300, { stepMs: 700 });
      const fpt = trades(200, { symbol: FPT, fromMs: SESSION_MS + 0.25, stepMs: 1_100 });
      const level = {
        kind: "index",
        symbol: VNINDEX,
        receivedAtMs: SESSION_MS,
        priorValue: 1_600,
        source: "dnse",
      } as const;
      const rest = { cumulativeValue: 0, advances: 1, declines: 1, unchanged: 1, atCeiling: 0, atFloor: 0 };
      await feed.push([...hpg.slice(0, 150), ...fpt.slice(0, 100)]);
      // Repeated and late trades, an odd lot, a reference price, two levels.
      await feed.push([...hpg.slice(140), ...fpt.slice(150), ...fpt.slice(100, 150)]);
      await feed.push([
        tick({ board: "G4", quantity: 7, cumulativeVolume: 7, price: 1 }),
        {
          kind: "reference",
          symbol: FPT,
          tradingDate: DAY,
          reference: 26_000,
          ceiling: Number.NaN,
          floor: 24_200,
          isHalted: true,
          source: "dnse",
          receivedAtMs: SESSION_MS,
        },
        { ...level, ...rest, eventTimeMs: SESSION_MS + 1_000, value: 1_610.5, cumulativeVolume: 1_000 },
        { ...level, ...rest, eventTimeMs: SESSION_MS + 6_000, value: 1_611, cumulativeVolume: 1_500 },
      ]);
      await until(() => ingester.status().counts.stored === 300 + 200 + 1 + 2);
      await ingester.stop();
    });

    afterAll(() => test.dispose());

    it("come back as they were, in order, page by page", async () => {
      const range = { dataset: "market", fromMs: SESSION_MS, toMs: SESSION_MS + 3_600_000 } as const;
      const all = await readTicks(test.database, { ...range, limit: 1_000 });
      expect(all).toHaveLength(503);
      expect(all.find(({ symbol }) => symbol === FPT)).toEqual(
        tick({ symbol: FPT, eventTimeMs: SESSION_MS + 0.25, receivedAtMs: SESSION_MS + 2.25, price: 26_500 }),
      );
      const paged = [];
      for (let after = undefined as (typeof all)[number] | undefined; ; ) {
        const page = await readTicks(test.database, { ...range, after, limit: 40 });
        paged.push(...page);
        after = page.at(-1);
        if (page.length < 40) break;
      }
      expect(paged).toEqual(all);
      const streamed = await Array.fromAsync(streamTicks(test.database, { ...range, batchSize: 64 }));
      expect(streamed.flat()).toEqual(all);
      expect(Math.max(...streamed.map(({ length }) => length))).toBeLessThanOrEqual(64);
    });

    it("make exactly the minute candles that are stored", async () => {
      expect(await wrongCandles(test.database)).toBe(0);
    });

    it("tell where each board stands", async () => {
      const positions = await lastPositions(test.database, "market", DAY);
      expect(positions.map(({ symbol, board, cumulativeVolume }) => [symbol, board, cumulativeVolume])).toEqual([
        ["FPT", "G1", 20_000],
        ["HPG", "G1", 30_000],
        ["HPG", "G4", 7],
        ["VNINDEX", "INDEX", 1_500],
      ]);
    });

    it("make the day's quotes, with reference prices and odd lots apart", async () => {
      const quotes = new Map((await readDayQuotes(test.database, "market", DAY)).map((quote) => [quote.symbol, quote]));
      expect(quotes.get(FPT)).toMatchObject({
        open: 26_500,
        reference: 26_000,
        floor: 24_200,
        cumulativeVolume: 20_000,
      });
      expect(quotes.get(tick().symbol)).toMatchObject({ oddLotVolume: 7, cumulativeVolume: 30_000, low: 26_500 });
      expect(quotes.get(VNINDEX)).toMatchObject({ price: 1_611, cumulativeVolume: 1_500 });
      expect(await readReferencePrices(test.database, "market", DAY)).toMatchObject([{ isHalted: true, ceiling: NaN }]);
    });

    it("pass the audit of the day: each is counted once, nothing is missing", async () => {
      const rows = await auditFeedDay(test.database, { dataset: "market", tradingDate: DAY });
      expect(rows.map((row) => [row.symbol, row.board, row.received, row.stored, row.duplicates, row.verdict])).toEqual(
        [
          ["FPT", "G1", 200, 200, 0, "complete"],
          ["HPG", "G1", 310, 300, 10, "complete"],
          ["HPG", "G4", 1, 1, 0, "complete"],
          ["VNINDEX", "INDEX", 2, 2, 0, "complete"],
        ],
      );
    });

    it("count once when they come again after a restart, and show what was missed meanwhile as downtime", async () => {
      const { feed, ingester } = await ingest(test.database, temporarySpool(), { nowMs: () => SESSION_MS + 600_000 });
      const later = trades(310, { stepMs: 700 });
      // 295 … 299 are stored; 300 … 304 are never sent; an old one is unknown to the new audit.
      await feed.push([...later.slice(295, 300), ...later.slice(305), later[10]!]);
      await until(() => ingester.status().counts.received === 11 && ingester.status().spool.pendingBytes === 0);
      await ingester.stop();
      const [row] = await auditFeedDay(test.database, {
        dataset: "market",
        tradingDate: DAY,
        symbol: later[0]!.symbol,
      });
      expect(row).toMatchObject({
        received: 321,
        stored: 305,
        duplicates: 16,
        missingVolume: 500,
        verdict: "incomplete",
      });
      const gaps = (await listFeedGaps(test.database, { tradingDate: DAY, limit: 10 })).filter(
        ({ symbol, filledAtMs }) => symbol === later[0]!.symbol && filledAtMs === undefined,
      );
      expect(gaps).toMatchObject([{ cause: "downtime", volumeBefore: 30_000, missingVolume: 500 }]);
      expect(await wrongCandles(test.database)).toBe(0);
    });

    it("leave the data version alone during the session, and raise it when the session is over", async () => {
      const before = await readDataVersion(test.database);
      let nowMs = SESSION_MS;
      const { feed, ingester } = await ingest(test.database, temporarySpool(), { nowMs: () => nowMs });
      await feed.push(trades(5, { symbol: instrumentSymbol("VNM") }));
      await until(() => ingester.status().counts.stored === 5);
      expect(await readDataVersion(test.database)).toEqual(before);
      nowMs = Date.parse("2026-11-20T09:00:00Z");
      await until(async () => (await readDataVersion(test.database)).watermark !== before.watermark);
      await ingester.stop();
      const [rolled] = await test.database.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM market_candles_1d WHERE base_interval_seconds = 60",
      );
      expect(rolled!.count).toBe(4);
    });
  });
}

const folders: string[] = [];

function temporarySpool(): string {
  const folder = mkdtempSync(join(tmpdir(), "quantflow-spool-"));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
