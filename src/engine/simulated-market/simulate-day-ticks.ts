import type {
  BookTop,
  IndexLevel,
  MarketEvent,
  ReferencePrice,
  SessionChange,
  Tick,
  TickSide,
} from "../live-market/market-event.js";
import type { SessionPhase } from "../live-market/session-phase.js";
import { sessionSegments } from "../live-market/session-schedule.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { MS_PER_MINUTE, MS_PER_SECOND } from "../units/epoch-ms.js";
import { bookAround } from "./book-tops.js";
import { indexMinuteLevels, LEVELS_PER_MINUTE } from "./index-levels.js";
import { SESSION_MINUTES, sessionActivity } from "./minute-candles.js";
import { minuteTrades } from "./minute-trades.js";
import { streamSeed } from "./shock-process.js";
import type { SimulatedDay, SimulatedIndexDay, SimulatedShareDay } from "./simulated-day.js";

export const SIMULATED_SOURCE = "simulated";
export const SIMULATED_EXCHANGE = "HOSE";

/** Minutes of a day from 00:00 with events: from the opening auction to the end of put-through trading. */
export const FIRST_EVENT_MINUTE = 9 * 60;
export const LAST_EVENT_MINUTE = 15 * 60;

/** Of a share in a minute of average activity, which is 0.93. */
const TRADES_PER_MINUTE = 18 / 0.93;
const BOOKS_PER_MINUTE = 15;
/** Levels of an index come at seconds 4, 9, …, 59. */
const FIRST_LEVEL_MS = 4 * MS_PER_SECOND;
const LEVEL_STEP_MS = MS_PER_MINUTE / LEVELS_PER_MINUTE;

const SEGMENTS = sessionSegments(SIMULATED_EXCHANGE).filter(({ fromMinute }) => fromMinute >= FIRST_EVENT_MINUTE);
const ROW_OF_MINUTE = new Map(SESSION_MINUTES.map((minute, row) => [minute, row]));
const CLOSING_ROW = SESSION_MINUTES.length - 1;

/** Reference prices and limits of every share, as they are known before the day begins. */
export function dayReferences({ date, startsAtMs, shares }: SimulatedDay): ReferencePrice[] {
  return shares.map(({ symbol, reference, ceiling, floor }) => ({
    kind: "reference",
    symbol,
    tradingDate: date,
    reference,
    ceiling,
    floor,
    isHalted: false,
    source: SIMULATED_SOURCE,
    receivedAtMs: startsAtMs + FIRST_EVENT_MINUTE * MS_PER_MINUTE,
  }));
}

/**
 * Everything that happens in a minute of the day, counted from 00:00, ascending by event time: trades of every share,
 * the tops of their books, levels of the indexes and changes of the session. A minute depends on seed, day and minute
 * alone. Trades on round lots and index levels aggregate to the day's minute candles exactly. `receivedAtMs` is the
 * event time.
 */
export function minuteEvents(day: SimulatedDay, minute: number): MarketEvent[] {
  const events: MarketEvent[] = sessionChangesAt(day, minute);
  for (const share of day.shares) {
    const ticks = shareTicks(day, share, minute);
    for (const tick of ticks) events.push(tick);
    for (const book of shareBooks(day, share, minute, ticks)) events.push(book);
  }
  const row = ROW_OF_MINUTE.get(minute);
  if (row !== undefined) {
    for (const index of day.indexes) for (const level of indexLevels(day, index, row)) events.push(level);
  }
  return events.sort((a, b) => eventTimeOf(a) - eventTimeOf(b));
}

/** The trades of one share in a minute on every board, ascending by event time. */
export function shareTicks(day: SimulatedDay, share: SimulatedShareDay, minute: number): Tick[] {
  const opensAtMs = day.startsAtMs + minute * MS_PER_MINUTE;
  const ticks = roundLotTicks(day, share, minute, opensAtMs);
  const offBoard = share.offBoardTrades.filter((trade) => trade.minute === minute);
  if (offBoard.length === 0) return ticks;
  for (const { board, offsetMs, price, quantity, cumulativeVolume } of offBoard) {
    ticks.push({
      kind: "tick",
      symbol: share.symbol,
      board,
      eventTimeMs: opensAtMs + offsetMs,
      receivedAtMs: opensAtMs + offsetMs,
      price,
      quantity,
      cumulativeVolume,
      side: "U",
      session: phaseOf(minute),
      source: SIMULATED_SOURCE,
      isBackfill: false,
    });
  }
  return ticks.sort((a, b) => a.eventTimeMs - b.eventTimeMs);
}

function roundLotTicks(day: SimulatedDay, share: SimulatedShareDay, minute: number, opensAtMs: number): Tick[] {
  const row = ROW_OF_MINUTE.get(minute);
  if (row === undefined) return [];
  const random = randomOf(day, share.symbol, "ticks", minute);
  const { open, high, low, close, volume } = share.minutes;
  const trades = minuteTrades(
    {
      open: open[row]!,
      high: high[row]!,
      low: low[row]!,
      close: close[row]!,
      volume: volume[row]!,
      trades: row === CLOSING_ROW ? 1 : TRADES_PER_MINUTE * sessionActivity(row) * (0.5 + random()),
      auction: row === 0 ? "opens" : row === CLOSING_ROW ? "closes" : "none",
    },
    random,
  );
  let cumulativeVolume = share.volumeBefore[row]!;
  let previousPrice = row === 0 ? share.reference : close[row - 1]!;
  let side: TickSide = random() < 0.5 ? "B" : "S";
  return trades.price.map((price, index) => {
    const isFromAuction = row === CLOSING_ROW || (row === 0 && index === 0);
    if (price !== previousPrice) side = price > previousPrice ? "B" : "S";
    else if (random() < 0.4) side = side === "B" ? "S" : "B";
    previousPrice = price;
    cumulativeVolume += trades.quantity[index]!;
    const eventTimeMs = opensAtMs + trades.offsetMs[index]!;
    return {
      kind: "tick",
      symbol: share.symbol,
      board: "G1",
      eventTimeMs,
      receivedAtMs: eventTimeMs,
      price,
      quantity: trades.quantity[index]!,
      cumulativeVolume,
      side: isFromAuction ? "U" : side,
      session: isFromAuction ? (row === 0 ? "ato" : "atc") : "continuous",
      source: SIMULATED_SOURCE,
      isBackfill: false,
    };
  });
}

