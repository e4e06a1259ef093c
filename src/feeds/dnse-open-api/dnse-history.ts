import { WorkbenchError } from "../../engine/errors.js";
import type { Tick } from "../../engine/live-market/market-event.js";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { type TradingDate, tradingDate } from "../../engine/units/trading-date.js";
import type { DnseContext } from "../dnse/dnse-context.js";
import type { NaiveZone } from "../dnse/dnse-time.js";
import { type DnsePayload, InvalidField, isPayload, present } from "../dnse/payload-fields.js";
import { readTick, TOTAL_FIELDS } from "../dnse/read-tick.js";
import type { DnseOpenApiSettings } from "../feeds-settings.js";
import type { TradeHistory, TradeQuery } from "../market-feed.js";
import type { DnseRestClient } from "./dnse-rest-client.js";

const BATCH_TICKS = 1_000;
/** More than a symbol trades in a day. */
const MOST_TICKS = 1_000_000;
const LONGEST_RANGE_MS = MS_PER_DAY;
/** From this version on, times of trades are local; before it they were UTC. */
const FIRST_LOCAL_VERSION = "2026-05-07";
/** Times of trades may be cut off at the second. */
const SECOND_MS = 1_000;

type ReadSettings = Pick<DnseOpenApiSettings, "tradesTimeZone" | "apiVersion" | "units">;

/** Past trades and trading days, by request. */
export function createDnseHistory(
  client: DnseRestClient,
  settings: ReadSettings,
  { nowMs }: { readonly nowMs: () => number },
): TradeHistory {
  async function* trades(query: TradeQuery): AsyncGenerator<readonly Tick[], void> {
    const ticks = inOrder(readRows(await rowsOf(client, query), query, settings, nowMs()), query);
    for (let from = 0; from < ticks.length; from += BATCH_TICKS) yield ticks.slice(from, from + BATCH_TICKS);
  }

  return {
    trades,
    workingDates: async (signal) => (await client.workingDates(signal)).map(readDate).sort(),
  };
}

async function rowsOf(client: DnseRestClient, query: TradeQuery): Promise<readonly unknown[]> {
  const { symbol, board, fromMs, toMs, signal } = query;
  const rows: unknown[] = [];
  for (let startMs = fromMs; startMs <= toMs; startMs += LONGEST_RANGE_MS) {
    const endMs = Math.min(toMs, startMs + LONGEST_RANGE_MS - 1);
    const tokens = new Set<string>();
    let pageToken: string | undefined;
    do {
      const page = await client.tradePage({
        symbol,
        board,
        fromS: Math.floor(startMs / SECOND_MS),
        toS: Math.ceil(endMs / SECOND_MS),
        pageToken,
        signal,
      });
      rows.push(...page.rows);
      pageToken = page.rows.length === 0 ? undefined : page.nextPageToken;
      if (pageToken !== undefined && tokens.has(pageToken)) break;
      if (pageToken !== undefined) tokens.add(pageToken);
      if (rows.length > MOST_TICKS) {
        throw new WorkbenchError(
          "FEED_REQUEST_FAILED",
          `GET /price/${symbol}/trades failed: more than ${MOST_TICKS} trades in one range`,
        );
      }
    } while (pageToken !== undefined);
  }
  return rows;
}

interface PastTrade {
  readonly tick: Tick;
  readonly hasTotal: boolean;
}

/** @throws FEED_REQUEST_FAILED for a row that cannot be read: a gap with a hole in it is not filled */
function readRows(
  rows: readonly unknown[],
  query: TradeQuery,
  settings: ReadSettings,
  receivedAtMs: number,
): PastTrade[] {
  const { symbol, board, fromMs, toMs, cumulativeVolumeBefore } = query;
  const context = { source: "dnse", receivedAtMs, units: settings.units, board, isBackfill: true } as const;
  const hasTotals = rows.every((row) => !isPayload(row) || present(row, TOTAL_FIELDS) !== undefined);
  // Totals tell which trades were missed; without them only the times can, and the trade before the gap is in the range.
  const isAfterStart = hasTotals
    ? (eventTimeMs: number) => eventTimeMs > fromMs - SECOND_MS
    : (eventTimeMs: number) => eventTimeMs > fromMs || (eventTimeMs === fromMs && cumulativeVolumeBefore === 0);
  const isInRange = (eventTimeMs: number) => isAfterStart(eventTimeMs) && eventTimeMs <= toMs;

  function readRow(row: unknown): PastTrade[] {
    if (!isPayload(row)) throw unreadable(symbol, "a row is no object");
    const hasTotal = present(row, TOTAL_FIELDS) !== undefined;
    const payload: DnsePayload = { symbol, ...row, ...(hasTotal ? {} : { totalVolumeTraded: 0 }) };
    try {
      const tick = readInZone(payload, context, settings, isInRange);
      const isWanted = tick.symbol === symbol && tick.board === board && isInRange(tick.eventTimeMs);
      return isWanted ? [{ tick, hasTotal }] : [];
    } catch (error) {
      if (error instanceof InvalidField) throw unreadable(symbol, error.message);
      throw error;
    }
  }

  const trades = rows.flatMap(readRow);
  if (hasTotals || trades.length === 0 || isExact(trades, query)) return trades;
  throw unreadable(symbol, "it has neither a total nor parts of a second");
}

