import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type IngesterProcess, startIngesterProcess } from "../../bench/support/ingester-process.js";
import { StandInExchange } from "../../bench/support/stand-in-exchange.js";
import { compareDay } from "../../bench/support/stored-day.js";
import { TradedDay } from "../../bench/support/traded-day.js";
import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";
import { migrate } from "../../src/store/migrate.js";
import { createTemporarySchema, postgresUnavailable } from "../support/postgres-schema.js";
import { SESSION_MS, until } from "../support/scripted-feed.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const ROUNDS = 20;
const RESENT_TICKS = 50;
const BATCH = 400;
const LAST_BATCHES = 40;

describe.skipIf(await postgresUnavailable())("kill -9 of the ingester in a batch", () => {
  it("loses no tick that reached the spool and stores none twice, in 20 rounds", { timeout: 600_000 }, async () => {
    const schema = await createTemporarySchema();
    const database = await openPostgresDatabase(schema.url);
    await migrate(database);
    const day = new TradedDay({ symbolCount: 20, seed: 1 });
    // One trade a millisecond: its event time is its number. No history: what the stream lost stays lost.
    const all = Array.from({ length: 300_000 }, (_, i) => day.trade(SESSION_MS + i));
    const exchange = await StandInExchange.open(() => []);
    const options = {
      databaseUrl: schema.url,
      spoolFolder: temporaryFolder(),
      exchangePort: exchange.port,
      clockOffsetMs: SESSION_MS - Date.now(),
    };
    let running: IngesterProcess | undefined;
    let keptUpTo = -1;
    let sentUpTo = 0;
    try {
      for (let round = 0; round <= ROUNDS; round++) {
        const ingester = await startIngesterProcess(options);
        running = ingester;
        await until(() => exchange.hasListener);
        // Some of what is kept comes again, and all that nobody said was kept.
        let next = Math.max(0, keptUpTo + 1 - RESENT_TICKS);
        const send = async () => {
          await exchange.send(all.slice(next, next + BATCH));
          next += BATCH;
        };
        const lastKept = () => (ingester.lastKeptMs === undefined ? keptUpTo : ingester.lastKeptMs - SESSION_MS);
        if (round < ROUNDS) {
          const killing = delay(100 + ((round * 137) % 400)).then(() => ingester.kill());
          let isKilled = false;
          void killing.then(() => {
            isKilled = true;
          });
          while (!isKilled && next < all.length - (LAST_BATCHES + 1) * BATCH) await send();
          await until(() => !exchange.hasListener);
          await killing;
        } else {
          // Beyond what the killed ones may have kept without saying so.
          for (let batch = 0; batch < LAST_BATCHES; batch++) await send();
          sentUpTo = next;
          await until(() => lastKept() >= sentUpTo - 1, { what: "the last tick" });
          await ingester.stop();
        }
        expect(lastKept()).toBeGreaterThanOrEqual(keptUpTo);
        keptUpTo = lastKept();
      }
      const sent = new Set(all.slice(0, sentUpTo));
      const madeOf = Map.groupBy(sent, ({ symbol }) => symbol);
      expect(sentUpTo).toBeGreaterThan(ROUNDS * BATCH);
      expect(await compareDay(database, day.symbols, (symbol) => madeOf.get(symbol) ?? [])).toEqual({
        lost: 0,
        double: 0,
        wrong: 0,
        wrongCandles: 0,
        miscounted: 0,
      });
    } finally {
      await running?.kill();
      await exchange.close();
      await database.close();
      await schema.drop();
    }
  });
});
