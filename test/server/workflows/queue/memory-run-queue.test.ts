import { pino } from "pino";
import { MemoryRunQueue } from "../../../../src/server/workflows/queue/memory-run-queue.js";
import type { QueuedRun } from "../../../../src/server/workflows/run-queue.js";
import { runQueueSuite } from "../../../port-suites/run-queue-suite.js";

runQueueSuite("MemoryRunQueue", async (timing) => {
  const dead: { run: QueuedRun; message: string }[] = [];
  const queue = new MemoryRunQueue({
    logger: pino({ level: "silent" }),
    onDead: async (run, message) => void dead.push({ run, message }),
    timing,
  });
  return { queue, dead, dispose: () => queue.close() };
});
