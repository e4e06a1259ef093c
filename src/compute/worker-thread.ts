// Runs in worker threads, bundled by worker-bundle.ts.
import { parentPort } from "node:worker_threads";
import { compactCopy } from "./compact-copy.js";
import { TASKS } from "./tasks.js";
import { messageOfError, type TaskMessage } from "./worker-message.js";

parentPort?.on("message", async ({ kind, input }: TaskMessage) => {
  const task = TASKS[kind] as (input: unknown) => unknown;
  try {
    const { copy, buffers } = compactCopy(await task(input));
    parentPort?.postMessage({ kind: "done", output: copy }, buffers);
  } catch (error) {
    parentPort?.postMessage(messageOfError(error));
  }
});
