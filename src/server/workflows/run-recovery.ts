import type { Logger } from "pino";
import type { RunLauncher } from "./run-launcher.js";

/** How often runs are looked for that nobody works on, in ms. */
const EVERY_MS = 5_000;
const MOST_RUNS = 500;

/**
 * Queues again what the queue does not know of: runs whose creator was killed before it queued them, and those whose
 * worker was killed before it passed the turn on.
 */
export class RunRecovery {
  readonly #launcher: RunLauncher;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void>;
  #isStopped = false;

  constructor(launcher: RunLauncher, logger: Logger) {
    this.#launcher = launcher;
    this.#logger = logger;
    this.#looking = this.#look();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      await this.#launcher.queueFree(MOST_RUNS);
    } catch (error) {
      this.#logger.warn({ err: error }, "runs that nobody works on were not looked for");
    }
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look();
    }, EVERY_MS);
  }
}
