import type { FeedIncidents } from "./feed-incidents.js";
import type { IngestionStatus, SpoolStatus } from "./ingestion-status.js";
import type { DrainLimits } from "./spool-drain.js";
import { StorageWatch } from "./storage-watch.js";

/** Whether the database takes what is spooled: it may refuse, be out of reach, or hang although nothing failed. */
export class StorageHealth {
  readonly #incidents: FeedIncidents;
  readonly #watch: StorageWatch;
  #database: IngestionStatus["database"] = { isUp: true, reason: "" };
  #hanging: string | undefined;

  constructor(limits: DrainLimits, incidents: FeedIncidents) {
    this.#incidents = incidents;
    this.#watch = new StorageWatch(limits, performance.now());
  }

  get status(): IngestionStatus["database"] {
    if (!this.#database.isUp || this.#hanging === undefined) return this.#database;
    return { isUp: false, reason: this.#hanging };
  }

  /** What a question to the database came to. */
  onAnswer(database: IngestionStatus["database"]): void {
    this.#database = database;
  }

  /** What storing came to. */
  onDatabase(database: IngestionStatus["database"]): void {
    this.#database = database;
    this.#incidents.onDatabase(database);
  }

  onStored(): void {
    this.#watch.onStored(performance.now());
    this.#hanging = undefined;
    if (!this.#database.isUp) this.#database = { isUp: true, reason: "" };
    this.#incidents.onStored();
  }

  /** To be called often: looks at how long what waits has been waiting. */
  look(isWaiting: boolean, { pendingTicks }: SpoolStatus): void {
    const { hanging, isBehind } = this.#watch.at(performance.now(), { isWaiting, pendingTicks });
    this.#hanging = hanging;
    this.#incidents.onStorage({ isBehind, reason: hanging ?? "" });
  }
}
