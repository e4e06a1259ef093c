import pino from "pino";
import { WorkbenchError } from "../../engine/errors.js";
import { MarketBoard } from "../../engine/live-market/market-board.js";
import type { FeedEvent, MarketEvent } from "../../engine/live-market/market-event.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { tradingDateOf, tradingDateToEpochMs } from "../../engine/units/trading-date.js";
import { createReplayFeed } from "../../feeds/replay/replay-feed.js";
import type { TickTape } from "../../feeds/replay/tick-tape.js";
import type { Database } from "../../store/database.js";
import { type StoredTickRange, storedTickRange } from "../../store/queries/stored-tick-range.js";
import { readReferencePrices, streamTicks } from "../../store/queries/tick-queries.js";
import type { MarketSeed } from "./hub-market-seed.js";
import type { ReplayBatch, ReplaySource, ReplayTape } from "./hub-replay.js";

const BATCH_TICKS = 4_096;

/** Stored ticks as a tape, up to `toMs` or the latest. */
export function storedTape(database: Database, dataset: Dataset, toMs?: number): TickTape {
  const rangeOfAll = async (fromMs?: number) =>
    storedTickRange(database, dataset, {
      ...(fromMs !== undefined && { fromMs }),
      ...(toMs !== undefined && { toMs }),
    });
  return {
    description: "stored trades",
    dataset,
    open: async function* (fromMs) {
      const range = await rangeOfAll(Number.isFinite(fromMs) ? fromMs : undefined);
      if (range) yield* streamTicks(database, { dataset, ...range, batchSize: BATCH_TICKS });
    },
    range: async () => {
      const range = await rangeOfAll();
      if (range) return range;
      throw new WorkbenchError(
        "RANGE_INVALID",
        "nothing to replay: no trades are stored (accepted: after a feed was followed)",
      );
    },
  };
}

/** Replays of stored ticks, each with the day up to its beginning. */
export function storedReplaySource(database: Database): ReplaySource {
  return { open: (request) => openReplay(database, request) };
}

async function openReplay(
  database: Database,
  { dataset, fromMs, toMs: wantedToMs, speed, signal }: Parameters<ReplaySource["open"]>[0],
): Promise<ReplayTape> {
  const dayMs = tradingDateToEpochMs(tradingDateOf(fromMs));
  const toMs = wantedToMs ?? dayMs + MS_PER_DAY - 1;
  if (toMs < fromMs) {
    throw new WorkbenchError(
      "RANGE_INVALID",
      `invalid toMs: ${toMs} (accepted: an end that is not before fromMs, ${fromMs})`,
      { details: { field: "toMs", problem: "before the beginning" } },
    );
  }
  // After the last trade of a day there is nothing to play, and still a market to be shown.
  const range = await storedTickRange(database, dataset, { fromMs: dayMs, toMs });
  if (!range) throw nothingToReplay(fromMs, toMs, await storedTickRange(database, dataset));
  const seed = await readMarketAt(database, dataset, fromMs, signal);
  const source = storedTape(database, dataset, toMs);
  const feed = createReplayFeed({ source, speed, startMs: fromMs }, { logger: pino({ level: "silent" }) });
  async function* batches(): AsyncGenerator<ReplayBatch> {
    for await (const events of feed.events(signal)) {
      yield { asOfMs: feed.asOfMs, events: events.filter(isMarketEvent) };
    }
  }
  return {
    toMs,
    seed,
    batches: batches(),
    asOfMs: () => feed.asOfMs,
    pause: () => feed.pause(),
    resume: () => feed.resume(),
    setSpeed: (wanted) => feed.setSpeed(wanted),
  };
}

/** The board as it stood just before an instant of its trading day. */
async function readMarketAt(
  database: Database,
  dataset: Dataset,
  atMs: number,
  signal: AbortSignal,
): Promise<MarketSeed> {
  const date = tradingDateOf(atMs);
  const references = await readReferencePrices(database, dataset, date);
  const board = new MarketBoard();
  const range = await storedTickRange(database, dataset, { fromMs: tradingDateToEpochMs(date), toMs: atMs - 0.001 });
  if (range) {
    for await (const ticks of streamTicks(database, { dataset, ...range, batchSize: BATCH_TICKS })) {
      if (signal.aborted) break;
      for (const tick of ticks) board.apply(tick);
    }
  }
  return { quotes: Array.from(board.quotes()), references };
}

function nothingToReplay(fromMs: number, toMs: number, stored: StoredTickRange | undefined): WorkbenchError {
  const accepted = stored
    ? `instants with trades between ${stored.fromMs} and ${stored.toMs}`
    : "none: no trades are stored";
  return new WorkbenchError(
    "RANGE_INVALID",
    `invalid fromMs and toMs: no trades between ${fromMs} and ${toMs} (accepted: ${accepted})`,
    {
      details: {
        field: "fromMs",
        problem: "no trades",
        accepted,
        ...(stored && { storedFromMs: stored.fromMs, storedToMs: stored.toMs }),
      },
    },
  );
}

function isMarketEvent(event: FeedEvent): event is MarketEvent {
  return event.kind !== "notice" && event.kind !== "rejected";
}
