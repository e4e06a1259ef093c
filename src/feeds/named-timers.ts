import type { Schedule } from "./schedule.js";

/** Tasks that run later, at most one under each name. */
export class NamedTimers {
  readonly #schedule: Schedule;
  readonly #cancels = new Map<string, () => void>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Takes back the task of that name, if there is one, and runs this one after `delayMs`. */
  set(name: string, delayMs: number, task: () => void): void {
    this.#cancels.get(name)?.();
    this.#cancels.set(name, this.#schedule(task, delayMs));
  }

  clear(name: string): void {
    this.#cancels.get(name)?.();
    this.#cancels.delete(name);
  }

  clearAll(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
