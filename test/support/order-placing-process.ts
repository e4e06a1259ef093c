// Run by fork: places as many orders as it is told, keys 0 to n - 1, at the same time as another one of its kind.
import { epochMs } from "../../src/engine/units/epoch-ms.js";
import type { IdempotencyKey } from "../../src/engine/workflow/workflow-ids.js";
import { RecordingBroker } from "../../src/server/broker/recording-broker.js";
import { storedPaperMarket } from "../../src/server/broker/stored-paper-market.js";
import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";

const database = await openPostgresDatabase(process.argv[2]!);
const broker = new RecordingBroker({
  database,
  market: (session, dataset) => storedPaperMarket(session, dataset),
  startingCash: 0,
  nowMs: Date.now,
});
const order = {
  symbol: "FPT",
  side: "buy",
  quantity: 100,
  kind: { kind: "market" },
  riskProfile: "default",
  reason: "",
  requestedAtMs: epochMs(Date.parse("2026-03-03T03:00:00Z")),
} as const;

process.on("message", async (keys: number) => {
  const place = (_: unknown, n: number) =>
    broker.place(order, `both:${n}` as IdempotencyKey, new AbortController().signal);
  process.send!(await Promise.all(Array.from({ length: keys }, place)));
});
process.send!("ready");
