import { readFileSync } from "node:fs";

export interface ProcessMemory {
  /** Physical memory in use, in MB (10⁶ bytes). */
  readonly residentMb: number;
  /** The most it ever was. */
  readonly peakMb: number;
}

/** Memory of a running process as Linux counts it; `undefined` on other systems. */
export function processMemory(processId: number): ProcessMemory | undefined {
  if (process.platform !== "linux") return undefined;
  const status = readFileSync(`/proc/${processId}/status`, "utf8");
  const field = (name: string) => (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1_024) / 1e6;
  return { residentMb: field("VmRSS"), peakMb: field("VmHWM") };
}
