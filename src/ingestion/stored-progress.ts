import { setTimeout as delay } from "node:timers/promises";
import type { Dataset } from "../engine/market-data/dataset.js";
import { MS_PER_SECOND } from "../engine/units/epoch-ms.js";
import type { TradingDate } from "../engine/units/trading-date.js";
import type { DatabaseSession } from "../store/database.js";
import { type FoundGap, insertFeedGaps, listFeedGaps } from "../store/queries/feed-gaps.js";
import { findStoredHoles } from "../store/queries/feed-holes.js";
import { lastPositions, type StoredPosition } from "../store/queries/tick-queries.js";
import type { IngestionStatus } from "./ingestion-status.js";
import type { GapRange } from "./open-gaps.js";

export interface FeedDay {
  readonly feed: string;
  readonly dataset: Dataset;
  readonly tradingDate: TradingDate;
}

const MOST_GAPS = 50_000;

/** How far a day is stored, and the gaps that are known in it. */
export interface StoredProgress {
  readonly positions: readonly StoredPosition[];
  readonly gaps: readonly GapRange[];
}

/** How long a start waits for the database, to go on behind what is stored. */
const PATIENCE_MS = 10 * MS_PER_SECOND;

/** The progress once all that was spooled is stored; `undefined` when the database does not tell in time. */
export async function awaitProgress({
  database,
  day,
  isAllStored,
  onAnswer,
  signal,
}: {
  database: DatabaseSession;
  day: FeedDay;
  isAllStored: () => boolean;
  onAnswer: (answer: IngestionStatus["database"]) => void;
  signal: AbortSignal;
}): Promise<StoredProgress | undefined> {
  const givesUpAtMs = performance.now() + PATIENCE_MS;
  while (!signal.aborted) {
    if (isAllStored()) {
      try {
        const progress = await readProgress(database, day);
        onAnswer({ isUp: true, reason: "" });
        return progress;
      } catch (error) {
        onAnswer({ isUp: false, reason: (error as Error).message });
      }
    }
    if (performance.now() > givesUpAtMs) return undefined;
    await delay(50);
  }
  return undefined;
}

async function readProgress(
  session: DatabaseSession,
  { feed, dataset, tradingDate }: FeedDay,
): Promise<StoredProgress> {
  const positions = await lastPositions(session, dataset, tradingDate);
  const gaps = await listFeedGaps(session, { dataset, feed, tradingDate, isOpen: true, limit: MOST_GAPS });
  return { positions, gaps };
}

/** Stores the holes between the stored ticks of a day as gaps, since a killed process may have noticed none of them. */
export async function recordHoles(
  session: DatabaseSession,
  { feed, dataset, tradingDate }: FeedDay,
  foundAtMs: number,
): Promise<readonly FoundGap[]> {
  const holes = await findStoredHoles(session, dataset, tradingDate);
  const gaps = holes.map(
    (hole): FoundGap => ({
      ...hole,
      tradingDate,
      cause: "downtime",
      fromMs: Number.isNaN(hole.fromMs) ? hole.toMs : hole.fromMs,
      missingVolume: hole.volumeAfter - hole.volumeBefore,
      foundAtMs,
    }),
  );
  await insertFeedGaps(session, { feed, dataset }, gaps);
  return gaps;
}
