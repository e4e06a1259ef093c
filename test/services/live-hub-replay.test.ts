import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tick } from "../../src/engine/live-market/market-event.js";
import { storedReplaySource, storedTape } from "../../src/server/live/replay-session.js";
import { migrate } from "../../src/store/migrate.js";
import { ensureWeeklyPartitions } from "../../src/store/partitions.js";
import { copyTicks, TickTuples } from "../../src/store/tick-writer.js";
import { SESSION_MS, startTestHub, tick } from "../server/live/hub-support.js";
import { databasesUnderTest, type TestDatabase } from "../store/databases.js";

const stored: readonly Tick[] = Array.from({ length: 200 }, (_, i) =>
  tick(i % 2 === 0 ? "FPT" : "HPG", Math.floor(i / 2) + 1, { eventTimeMs: SESSION_MS + i * 10 }),
);

for (const { name, unavailable, open } of await databasesUnderTest()) {
  describe.skipIf(unavailable)(`replays of stored trades on ${name}${unavailable ? ` (${unavailable})` : ""}`, () => {
    let test: TestDatabase;

    beforeAll(async () => {
      test = await open();
      await migrate(test.database);
      await ensureWeeklyPartitions(test.database, "market_ticks", new Float64Array([SESSION_MS]));
      const tuples = new TickTuples();
      for (const one of stored) tuples.append(one, false);
      await test.database.transaction((session) => copyTicks(session, [tuples.take()]));
    });
    afterAll(() => test?.dispose());

    it("plays exactly the trades from an instant on, after the state just before it", async () => {
      const hub = await startTestHub({ replay: storedReplaySource(test.database) });
      const client = await hub.connect();
      await client.subscribe(["market:ticks", "market:heatmap"]);
      const fromMs = SESSION_MS + 1_000;
      await client.ask({ type: "replay", fromMs, speed: 100 });
      await client.said("replay", ({ state }) => state === "ended");
      const state = client.frames.find(({ epoch, isSnapshot }) => epoch.startsWith("replay-") && isSnapshot)!;
      expect(state.rows.map(({ symbol, cumulative_volume: volume }) => [symbol, volume])).toEqual([
        ["FPT", 5_000],
        ["HPG", 5_000],
      ]);
      const numbers = Array.from({ length: 50 }, (_, i) => i + 51);
      expect(client.trades("FPT")).toEqual(numbers);
      expect(client.trades("HPG")).toEqual(numbers);
      expect(client.rows("ticks")[0]).toMatchObject({ event_time: fromMs });
      expect(client.rows("quotes").at(-1)).toMatchObject({ cumulative_volume: 10_000 });
      await hub.close();
    });

    it("says which instants there are when there is nothing to replay", async () => {
      const hub = await startTestHub({ replay: storedReplaySource(test.database) });
      const client = await hub.connect();
      expect(await client.ask({ type: "replay", fromMs: SESSION_MS - 30 * 86_400_000 })).toMatchObject({
        type: "error",
        code: "RANGE_INVALID",
        details: { accepted: `instants with trades between ${SESSION_MS} and ${SESSION_MS + 1_990}` },
      });
      await hub.close();
    });

    it("shows the state after the last trade, and ends at once", async () => {
      const hub = await startTestHub({ replay: storedReplaySource(test.database) });
      const client = await hub.connect();
      await client.subscribe(["market:heatmap"]);
      await client.ask({ type: "replay", fromMs: SESSION_MS + 60_000 });
      await client.said("replay", ({ state }) => state === "ended");
      expect(client.rows("quotes").map(({ cumulative_volume: volume }) => volume)).toEqual([10_000, 10_000]);
      await hub.close();
    });

    it("are a tape for a feed", async () => {
      const tape = storedTape(test.database, "market");
      expect(await tape.range()).toEqual({ fromMs: SESSION_MS, toMs: SESSION_MS + 1_990 });
      const batches = await Array.fromAsync(tape.open(Number.NEGATIVE_INFINITY));
      expect(batches.flat()).toEqual(stored);
      await expect(storedTape(test.database, "simulated").range()).rejects.toMatchObject({ code: "RANGE_INVALID" });
    });
  });
}
