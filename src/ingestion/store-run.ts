import { isWorkbenchError } from "../engine/errors.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import type { Database, DatabaseSession } from "../store/database.js";
import { type FeedDayCount, raiseFeedDayCounts } from "../store/queries/feed-counts.js";
import { insertFeedGaps } from "../store/queries/feed-gaps.js";
import { deleteFeedDay, insertFeedState, upsertReferencePrices } from "../store/queries/feed-records.js";
import { moveSpoolPosition } from "../store/queries/feed-spool-positions.js";
import { withdrawWrongTotal } from "../store/queries/wrong-totals.js";
import { copyNewTicks, copyTicks, type StoredTickCount } from "../store/tick-writer.js";
import type { SpoolPosition } from "./spool/spool.js";
import type { SpoolBatch, SpoolFact } from "./spool-batch.js";
import { type TallyEntry, TickTally } from "./tick-tally.js";

/** Batches of one feed that are stored together, and the places in the spool before and behind them. */
export interface SpoolRun {
  readonly feed: string;
  readonly dataset: Dataset;
  readonly batches: readonly SpoolBatch[];
  readonly ticks: number;
  readonly to: SpoolPosition;
}

export interface StoredRun {
  readonly entries: readonly TallyEntry[];
  readonly facts: readonly SpoolFact[];
  readonly stored: number;
  /** Found by the database, beyond those that were left out before. */
  readonly duplicates: number;
  readonly backfilled: number;
}

/** The spool's stored position is not where this run begins: it was stored before. */
export class RunStoredBefore extends Error {}

const UNIQUE_VIOLATION = "23505";

/**
 * Stores a run in one transaction with the spool's position, so that it is stored once however often it is tried.
 * Ticks that are there already, which is rare, cost a second attempt by a slower way that leaves them out.
 * @throws RunStoredBefore
 */
export async function storeRun(
  database: Database,
  spoolId: string,
  from: SpoolPosition | undefined,
  run: SpoolRun,
): Promise<StoredRun> {
  try {
    return await database.transaction((session) => storeIn(session, spoolId, from, run, copyAll));
  } catch (error) {
    if (!isWorkbenchError(error) || error.details.sqlState !== UNIQUE_VIOLATION) throw error;
    return database.transaction((session) => storeIn(session, spoolId, from, run, copyNewTicks));
  }
}

/** Stores tuples; says how many of each symbol, board and day were new, `undefined` when all were. */
type TupleWriter = (
  session: DatabaseSession,
  tuples: readonly Uint8Array[],
) => Promise<readonly StoredTickCount[] | undefined>;

const copyAll: TupleWriter = async (session, tuples) => {
  await copyTicks(session, tuples);
  return undefined;
};

async function storeIn(
  session: DatabaseSession,
  spoolId: string,
  from: SpoolPosition | undefined,
  { feed, dataset, batches, to }: SpoolRun,
  write: TupleWriter,
): Promise<StoredRun> {
  // First of all: whoever tries the same run at the same time waits here.
  if (!(await moveSpoolPosition(session, spoolId, { from, to }))) throw new RunStoredBefore();
  const facts = batches.flatMap((batch) => batch.facts);
  for (const fact of facts) {
    if (fact.kind === "day-reset") await deleteFeedDay(session, { feed, tradingDate: fact.tradingDate });
  }
  const tuples = batches.map((batch) => batch.tuples).filter((bytes) => bytes.length > 0);
  const added = tuples.length > 0 ? await write(session, tuples) : undefined;

  const tally = new TickTally();
  for (const { tally: entries } of batches) for (const entry of entries) tally.add(entry);
  const { entries } = tally;
  const counts = countsOf(entries, added);
  await raiseFeedDayCounts(session, { feed, dataset }, counts);
  await storeFacts(session, { feed, dataset }, facts);

  const stored = counts.reduce((sum, count) => sum + count.stored, 0);
  const accepted = entries.reduce((sum, entry) => sum + entry.accepted, 0);
  const backfilled = counts.reduce((sum, count) => sum + count.backfilled, 0);
  return { entries, facts, stored, duplicates: accepted - stored, backfilled };
}

function countsOf(entries: readonly TallyEntry[], added: readonly StoredTickCount[] | undefined): FeedDayCount[] {
  const keyOf = (of: { symbol: string; board: string; tradingDate: string }) =>
    `${of.symbol} ${of.board} ${of.tradingDate}`;
  const addedByKey = added && new Map(added.map((count) => [keyOf(count), count]));
  return entries.map((entry) => {
    const { symbol, board, tradingDate, received, accepted, duplicates, rejected, backfilled } = entry;
    const common = { symbol, board, tradingDate, received, rejected };
    if (!addedByKey) return { ...common, stored: accepted, duplicates, backfilled };
    const { stored, backfilled: added } = addedByKey.get(keyOf(entry)) ?? { stored: 0, backfilled: 0 };
    return { ...common, stored, duplicates: duplicates + accepted - stored, backfilled: added };
  });
}

async function storeFacts(
  session: DatabaseSession,
  of: { feed: string; dataset: Dataset },
  facts: readonly SpoolFact[],
): Promise<void> {
  const prices = facts.flatMap((fact) => (fact.kind === "reference" ? fact.price : []));
  const latest = new Map(prices.map((price) => [`${price.symbol} ${price.tradingDate}`, price]));
  await upsertReferencePrices(session, of.dataset, [...latest.values()]);
  for (const fact of facts) {
    if (fact.kind === "state") await insertFeedState(session, of, fact.status, fact.recordedAtMs);
  }
  const gaps = facts.flatMap((fact) => (fact.kind === "gap" ? fact.gap : []));
  if (gaps.length > 0) await insertFeedGaps(session, of, gaps);
  // Behind the gaps: the one that is void may be of this very run.
  for (const fact of facts) {
    if (fact.kind === "wrong-total") await withdrawWrongTotal(session, of, fact.wrongTotal, fact.foundAtMs);
  }
}
