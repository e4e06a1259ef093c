import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { WorkbenchError } from "../engine/errors.js";
import { compactCopy } from "./compact-copy.js";
import type { TaskInput, TaskKind, TaskOutput } from "./tasks.js";
import { workerBundle } from "./worker-bundle.js";
import { type AnswerMessage, errorOfMessage } from "./worker-message.js";

export interface WorkerPool {
  readonly workers: number;
  /**
   * Runs a task in the next free worker. The input must not change before the answer is there. An abort ends the
   * worker; another takes its place.
   * @throws CANCELLED, WORKERS_BUSY, INTERNAL when the worker fails, and what the task throws
   */
  run<Kind extends TaskKind>(kind: Kind, input: TaskInput<Kind>, signal?: AbortSignal): Promise<TaskOutput<Kind>>;
  /**
   * Runs a task on many inputs; outputs come in their order. An input is taken when a worker is about to be free, so
   * inputs that are made on the way are never all in memory. The first failure ends it. @throws as `run`
   */
  runAll<Kind extends TaskKind>(
    kind: Kind,
    inputs: Iterable<TaskInput<Kind>>,
    signal?: AbortSignal,
  ): Promise<TaskOutput<Kind>[]>;
  /** Ends all workers; what is under way fails with CANCELLED. */
  close(): Promise<void>;
}

export interface WorkerPoolOptions {
  /** One less than the cores by default, so that the calling thread has its own. */
  readonly workers?: number | undefined;
  /** Most tasks that wait for a worker. */
  readonly queueLimit?: number | undefined;
}

const DEFAULT_QUEUE_LIMIT = 4_096;

interface Job {
  readonly kind: TaskKind;
  readonly input: unknown;
  readonly succeed: (output: unknown) => void;
  readonly fail: (error: WorkbenchError) => void;
}

/** Starts no worker yet: each starts with the first task that finds all others busy, and stays. @throws ARGUMENT_INVALID */
export async function openWorkerPool(options: WorkerPoolOptions = {}): Promise<WorkerPool> {
  const workers = options.workers ?? Math.max(1, availableParallelism() - 1);
  const queueLimit = options.queueLimit ?? DEFAULT_QUEUE_LIMIT;
  requireCount("workers", workers);
  requireCount("queueLimit", queueLimit);
  const program = await workerBundle();
  const waiting: Job[] = [];
  const running = new Map<Worker, Job>();
  const idle: Worker[] = [];
  let isClosed = false;

  const pool: WorkerPool = {
    workers,
    run(kind, input, signal) {
      return new Promise((resolve, reject) => {
        if (isClosed) return reject(cancelled(kind, "the pool is closed"));
        if (signal?.aborted) return reject(cancelled(kind, signal.reason));
        const isFree = running.size < workers;
        if (!isFree && waiting.length >= queueLimit) return reject(busy(queueLimit));
        const onAbort = () => abandon(job, signal?.reason);
        const job: Job = {
          kind,
          input,
          succeed: (output) => {
            signal?.removeEventListener("abort", onAbort);
            resolve(output as TaskOutput<typeof kind>);
          },
          fail: (error) => {
            signal?.removeEventListener("abort", onAbort);
            reject(error);
          },
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        waiting.push(job);
        startNext();
      });
    },
    async runAll(kind, inputs, signal) {
      const failure = new AbortController();
      const either = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
      const outputs: TaskOutput<typeof kind>[] = [];
      const iterator = inputs[Symbol.iterator]();
      let count = 0;
      const takeTurns = async () => {
        for (let next = iterator.next(); !next.done; next = iterator.next()) {
          const index = count++;
          outputs[index] = await pool.run(kind, next.value, either);
        }
      };
      // One more than there are workers: it waits with its input ready.
      const turns = Array.from({ length: workers + 1 }, takeTurns);
      try {
        await Promise.all(turns);
      } catch (error) {
        failure.abort();
        await Promise.allSettled(turns);
        throw error;
      } finally {
        iterator.return?.();
      }
      return outputs;
    },
    async close() {
      isClosed = true;
      const all = [...idle.splice(0), ...running.keys()];
      for (const job of [...waiting.splice(0), ...running.values()])
        job.fail(cancelled(job.kind, "the pool was closed"));
      running.clear();
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
  return pool;

  function startNext(): void {
    while (waiting.length > 0 && running.size < workers) {
      const job = waiting.shift()!;
      const worker = idle.pop() ?? startWorker();
      running.set(worker, job);
      worker.ref();
      const { copy, buffers } = compactCopy({ kind: job.kind, input: job.input });
      worker.postMessage(copy, buffers);
    }
  }

  function startWorker(): Worker {
    const worker = new Worker(program, { eval: true, workerData: { resolveFrom: import.meta.url } });
    worker.on("message", (answer: AnswerMessage) => takeAnswer(worker, answer));
    worker.on("error", (error) => takeAnswer(worker, { kind: "broke", reason: String(error) }));
    worker.on("exit", (code) => takeAnswer(worker, { kind: "broke", reason: `it ended with exit code ${code}` }));
    return worker;
  }

  function takeAnswer(worker: Worker, answer: AnswerMessage): void {
    const job = running.get(worker);
    running.delete(worker);
    if (answer.kind === "broke") {
      discard(worker);
    } else if (job) {
      worker.unref();
      idle.push(worker);
    }
    if (job && answer.kind === "done") job.succeed(answer.output);
    else if (job && answer.kind !== "done") job.fail(errorOfMessage(answer, job.kind));
    startNext();
  }

  function abandon(job: Job, reason: unknown): void {
    const place = waiting.indexOf(job);
    if (place >= 0) waiting.splice(place, 1);
    for (const [worker, itsJob] of running) {
      if (itsJob !== job) continue;
      running.delete(worker);
      discard(worker);
    }
    job.fail(cancelled(job.kind, reason));
    startNext();
  }

  function discard(worker: Worker): void {
    const place = idle.indexOf(worker);
    if (place >= 0) idle.splice(place, 1);
    worker.removeAllListeners();
    // A worker that was told to end may still fail on the way.
    worker.on("error", () => undefined);
    void worker.terminate();
  }
}

function requireCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new WorkbenchError("ARGUMENT_INVALID", `invalid ${name}: ${count} (accepted: an integer of at least 1)`, {
    details: { name, count },
  });
}

function cancelled(kind: TaskKind, reason: unknown): WorkbenchError {
  const because = reason instanceof Error ? reason.message : String(reason);
  return new WorkbenchError("CANCELLED", `${kind} was cancelled: ${because}`, { cause: reason, details: { kind } });
}

function busy(queueLimit: number): WorkbenchError {
  return new WorkbenchError("WORKERS_BUSY", `${queueLimit} tasks wait already (accepted: no more than that)`, {
    details: { queueLimit },
  });
}