function shareBooks(day: SimulatedDay, share: SimulatedShareDay, minute: number, ticks: readonly Tick[]): BookTop[] {
  const phase = phaseOf(minute);
  if (phase !== "ato" && phase !== "continuous" && phase !== "atc") return [];
  const random = randomOf(day, share.symbol, "books", minute);
  const opensAtMs = day.startsAtMs + minute * MS_PER_MINUTE;
  const times = Array.from({ length: BOOKS_PER_MINUTE }, () => opensAtMs + Math.floor(MS_PER_MINUTE * random()));
  times.sort((a, b) => a - b);
  let price = priceBefore(share, minute);
  let next = 0;
  return times.map((eventTimeMs) => {
    for (; next < ticks.length && ticks[next]!.eventTimeMs <= eventTimeMs; next++) {
      if (ticks[next]!.board === "G1") price = ticks[next]!.price;
    }
    const { bids, asks } = bookAround(price, share, random);
    return { kind: "book", symbol: share.symbol, board: "G1", eventTimeMs, receivedAtMs: eventTimeMs, bids, asks };
  });
}

/** The last price on round lots before a minute, the reference price before the first trade. */
function priceBefore({ reference, minutes }: SimulatedShareDay, minute: number): number {
  const row = SESSION_MINUTES.findLastIndex((sessionMinute) => sessionMinute < minute);
  return row === -1 ? reference : minutes.close[row]!;
}

function indexLevels(day: SimulatedDay, index: SimulatedIndexDay, row: number): IndexLevel[] {
  const { minutes, volumeBefore, symbol, priorValue } = index;
  const opensAtMs = minutes.openedAtMs[row]!;
  const candle = {
    open: minutes.open[row]!,
    high: minutes.high[row]!,
    low: minutes.low[row]!,
    close: minutes.close[row]!,
  };
  const breadthAtOpen = breadth(day, ({ minutes: { open } }) => open[row]!);
  const breadthAtClose = breadth(day, ({ minutes: { close } }) => close[row]!);
  const part = (totals: Float64Array, level: number) =>
    level === LEVELS_PER_MINUTE - 1
      ? totals[row + 1]!
      : totals[row]! + Math.floor(((totals[row + 1]! - totals[row]!) * (level + 1)) / LEVELS_PER_MINUTE);
  return indexMinuteLevels(candle, randomOf(day, symbol, "levels", SESSION_MINUTES[row]!)).map((value, level) => {
    const eventTimeMs = opensAtMs + FIRST_LEVEL_MS + level * LEVEL_STEP_MS;
    return {
      kind: "index",
      symbol,
      eventTimeMs,
      receivedAtMs: eventTimeMs,
      value,
      priorValue,
      cumulativeVolume: part(volumeBefore, level),
      cumulativeValue: part(day.valueBefore, level),
      ...(level < LEVELS_PER_MINUTE / 2 ? breadthAtOpen : breadthAtClose),
      source: SIMULATED_SOURCE,
    };
  });
}

type Breadth = Pick<IndexLevel, "advances" | "declines" | "unchanged" | "atCeiling" | "atFloor">;

function breadth({ shares }: SimulatedDay, priceOf: (share: SimulatedShareDay) => number): Breadth {
  const count = (isCounted: (share: SimulatedShareDay, price: number) => boolean) =>
    shares.filter((share) => isCounted(share, priceOf(share))).length;
  return {
    advances: count(({ reference }, price) => price > reference),
    declines: count(({ reference }, price) => price < reference),
    unchanged: count(({ reference }, price) => price === reference),
    atCeiling: count(({ ceiling }, price) => price === ceiling),
    atFloor: count(({ floor }, price) => price === floor),
  };
}

function sessionChangesAt({ startsAtMs }: SimulatedDay, minute: number): SessionChange[] {
  const phase =
    minute === LAST_EVENT_MINUTE ? "closed" : SEGMENTS.find(({ fromMinute }) => fromMinute === minute)?.phase;
  if (phase === undefined) return [];
  const eventTimeMs = startsAtMs + minute * MS_PER_MINUTE;
  return [
    { kind: "session", market: SIMULATED_EXCHANGE, board: undefined, phase, eventTimeMs, receivedAtMs: eventTimeMs },
  ];
}

function phaseOf(minute: number): SessionPhase {
  return SEGMENTS.find(({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute)?.phase ?? "closed";
}

function randomOf({ seed, date }: SimulatedDay, symbol: string, stream: string, minute: number): () => number {
  return seededRandom(streamSeed(seed, `${symbol}:${date}:${stream}:${minute}`));
}

function eventTimeOf(event: MarketEvent): number {
  return event.kind === "reference" ? event.receivedAtMs : event.eventTimeMs;
}
