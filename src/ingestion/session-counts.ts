import type { AcceptedEvents } from "./event-intake.js";
import type { FeedIncidents } from "./feed-incidents.js";
import type { IngestionCounts, IngestionStatus } from "./ingestion-status.js";
import { RejectionCounts } from "./rejection-counts.js";
import type { StoredRun } from "./store-run.js";

/** What became of events since an ingester started. */
export class SessionCounts {
  readonly #incidents: FeedIncidents;
  readonly #rejections = new RejectionCounts();
  readonly #counts = { received: 0, stored: 0, duplicates: 0, rejected: 0, backfilled: 0, gapsFound: 0, gapsFilled: 0 };

  constructor(incidents: FeedIncidents) {
    this.#incidents = incidents;
  }

  get counts(): IngestionCounts {
    return { ...this.#counts };
  }

  get rejections(): IngestionStatus["rejections"] {
    return this.#rejections.latest();
  }

  onAccepted({ tally, tickCount, rejections, gaps }: AcceptedEvents): void {
    for (const { received, duplicates, rejected } of tally) {
      this.#counts.received += received;
      this.#counts.duplicates += duplicates;
      this.#counts.rejected += rejected;
    }
    this.#counts.gapsFound += gaps.length;
    if (tickCount > 0) this.#incidents.onAccepted();
    if (rejections.length === 0) return;
    this.#rejections.add(rejections);
    this.#incidents.onRejections(rejections);
  }

  onStored({ stored, duplicates, backfilled }: StoredRun): void {
    this.#counts.stored += stored;
    this.#counts.duplicates += duplicates;
    this.#counts.backfilled += backfilled;
  }

  onGapFilled(): void {
    this.#counts.gapsFilled++;
  }
}
