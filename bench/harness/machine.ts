import { createHash } from "node:crypto";
import { availableParallelism, cpus, loadavg } from "node:os";
import { median, spread } from "./samples.js";

export interface MachineState {
  readonly cores: number;
  readonly processor: string;
  readonly node: string;
  /** Processes that want to run, averaged over the last minute. */
  readonly load: number;
  /** Median time of a fixed piece of work for one core. */
  readonly probeMs: number;
  /** (slowest − fastest) / median of the same piece of work: what a difference must exceed to mean anything. */
  readonly noise: number;
}

const PROBES = 15;
const PROBE_BYTES = new Uint8Array(16 << 20);

/** How fast and how quiet the machine is at this moment. */
export function observeMachine(): MachineState {
  const probes = Array.from({ length: PROBES }, () => {
    const startedAtMs = performance.now();
    createHash("sha256").update(PROBE_BYTES).digest();
    return performance.now() - startedAtMs;
  });
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    node: process.versions.node,
    load: loadavg()[0]!,
    probeMs: median(probes),
    noise: spread(probes),
  };
}
