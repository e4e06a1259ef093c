import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Tick } from "../src/engine/live-market/market-event.js";
import { seededRandom } from "../src/engine/statistics/seeded-random.js";
import { openTemporarySchema } from "./harness/temporary-schema.js";
import { type IngesterProcess, startIngesterProcess } from "./support/ingester-process.js";
import { memoryOverLife, SAMPLE_EVERY_MS } from "./support/memory-over-life.js";
import { StandInExchange } from "./support/stand-in-exchange.js";
import { compareDay } from "./support/stored-day.js";
import { TcpProxy } from "./support/tcp-proxy.js";
import { TradedDay } from "./support/traded-day.js";

/*
 * npm run soak -- --minutes 30: trades at a steady rate through an ingester in a process of its own into PostgreSQL,
 * with a fault every minute (in short runs, each kind once). In the end what is stored is compared with what was
 * traded. Exit code 1 when a trade was lost, stored twice or changed, or when memory grew. `memory` says so for every
 * life of the ingester, from one kill to the next; lives of less than 80 seconds are too short to judge.
 */

const FAULTS = ["database cut", "feed mute", "duplicates", "reordering", "volume gaps", "kill -9"] as const;
type Fault = (typeof FAULTS)[number];

const MS_PER_MINUTE = 60_000;
const STEP_MS = 50;
const SYMBOLS = 50;
const SEED = 7;
/** Ten in the morning of a trading day: market time when the soak begins. */
const START_MS = Date.parse("2026-11-20T03:00:00Z");
/** How long a disturbance lasts, at most. */
const LONGEST_FAULT_MS = 8_000;
const SETTLING_MS = 120_000;

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "30" }, rate: { type: "string", default: "2000" } },
});
const minutes = Number(values.minutes);
const rate = Number(values.rate);
if (!(minutes > 0 && minutes <= 240) || !(rate > 0 && rate <= 20_000)) {
  console.error("usage: npm run soak -- [--minutes <up to 240>] [--rate <ticks/s, up to 20000>]");
  process.exit(2);
}
process.exitCode = (await soak()) ? 0 : 1;

async function soak(): Promise<boolean> {
  const schema = await openTemporarySchema(
    process.env.TEST_DATABASE_URL ?? "postgresql://postgres@127.0.0.1:5432/test",
  );
  const folder = mkdtempSync(join(tmpdir(), "quantflow-soak-"));
  const server = new URL(schema.url);
  const proxy = await TcpProxy.open({ host: server.hostname, port: Number(server.port || 5432) });
  server.hostname = "127.0.0.1";
  server.port = String(proxy.port);
  const day = new TradedDay({ symbolCount: SYMBOLS, seed: SEED });
  const exchange = await StandInExchange.open(({ symbol, cumulativeVolumeBefore, toMs }) =>
    day.since(symbol, cumulativeVolumeBefore, toMs),
  );
  const clockOffsetMs = START_MS - Date.now();
  const start = () =>
    startIngesterProcess({ databaseUrl: server.href, spoolFolder: folder, exchangePort: exchange.port, clockOffsetMs });
  let ingester: IngesterProcess | undefined;
  try {
    ingester = await start();
    const lives: number[][] = [[]];
    const stopSampling = new AbortController();
    const sampling = (async () => {
      while (!stopSampling.signal.aborted) {
        await delay(SAMPLE_EVERY_MS, undefined, { signal: stopSampling.signal }).catch(() => {});
        const memory = ingester?.memoryMb();
        if (memory !== undefined) lives.at(-1)!.push(memory);
      }
    })();

    const disturbance = { duplicates: false, reordering: false, "volume gaps": false };
    const random = seededRandom(SEED + 1);
    const endsAt = performance.now() + minutes * MS_PER_MINUTE;
    const faulting = disturb(endsAt, async (fault, forMs) => {
      console.error(`${new Date().toISOString()} ${fault}, ${day.count.toLocaleString("en")} trades so far`);
      switch (fault) {
        case "database cut":
          proxy.cut();
          await delay(forMs);
          proxy.restore();
          return;
        case "feed mute":
          exchange.isMute = true;
          await delay(forMs);
          exchange.isMute = false;
          return;
        case "kill -9":
          await ingester?.kill();
          lives.push([]);
          ingester = await start();
          return;
        default:
          disturbance[fault] = true;
          await delay(forMs / 4);
          disturbance[fault] = false;
      }
    });

    let made = 0;
    const beganAt = performance.now();
    while (performance.now() < endsAt) {
      const due = Math.floor(((performance.now() - beganAt) / 1_000) * rate);
      const nowMs = Date.now() + clockOffsetMs;
      const trades: Tick[] = [];
      for (; made < due; made++) trades.push(day.trade(nowMs));
      await exchange.send(disturbed(trades, disturbance, random));
      await delay(STEP_MS);
    }
    await faulting;
    // The last trade of each symbol shows what is missing before it: it comes until it has arrived.
    await delay(1_000);
    const last = day.symbols.map((_, number) => day.trade(Date.now() + clockOffsetMs, number));
    let difference = await compareDay(schema.database, day.symbols, (symbol) => day.of(symbol));
    for (const givesUpAt = performance.now() + SETTLING_MS; performance.now() < givesUpAt; ) {
      await exchange.send(last);
      await delay(3_000);
      difference = await compareDay(schema.database, day.symbols, (symbol) => day.of(symbol));
      if (Object.values(difference).every((count) => count === 0)) break;
    }
    stopSampling.abort();
    await sampling;
    const memory = lives.map(memoryOverLife);
    console.log(
      JSON.stringify({
        minutes,
        trades: day.count,
        perSecond: Math.round(made / (minutes * 60)),
        ...difference,
        memoryMb: lives.map((samples) => Math.round(samples.at(-1) ?? 0)),
        memory,
      }),
    );
    return Object.values(difference).every((count) => count === 0) && !memory.includes("grew");
  } finally {
    await ingester?.kill();
    await exchange.close();
    await proxy.close();
    await schema.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes faults in turns until the end is near: one a minute, or each once in a shorter run. */
async function disturb(endsAt: number, make: (fault: Fault, forMs: number) => Promise<void>): Promise<void> {
  const everyMs = Math.min(MS_PER_MINUTE, (minutes * MS_PER_MINUTE) / (FAULTS.length + 1));
  const forMs = Math.min(LONGEST_FAULT_MS, everyMs / 2);
  let next = performance.now() + everyMs;
  for (let turn = 0; next + forMs < endsAt; turn++, next += everyMs) {
    await delay(Math.max(0, next - performance.now()));
    await make(FAULTS[turn % FAULTS.length]!, forMs);
  }
}

/** What a bad line makes of a batch: some trades twice, in another order, or not at all. */
function disturbed(
  trades: readonly Tick[],
  disturbance: { duplicates: boolean; reordering: boolean; "volume gaps": boolean },
  random: () => number,
): Tick[] {
  let sent = [...trades];
  if (disturbance["volume gaps"]) sent = sent.filter(() => random() > 0.02);
  if (disturbance.duplicates) sent = sent.flatMap((trade) => (random() < 0.1 ? [trade, trade] : [trade]));
  if (disturbance.reordering) {
    for (let at = 0; at + 1 < sent.length; at += 2) {
      if (random() < 0.2) [sent[at], sent[at + 1]] = [sent[at + 1]!, sent[at]!];
    }
  }
  return sent;
}
