import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Instrument } from "../../src/engine/market-data/instrument.js";
import { epochMs } from "../../src/engine/units/epoch-ms.js";
import type { IdempotencyKey } from "../../src/engine/workflow/workflow-ids.js";
import { RecordingBroker } from "../../src/server/broker/recording-broker.js";
import { storedPaperMarket } from "../../src/server/broker/stored-paper-market.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/migrate.js";
import { upsertInstruments } from "../../src/store/queries/instrument-queries.js";
import { listPaperOrders } from "../../src/store/queries/paper-orders.js";
import {
  BROKER_CASH,
  BROKER_CLOSES,
  BROKER_INSTRUMENTS,
  BROKER_NOW,
  brokerSuite,
} from "../port-suites/broker-suite.js";
import { databasesUnderTest, type TestDatabase } from "./databases.js";

const never = new AbortController().signal;

async function storeMarket(database: Database, instruments: readonly Instrument[]): Promise<void> {
  await migrate(database);
  await upsertInstruments(database, instruments, { dataset: "market", described: true });
  for (const { symbol, date, close } of BROKER_CLOSES) {
    await database.query(
      `INSERT INTO market_candles_daily (symbol, simulated, trading_date, close, batch_id) VALUES ($1, false, $2, $3, 1)`,
      [symbol, date, close],
    );
  }
}

function brokerOver(database: Database, nowMs = () => BROKER_NOW as number): RecordingBroker {
  return new RecordingBroker({
    database,
    market: (session, dataset) => storedPaperMarket(session, dataset),
    startingCash: BROKER_CASH,
    nowMs,
  });
}

for (const under of await databasesUnderTest()) {
  const name = `${under.name}${under.unavailable ? ` (${under.unavailable})` : ""}`;
  describe.skipIf(under.unavailable)(`over the store: ${name}`, () => {
    let test: TestDatabase;
    let database: Database;
    beforeAll(async () => {
      test = await under.open();
      database = test.database;
      await storeMarket(database, BROKER_INSTRUMENTS);
    });
    afterAll(() => test?.dispose());

    brokerSuite("recording", async () => ({
      broker: brokerOver(database),
      dispose: async () => {
        await database.execute("DELETE FROM paper_orders; DELETE FROM paper_requests");
      },
    }));

    it("lists orders with what was asked and what became of them, latest first", async () => {
      const broker = brokerOver(database);
      const order = {
        symbol: "FPT",
        side: "buy",
        quantity: 100,
        riskProfile: "default",
        reason: "test",
        requestedAtMs: BROKER_NOW,
      } as const;
      await broker.place({ ...order, kind: { kind: "market" } }, "list:1" as IdempotencyKey, never);
      const open = { ...order, kind: { kind: "limit", limitPrice: 80_000 } } as const;
      await broker.place(open, "list:2" as IdempotencyKey, never);
      const [second, first] = await listPaperOrders(database, { limit: 10 });
      expect(second).toMatchObject({ dataset: "market", request: open, report: { state: "accepted" } });
      expect(first).toMatchObject({
        report: { fillPrice: 86_000 },
        priceKnownAtMs: Date.parse("2026-03-03T07:45:00Z"),
      });
      const numbers = async (selection: Partial<Parameters<typeof listPaperOrders>[1]>) =>
        (await listPaperOrders(database, { limit: 10, ...selection })).map(({ number }) => number);
      expect(await numbers({ before: second!.number })).toEqual([first!.number]);
      expect(await numbers({ state: "accepted" })).toEqual([second!.number]);
      expect(await numbers({ symbol: "HPG" })).toEqual([]);
      await database.execute("DELETE FROM paper_orders; DELETE FROM paper_requests");
    });

    it("fills an open limit order once a later price reaches it, and not at an earlier one", async () => {
      let nowMs: number = BROKER_NOW;
      const broker = brokerOver(database, () => nowMs);
      const requestedAtMs = epochMs(Date.parse("2026-03-03T03:00:00Z"));
      const order = {
        symbol: "FPT",
        side: "sell",
        quantity: 100,
        riskProfile: "default",
        reason: "",
        requestedAtMs,
      } as const;
      const { orderId } = await broker.place(
        { ...order, kind: { kind: "limit", limitPrice: 86_000 } },
        "reach:1" as IdempotencyKey,
        never,
      );
      nowMs = requestedAtMs;
      expect(await broker.fillReached()).toBe(0);
      nowMs = BROKER_NOW;
      expect(await broker.fillReached()).toBe(1);
      expect(await broker.fillReached()).toBe(0);
      expect(await listPaperOrders(database, { limit: 1 })).toMatchObject([
        { report: { orderId, state: "filled", fillPrice: 86_000, filledQuantity: 100, atMs: BROKER_NOW } },
      ]);
    });
  });
}
