import { WorkbenchError } from "../../engine/errors.js";
import type { BoostingByLag } from "../../engine/lead-lag/boosting-by-lag.js";
import type { StudyAnswer, StudyMessage } from "./study-messages.js";
import type { StudyQuestion, TestedPair } from "./study-question.js";

export interface StudyListener {
  readonly signal?: AbortSignal | undefined;
  readonly onTested?: (tested: TestedPair, tookMs: number) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface FinishedStudy extends TestedPair {
  readonly boosting: BoostingByLag | undefined;
  readonly tookMs: number;
}

interface Waiting extends StudyListener {
  tested?: TestedPair;
  resolve(finished: FinishedStudy): void;
  reject(error: Error): void;
}

/** Studies pairs in a worker of the page, which answers the reader meanwhile. Needs no server. */
export class StudyRunner {
  readonly #start: () => Worker;
  #worker: Worker | undefined;
  #count = 0;
  readonly #waiting = new Map<number, Waiting>();

  constructor(start: () => Worker = startStudyWorker) {
    this.#start = start;
  }

  /** Tests the pair, then trains. Rejects with what the engine throws; `CANCELLED` after an abort. */
  study(question: StudyQuestion, listener: StudyListener = {}): Promise<FinishedStudy> {
    const number = this.#count++;
    const { signal } = listener;
    const cancel = () => {
      this.#say({ kind: "cancel", number });
      this.#settle(number)?.reject(cancelled());
    };
    return new Promise<FinishedStudy>((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled());
      this.#waiting.set(number, { ...listener, resolve, reject });
      this.#say({ kind: "ask", number, question });
      signal?.addEventListener("abort", cancel, { once: true });
    }).finally(() => signal?.removeEventListener("abort", cancel));
  }

  #say(message: StudyMessage): void {
    this.#running().postMessage(message);
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#start();
    worker.addEventListener("message", ({ data }: MessageEvent<StudyAnswer>) => this.#hear(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#worker = undefined;
      for (const number of [...this.#waiting.keys()]) {
        this.#settle(number)?.reject(new WorkbenchError("INTERNAL", `the study failed: ${event.message}`));
      }
    });
    this.#worker = worker;
    return worker;
  }

  #hear(answer: StudyAnswer): void {
    const { number } = answer;
    const waiting = this.#waiting.get(number);
    switch (answer.kind) {
      case "tested":
        if (waiting) waiting.tested = answer.tested;
        waiting?.onTested?.(answer.tested, answer.tookMs);
        break;
      case "progress":
        waiting?.onProgress?.(answer.done, answer.total);
        break;
      case "finished":
        if (waiting?.tested) this.#settle(number)?.resolve({ ...waiting.tested, ...answer });
        break;
      case "refused":
        this.#settle(number)?.reject(new WorkbenchError(answer.code, answer.message));
    }
  }

  #settle(number: number): Waiting | undefined {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    return waiting;
  }
}

function cancelled(): WorkbenchError {
  return new WorkbenchError("CANCELLED", "the study was cancelled");
}

function startStudyWorker(): Worker {
  return new Worker(import.meta.resolve("./study-worker.js"), { type: "module" });
}
