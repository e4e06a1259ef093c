import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { IngesterChildOptions } from "./ingester-child.js";

/** An ingester that runs in a process of its own. */
export interface IngesterProcess {
  /** Trades it said to have kept. */
  readonly kept: number;
  /** Event time of the last of them; `undefined` before the first. */
  readonly lastKeptMs: number | undefined;
  /** Resident memory, MB; `undefined` where the system does not tell. */
  memoryMb(): number | undefined;
  /** Ends it at once, whatever it is doing. */
  kill(): Promise<void>;
  /** Lets it store what it has and end. @throws when it ends otherwise */
  stop(): Promise<void>;
}

const LAST_COMPLAINTS = 4_000;

/** Resolves when the ingester listens. */
export async function startIngesterProcess(options: IngesterChildOptions): Promise<IngesterProcess> {
  const script = fileURLToPath(new URL("./ingester-child.ts", import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", script, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-LAST_COMPLAINTS);
  });
  const closed = once(child, "close");
  let kept = 0;
  let lastKeptMs: number | undefined;
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      if (line === "ready") resolve();
      else [kept, lastKeptMs] = line.slice("kept ".length).split(" ").map(Number) as [number, number];
    });
    void closed.then(([code, signal]) => reject(new Error(`the ingester ended: ${code ?? signal} ${complaints}`)));
  });
  return {
    get kept() {
      return kept;
    },
    get lastKeptMs() {
      return lastKeptMs;
    },
    memoryMb: () => {
      try {
        const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? [];
        return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
      } catch {
        return undefined;
      }
    },
    kill: async () => {
      child.kill("SIGKILL");
      await closed;
    },
    stop: async () => {
      child.kill("SIGTERM");
      const [code, signal] = await closed;
      if (code !== 0) throw new Error(`the ingester ended with ${code ?? signal} ${complaints}`);
    },
  };
}
