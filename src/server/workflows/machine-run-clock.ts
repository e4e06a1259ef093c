import { setImmediate, setTimeout } from "node:timers/promises";
import type { RunClock } from "../../engine/workflow/execution/run-clock.js";

/** The machine's clock, and timers that do not follow it when it jumps. */
export const MACHINE_RUN_CLOCK: RunClock = {
  nowMs: Date.now,
  sleep: (ms, signal) => (ms <= 0 ? setImmediate(undefined, { signal }) : setTimeout(ms, undefined, { signal })),
};