/** Whether times of trades can tell which of those at the ends of the range are in it. */
function isExact(trades: readonly PastTrade[], { fromMs, toMs }: TradeQuery): boolean {
  const isWhole = (instantMs: number) => instantMs % SECOND_MS === 0;
  return (isWhole(fromMs) && isWhole(toMs)) || trades.some(({ tick }) => !isWhole(tick.eventTimeMs));
}

/**
 * Times that name no zone were UTC in earlier versions and are local in later ones. Where the version's zone puts a trade
 * outside of the range that was asked for and the other one inside, the other one is right.
 */
function readInZone(
  payload: DnsePayload,
  context: Omit<DnseContext, "zone">,
  { tradesTimeZone, apiVersion }: Pick<DnseOpenApiSettings, "tradesTimeZone" | "apiVersion">,
  isInRange: (eventTimeMs: number) => boolean,
): Tick {
  if (tradesTimeZone !== "auto") return readTick(payload, { ...context, zone: tradesTimeZone });
  const [likely, other]: readonly NaiveZone[] = apiVersion >= FIRST_LOCAL_VERSION ? ["ict", "utc"] : ["utc", "ict"];
  const tick = readTick(payload, { ...context, zone: likely! });
  if (isInRange(tick.eventTimeMs)) return tick;
  const alternative = readTick(payload, { ...context, zone: other! });
  return isInRange(alternative.eventTimeMs) ? alternative : tick;
}

/**
 * Ascending, each trade once, from `fromMs` on. Trades without totals are counted up from the volume before the first;
 * those with totals that are not above it were not missed.
 */
function inOrder(trades: readonly PastTrade[], { cumulativeVolumeBefore, fromMs }: TradeQuery): Tick[] {
  const isCounted = trades.some(({ hasTotal }) => !hasTotal);
  // A stable order: trades of one instant without totals stay as the broker gave them.
  const descends = trades.length > 1 && trades[0]!.tick.eventTimeMs > trades.at(-1)!.tick.eventTimeMs;
  const given = (descends ? trades.toReversed() : trades).map(({ tick }) => ({
    ...tick,
    eventTimeMs: Math.max(tick.eventTimeMs, fromMs),
  }));
  const ascending = given.sort(
    (one, other) => one.eventTimeMs - other.eventTimeMs || one.cumulativeVolume - other.cumulativeVolume,
  );
  let volume = cumulativeVolumeBefore;
  if (isCounted) {
    return ascending.map((tick) => {
      volume += tick.quantity;
      return { ...tick, cumulativeVolume: volume };
    });
  }
  return ascending.filter(({ cumulativeVolume }) => {
    if (cumulativeVolume <= volume) return false;
    volume = cumulativeVolume;
    return true;
  });
}

function unreadable(symbol: string, problem: string): WorkbenchError {
  return new WorkbenchError(
    "FEED_REQUEST_FAILED",
    `GET /price/${symbol}/trades gave a trade that cannot be read: ${problem}`,
  );
}

const COMPACT_DATE = /^(\d{4})(\d{2})(\d{2})$/;

function readDate(text: string): TradingDate {
  try {
    return tradingDate(text.replace(COMPACT_DATE, "$1-$2-$3").slice(0, 10));
  } catch (error) {
    throw new WorkbenchError(
      "FEED_REQUEST_FAILED",
      `GET /market/working-dates gave a date that cannot be read: ${text.slice(0, 40)} (accepted: YYYY-MM-DD)`,
      { cause: error },
    );
  }
}
