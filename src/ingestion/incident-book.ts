import type { Logger } from "pino";
import type { Database } from "../store/database.js";
import { closeIncident, type IncidentSeverity, openIncident } from "../store/queries/feed-incidents.js";

export interface IncidentReport {
  readonly kind: string;
  readonly severity: IncidentSeverity;
  readonly subject: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

type Entry = { readonly what: "open" | "close"; readonly write: (database: Database) => Promise<void> };

/** Of one kind and subject, for a database that is away: the last ones count. */
const MOST_ENTRIES = 8;

/**
 * Opens and closes incidents in the database, each kind and subject in the order of the calls. What cannot be written
 * is kept, the latest of it, and written by a later `flush`.
 */
export class IncidentBook {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #nowMs: () => number;
  readonly #waiting = new Map<string, Entry[]>();
  #flushing: Promise<void> | undefined;
  #isAway = false;

  constructor({ database, logger, nowMs }: { database: Database; logger: Logger; nowMs: () => number }) {
    this.#database = database;
    this.#logger = logger;
    this.#nowMs = nowMs;
  }

  /** Does nothing while an incident of its kind and subject is open. */
  open({ details = {}, ...report }: IncidentReport): void {
    const incident = { ...report, details, openedAtMs: this.#nowMs() };
    const isNew = this.#add(report, { what: "open", write: (database) => openIncident(database, incident) });
    if (isNew) this.#logger.error({ kind: report.kind, subject: report.subject }, report.message);
  }

  /** Does nothing when none is open. */
  close(of: { kind: string; subject: string }, resolution: string): void {
    const closing = { closedAtMs: this.#nowMs(), resolution };
    this.#add(of, { what: "close", write: (database) => closeIncident(database, of, closing) });
  }

  /** Writes what waits, as far as the database takes it. */
  flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  #add({ kind, subject }: { kind: string; subject: string }, entry: Entry): boolean {
    const key = `${kind} ${subject}`;
    const entries = this.#waiting.get(key) ?? [];
    if (entries.at(-1)?.what === entry.what) return false;
    entries.push(entry);
    // An opening with its closing goes: what is left still ends in the present state.
    if (entries.length > MOST_ENTRIES) entries.splice(0, 2);
    this.#waiting.set(key, entries);
    void this.flush();
    return true;
  }

  async #write(): Promise<void> {
    try {
      for (const [key, entries] of this.#waiting) {
        for (let entry = entries[0]; entry; entry = entries[0]) {
          await entry.write(this.#database);
          this.#isAway = false;
          if (entries[0] === entry) entries.shift();
        }
        this.#waiting.delete(key);
      }
    } catch (error) {
      this.#logger[this.#isAway ? "debug" : "warn"](
        { error: (error as Error).message },
        "incidents are not in the database yet",
      );
      this.#isAway = true;
    }
  }
}
