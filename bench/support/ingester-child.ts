import { writeSync } from "node:fs";
import { pino } from "pino";
import { factsCalendar } from "../../src/engine/live-market/session-schedule.js";
import { createIngester } from "../../src/ingestion/ingester.js";
import { MemoryMarketBus } from "../../src/shared-state/memory-market-bus.js";
import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";
import { lineFeed } from "./line-feed.js";

/*
 * An ingester in a process of its own, to be killed: node … ingester-child.ts <json>. It writes "ready", then a line for
 * each message with trades that it published: how many were kept so far, and the event time of the last one. SIGTERM
 * stops it in order.
 */

export interface IngesterChildOptions {
  readonly databaseUrl: string;
  readonly spoolFolder: string;
  readonly exchangePort: number;
  /** Market time less the machine's. */
  readonly clockOffsetMs: number;
}

const options = JSON.parse(process.argv[2]!) as IngesterChildOptions;
const logger = pino({ level: process.env.QUANTFLOW_LOG_LEVEL ?? "silent" }, pino.destination({ dest: 2, sync: true }));
const bus = new MemoryMarketBus({ logger });
const database = await openPostgresDatabase(options.databaseUrl);
let kept = 0;
bus.subscribe(({ events }) => {
  const trades = events.filter((event) => event.kind === "tick");
  if (trades.length === 0) return;
  kept += trades.length;
  writeSync(1, `kept ${kept} ${trades.at(-1)!.eventTimeMs}\n`);
});
const ingester = createIngester({
  feed: lineFeed({ port: options.exchangePort, nowMs: () => Date.now() + options.clockOffsetMs }),
  database,
  bus,
  calendar: factsCalendar(),
  spoolFolder: options.spoolFolder,
  logger,
});
await ingester.start();
writeSync(1, "ready\n");
process.once("SIGTERM", async () => {
  await ingester.stop();
  await database.close();
  process.exit(0);
});
