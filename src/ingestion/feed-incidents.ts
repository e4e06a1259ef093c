import type { FeedStatus } from "../engine/live-market/feed-status.js";
import type { IncidentBook } from "./incident-book.js";
import type { SpoolTrouble } from "./spool/spool.js";
import { CLOCK_PROBLEM } from "./validate-event.js";

/** Kinds of incidents that ingestion opens; the subject is the feed. */
export const INGESTION_INCIDENTS = [
  "feed-stale",
  "feed-down",
  "spool-full",
  "spool-damaged",
  "database-unreachable",
  "storage-behind",
  "clock-off",
] as const;

/** So many rejected event times in a row of batches tell of a clock rather than of a bad frame. */
const CLOCK_REJECTIONS = 20;

/** Which events of ingestion a person should know of. */
export class FeedIncidents {
  readonly #book: IncidentBook;
  readonly #subject: string;
  #clockRejections = 0;
  /** Incidents that an earlier process may have left open: the first success closes them. */
  #mayBeOpen = new Set(["clock-off", "spool-full", "database-unreachable", "storage-behind"]);
  #isUp = true;
  #isBehind = false;

  constructor(book: IncidentBook, subject: string) {
    this.#book = book;
    this.#subject = subject;
  }

  onState({ state, reason }: FeedStatus): void {
    const subject = this.#subject;
    if (state === "stale") {
      this.#book.open({ kind: "feed-stale", severity: "error", subject, message: `the feed is stale: ${reason}` });
    } else if (state === "down") {
      this.#book.open({ kind: "feed-down", severity: "critical", subject, message: `the feed is down: ${reason}` });
    } else if (state !== "connecting") {
      const resolution =
        state === "closed-market" ? `no data is due: ${reason}` : "data arrives again; what was missed is backfilled";
      this.#book.close({ kind: "feed-stale", subject }, resolution);
      this.#book.close({ kind: "feed-down", subject }, resolution);
    }
  }

  onSpoolTrouble(trouble: SpoolTrouble): void {
    const subject = this.#subject;
    switch (trouble.kind) {
      case "full":
        this.#book.open({
          kind: "spool-full",
          severity: "critical",
          subject,
          message: `SPOOL_FULL: the feed waits, nothing that was kept is overwritten: ${trouble.message}`,
        });
        return;
      case "room-again":
        this.#book.close({ kind: "spool-full", subject }, trouble.message);
        return;
      case "damaged":
        this.#book.open({
          kind: "spool-damaged",
          severity: "critical",
          subject,
          message: `SPOOL_UNREADABLE: ${trouble.message}`,
          details: { file: trouble.file },
        });
    }
  }

  onDatabase({ isUp, reason }: { isUp: boolean; reason: string }): void {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    const of = { kind: "database-unreachable", subject: this.#subject };
    if (isUp) this.#book.close(of, "the database takes ticks again; the spool is drained in order");
    else this.#book.open({ ...of, severity: "error", message: `ticks stay in the spool: ${reason}` });
  }

  /** Ticks wait in the spool although the database did not refuse them. */
  onStorage({ isBehind, reason }: { isBehind: boolean; reason: string }): void {
    if (isBehind === this.#isBehind) return;
    this.#isBehind = isBehind;
    const of = { kind: "storage-behind", subject: this.#subject };
    if (isBehind) this.#book.open({ ...of, severity: "error", message: reason });
    else this.#book.close(of, "what waited in the spool is stored");
  }

  onRejections(reasons: readonly string[]): void {
    const count = reasons.filter((reason) => reason === CLOCK_PROBLEM).length;
    if (count === 0) return;
    this.#clockRejections += count;
    if (this.#clockRejections < CLOCK_REJECTIONS) return;
    this.#clockRejections = 0;
    this.#mayBeOpen.add("clock-off");
    this.#book.open({
      kind: "clock-off",
      severity: "critical",
      subject: this.#subject,
      message: "trades are more than a day ahead of the clock: correct the machine's clock",
    });
  }

  /** Ticks are accepted. */
  onAccepted(): void {
    this.#clockRejections = 0;
    this.#closeOnce("clock-off", "trades are of the present time");
  }

  /** Ticks went from the spool to the database. */
  onStored(): void {
    this.#closeOnce("spool-full", "the spool has room again");
    this.#closeOnce("database-unreachable", "the database takes ticks again");
    if (!this.#isBehind) this.#closeOnce("storage-behind", "what waited in the spool is stored");
  }

  #closeOnce(kind: (typeof INGESTION_INCIDENTS)[number], resolution: string): void {
    if (this.#mayBeOpen.delete(kind)) this.#book.close({ kind, subject: this.#subject }, resolution);
  }
}
