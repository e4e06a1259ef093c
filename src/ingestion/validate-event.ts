import { BOARDS } from "../engine/live-market/board.js";
import { type IndexLevel, type ReferencePrice, TICK_SIDES, type Tick } from "../engine/live-market/market-event.js";
import { SESSION_PHASES } from "../engine/live-market/session-phase.js";
import { SYMBOL_PATTERN } from "../engine/market-data/instrument-symbol.js";
import { MS_PER_DAY } from "../engine/units/epoch-ms.js";

const boards: ReadonlySet<string> = new Set(BOARDS);
const sides: ReadonlySet<string> = new Set(TICK_SIDES);
const phases: ReadonlySet<string> = new Set(SESSION_PHASES);
const knownSymbols = new Set<string>();
const MOST_KNOWN_SYMBOLS = 20_000;

/** Farther ahead of market time than this, an event time is a mistake of the source or of the machine's clock. */
export const LARGEST_CLOCK_DIFFERENCE_MS = MS_PER_DAY;

export const CLOCK_PROBLEM = "event time is more than a day ahead of market time";

/** The past is no problem, however long ago: a broker repeats what it said, and a machine's clock may be ahead. */
const EARLIEST_EVENT_MS = Date.UTC(2000, 0, 1);

/** Why a tick is not accepted; `undefined` when it is. */
export function problemOfTick(tick: Tick, marketTimeMs: number): string | undefined {
  if (!isSymbol(tick.symbol)) return "symbol is not accepted";
  if (!boards.has(tick.board)) return "board is not known";
  if (!(tick.price > 0 && tick.price < Number.POSITIVE_INFINITY)) return "price is not positive";
  if (!(tick.quantity > 0 && tick.quantity < Number.POSITIVE_INFINITY)) return "quantity is not positive";
  if (!(tick.cumulativeVolume >= 0 && tick.cumulativeVolume < Number.POSITIVE_INFINITY))
    return "cumulative volume is not a number";
  if (!sides.has(tick.side)) return "side is not known";
  if (!phases.has(tick.session)) return "session is not known";
  return problemOfTime(tick, marketTimeMs);
}

/** The same of an index level; volumes may be missing. */
export function problemOfIndexLevel(level: IndexLevel, marketTimeMs: number): string | undefined {
  if (!isSymbol(level.symbol)) return "symbol is not accepted";
  if (!(level.value > 0 && level.value < Number.POSITIVE_INFINITY)) return "index value is not positive";
  return problemOfTime(level, marketTimeMs);
}

export function problemOfReference(price: ReferencePrice): string | undefined {
  if (!isSymbol(price.symbol)) return "symbol is not accepted";
  return price.reference > 0 && price.reference < Number.POSITIVE_INFINITY
    ? undefined
    : "reference price is not positive";
}

function problemOfTime(event: { eventTimeMs: number; receivedAtMs: number }, marketTimeMs: number): string | undefined {
  if (!(event.eventTimeMs >= EARLIEST_EVENT_MS)) return "event time is before the year 2000";
  if (event.eventTimeMs - marketTimeMs > LARGEST_CLOCK_DIFFERENCE_MS) return CLOCK_PROBLEM;
  return Number.isFinite(event.receivedAtMs) ? undefined : "time of receipt is not a number";
}

function isSymbol(symbol: string): boolean {
  if (knownSymbols.has(symbol)) return true;
  if (typeof symbol !== "string" || !SYMBOL_PATTERN.test(symbol)) return false;
  if (knownSymbols.size < MOST_KNOWN_SYMBOLS) knownSymbols.add(symbol);
  return true;
}
