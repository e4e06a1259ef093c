import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Tick } from "../src/engine/live-market/market-event.js";
import { factsCalendar } from "../src/engine/live-market/session-schedule.js";
import type { MarketFeed } from "../src/feeds/market-feed.js";
import { createIngester } from "../src/ingestion/ingester.js";
import { MemoryMarketBus } from "../src/shared-state/memory-market-bus.js";
import { openEmbeddedDatabase } from "../src/store/adapters/embedded-database.js";
import type { Database } from "../src/store/database.js";
import { migrate } from "../src/store/migrate.js";
import { ensureWeeklyPartitions } from "../src/store/partitions.js";
import { copyTicks, TickTuples } from "../src/store/tick-writer.js";
import type { Bench } from "./harness/bench.js";
import type { BenchResult } from "./harness/result.js";
import { takeTurns, timed } from "./harness/take-turns.js";
import { openTemporarySchema } from "./harness/temporary-schema.js";
import { TradedDay } from "./support/traded-day.js";

const SERVER_TICKS = 300_000;
const EMBEDDED_TICKS = 60_000;
/** What a fast feed hands over at once. */
const FEED_BATCH = 1_000;
const SYMBOLS = 300;
/** Ten in the morning of a trading day; 2,000 trades a second from there. */
const START_MS = Date.parse("2026-11-20T03:00:00Z");
const STEP_MS = 0.5;
const FLOOR_PER_SECOND = 50_000;
const EMBEDDED_FLOOR_PER_SECOND = 5_000;

/** A feed at full speed through every stage, against the server's binary COPY of the same ticks and nothing else. */
export const ingestion: Bench = {
  name: "ingestion",
  async run({ repeats, databaseUrl, note }) {
    const folder = mkdtempSync(join(tmpdir(), "quantflow-bench-"));
    const schema = await openTemporarySchema(databaseUrl);
    const embedded = await openEmbeddedDatabase(join(folder, "data"), { purpose: "bench" });
    try {
      await migrate(embedded);
      const ticks = tradedTicks(SERVER_TICKS);
      const tuples = encoded(ticks);
      await schema.database.transaction((session) =>
        ensureWeeklyPartitions(session, "market_ticks", Float64Array.of(START_MS)),
      );
      const { ours, rival } = await takeTurns(
        {
          ours: async () => {
            await emptyStore(schema.database);
            return ingest(schema.database, ticks, folder);
          },
          rival: async () => {
            await emptyStore(schema.database);
            return timed(() => schema.database.transaction((session) => copyTicks(session, tuples)));
          },
        },
        repeats,
      );
      const fewer = ticks.slice(0, EMBEDDED_TICKS);
      const { intoEmbedded } = await takeTurns(
        {
          intoEmbedded: async () => {
            await emptyStore(embedded);
            return ingest(embedded, fewer, folder);
          },
        },
        repeats,
      );
      note(`${speed(SERVER_TICKS, ours)} into PostgreSQL, ${speed(EMBEDDED_TICKS, intoEmbedded)} into PGlite`);
      return results(ours, rival, intoEmbedded);
    } finally {
      await embedded.close();
      await schema.dispose();
      rmSync(folder, { recursive: true });
    }
  },
};

function results(ours: readonly number[], rival: readonly number[], embedded: readonly number[]): BenchResult[] {
  const seconds = (samples: readonly number[]) => samples.map((milliseconds) => milliseconds / 1_000);
  return [
    {
      kind: "ratio",
      what: `ingestion of ${SERVER_TICKS.toLocaleString("en")} ticks into PostgreSQL, all stages`,
      rival: "binary COPY of the same ticks",
      oursMs: ours,
      rivalMs: rival,
      atLeast: 0.5,
      goal: 0.8,
    },
    {
      kind: "limit",
      what: `the same, at ${FLOOR_PER_SECOND.toLocaleString("en")} ticks/s at least`,
      unit: "s",
      measured: seconds(ours),
      atMost: SERVER_TICKS / FLOOR_PER_SECOND,
    },
    {
      kind: "limit",
      what: `ingestion of ${EMBEDDED_TICKS.toLocaleString("en")} ticks into the embedded database, at ${EMBEDDED_FLOOR_PER_SECOND.toLocaleString("en")} ticks/s at least`,
      unit: "s",
      measured: seconds(embedded),
      atMost: EMBEDDED_TICKS / EMBEDDED_FLOOR_PER_SECOND,
    },
  ];
}

function speed(ticks: number, milliseconds: readonly number[]): string {
  const fastest = Math.min(...milliseconds);
  return `${Math.round((ticks / fastest) * 1_000).toLocaleString("en")} ticks/s at best`;
}

function tradedTicks(count: number): Tick[] {
  const day = new TradedDay({ symbolCount: SYMBOLS, seed: 1 });
  return Array.from({ length: count }, (_, i) => day.trade(START_MS + i * STEP_MS));
}

function encoded(ticks: readonly Tick[]): Uint8Array[] {
  const tuples = new TickTuples();
  const chunks: Uint8Array[] = [];
  ticks.forEach((tick, i) => {
    tuples.append(tick, false);
    if ((i + 1) % 2_000 === 0) chunks.push(tuples.take().slice());
  });
  chunks.push(tuples.take().slice());
  return chunks;
}

/** From the first tick until every one is stored, in candles too, and published. */
async function ingest(database: Database, ticks: readonly Tick[], folder: string): Promise<number> {
  const logger = pino({ level: "silent" });
  const bus = new MemoryMarketBus({ logger });
  let published = 0;
  bus.subscribe(({ events }) => {
    published += events.length;
  });
  let ended!: () => void;
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const feed: MarketFeed = {
    name: "dnse",
    dataset: "market",
    clock: { nowMs: () => START_MS, isDetached: false },
    symbols: [],
    history: undefined,
    reconnect: () => {},
    async *events() {
      for (let at = 0; at < ticks.length; at += FEED_BATCH) yield ticks.slice(at, at + FEED_BATCH);
      ended();
    },
  };
  const spoolFolder = mkdtempSync(join(folder, "spool-"));
  const ingester = createIngester({ feed, database, bus, calendar: factsCalendar(), spoolFolder, logger });
  const startedAtMs = performance.now();
  await ingester.start();
  await end;
  await ingester.stop();
  const tookMs = performance.now() - startedAtMs;
  const { stored } = ingester.status().counts;
  if (stored !== ticks.length || published !== ticks.length)
    throw new Error(`${stored} stored, ${published} published`);
  return tookMs;
}

async function emptyStore(database: Database): Promise<void> {
  await database.execute(
    `TRUNCATE market_ticks, market_candles_intraday, import_batches, feed_day_counts, feed_gaps, feed_states,
              spool_positions, incidents, rollup_dirty_windows`,
  );
}
