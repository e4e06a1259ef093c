import type { Dataset } from "../engine/market-data/dataset.js";
import type { TradingDate } from "../engine/units/trading-date.js";
import type { DatabaseSession } from "../store/database.js";
import { type FoundGap, insertFeedGaps, listFeedGaps } from "../store/queries/feed-gaps.js";
import { findStoredHoles } from "../store/queries/feed-holes.js";
import { lastPositions, type StoredPosition } from "../store/queries/tick-queries.js";
import type { GapRange } from "./open-gaps.js";

export interface FeedDay {
  readonly feed: string;
  readonly dataset: Dataset;
  readonly tradingDate: TradingDate;
}

const MOST_GAPS = 50_000;

/** How far a day is stored, and the gaps that are known in it. */
export async function readProgress(
  session: DatabaseSession,
  { feed, dataset, tradingDate }: FeedDay,
): Promise<{ readonly positions: readonly StoredPosition[]; readonly gaps: readonly GapRange[] }> {
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
