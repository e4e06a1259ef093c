import { Worker } from "node:worker_threads";
import { WorkbenchError } from "../../../../engine/errors.js";
import type { TableValue } from "../../../../engine/workflow/port-value.js";
import { cancelled, throwIfAborted } from "../throw-if-aborted.js";
import { sqlBundle } from "./sql-bundle.js";
import type { LoadedTable, SqlAnswer, SqlRequest } from "./sql-message.js";

export interface SqlDeskOptions {
  /** Longest time of one statement, ms. */
  readonly timeoutMs?: number;
  /** How long the thread stays when nobody asks, ms. */
  readonly idleMs?: number;
}

/** Loads those of the tables that there are whose names are among the words of a statement, in lower case. */
export type TableLoader = (words: ReadonlySet<string>) => Promise<readonly LoadedTable[]>;

const ACCEPTED = "accepted: one SELECT over candles, instruments and quotes";

/**
 * SQL over tables in memory, in a thread that has nothing else: no files, no network, no extensions. One statement at a
 * time, each in a database of its own. A statement that is aborted or takes too long ends with its thread.
 */
export class SqlDesk {
  readonly #timeoutMs: number;
  readonly #idleMs: number;
  #worker: Worker | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ timeoutMs = 60_000, idleMs = 60_000 }: SqlDeskOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#idleMs = idleMs;
  }

  /** @throws REQUEST_INVALID, REQUEST_TOO_LARGE, CANCELLED, INTERNAL when the thread fails */
  query(sql: string, load: TableLoader, signal: AbortSignal): Promise<TableValue> {
    const answer = this.#last.then(() => this.#query(sql, load, signal));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    await this.#end();
  }

  async #query(sql: string, load: TableLoader, signal: AbortSignal): Promise<TableValue> {
    throwIfAborted(signal);
    clearTimeout(this.#idleTimer);
    this.#worker ??= await startThread();
    const worker = this.#worker;
    worker.ref();
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const either = AbortSignal.any([signal, timeout]);
    try {
      return await ask(worker, { sql, tables: await load(wordsOf(sql)) }, either);
    } catch (error) {
      // Memory that WebAssembly took is given back with its thread alone.
      const isHarmless =
        error instanceof WorkbenchError && error.code === "REQUEST_INVALID" && !/memory/i.test(error.message);
      if (!isHarmless) await this.#end();
      if (timeout.aborted && !signal.aborted) throw tookTooLong(this.#timeoutMs);
      throw error;
    } finally {
      this.#worker?.unref();
      this.#idleTimer = setTimeout(() => void this.#end(), this.#idleMs).unref();
    }
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

async function startThread(): Promise<Worker> {
  const worker = new Worker(await sqlBundle(), { eval: true, workerData: { resolveFrom: import.meta.url } });
  // One that is told to end may still fail on the way.
  return worker.on("error", () => undefined);
}

/** Whatever may be the name of a table. */
function wordsOf(sql: string): ReadonlySet<string> {
  return new Set(sql.toLowerCase().match(/\w+/g));
}

function ask(worker: Worker, request: SqlRequest, signal: AbortSignal): Promise<TableValue> {
  const { promise, resolve, reject } = Promise.withResolvers<TableValue>();
  const onAnswer = (answer: SqlAnswer) => {
    if (answer.kind === "rows") resolve({ columns: answer.columns, rowCount: answer.rowCount });
    else reject(refusalOf(answer));
  };
  const onError = (cause: Error) => reject(broken(cause.message, cause));
  const onExit = (code: number) => reject(broken(`it ended with exit code ${code}`));
  const onAbort = () => reject(cancelled(signal));
  worker.on("message", onAnswer).on("error", onError).on("exit", onExit);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  else worker.postMessage(request);
  return promise.finally(() => {
    worker.off("message", onAnswer).off("error", onError).off("exit", onExit);
    signal.removeEventListener("abort", onAbort);
  });
}

function refusalOf(answer: Exclude<SqlAnswer, { kind: "rows" }>): WorkbenchError {
  if (answer.kind === "too-large") {
    return new WorkbenchError(
      "REQUEST_TOO_LARGE",
      `invalid sql: its answer has ${answer.problem} (accepted: a smaller one)`,
    );
  }
  return new WorkbenchError(
    "REQUEST_INVALID",
    `invalid sql: ${answer.problem.replaceAll(/\s+/g, " ").slice(0, 500)} (${ACCEPTED})`,
  );
}

function broken(problem: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError("INTERNAL", `the thread that runs SQL failed: ${problem}`, { cause });
}

function tookTooLong(timeoutMs: number): WorkbenchError {
  return new WorkbenchError("CANCELLED", `the statement was ended: it took longer than ${timeoutMs} ms`);
}
