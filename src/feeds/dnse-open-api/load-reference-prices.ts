import type { Logger } from "pino";
import { isWorkbenchError } from "../../engine/errors.js";
import type { FeedEvent } from "../../engine/live-market/market-event.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { type TradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import { isIndexName } from "../dnse/dnse-enums.js";
import type { DnseUnits } from "../dnse/dnse-units.js";
import { readDnseMessage } from "../dnse/read-dnse-message.js";
import type { DnseRestClient } from "./dnse-rest-client.js";

export interface ReferencePriceLoaderOptions {
  readonly client: Pick<DnseRestClient, "definitions">;
  readonly units: DnseUnits;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

export interface ReferencePriceLoad {
  readonly symbols: readonly InstrumentSymbol[];
  readonly signal: AbortSignal;
  readonly onEvents: (events: readonly FeedEvent[]) => void;
}

const REQUESTS_AT_ONCE = 4;
/** After so many failures in a row the rest is left for the next connection. */
const MOST_FAILURES = 5;

/**
 * Asks for the day's reference prices, which the stream gives at 08:00 and 20:00 only, and delivers them as they come:
 * each symbol's once a day, however often connections are made. It never fails: without them the feed goes on.
 */
export function createReferencePriceLoader({
  client,
  units,
  nowMs,
  logger,
}: ReferencePriceLoaderOptions): (load: ReferencePriceLoad) => Promise<void> {
  /** Symbols that need not be asked for again, and the day on which. */
  const settled = new Set<InstrumentSymbol>();
  let settledOn: TradingDate | undefined;

  return async ({ symbols, signal, onEvents }) => {
    const today = tradingDateOf(nowMs());
    if (settledOn !== today) settled.clear();
    settledOn = today;
    const queue = symbols.filter((symbol) => !isIndexName(symbol) && !settled.has(symbol)).values();
    let failures = 0;

    async function work(): Promise<void> {
      for (const symbol of queue) {
        if (signal.aborted || failures >= MOST_FAILURES) return;
        try {
          const rows = await client.definitions(symbol, signal);
          if (signal.aborted) return;
          failures = 0;
          settled.add(symbol);
          onEvents(readDnseMessage(rows.filter(isOfRoundLots), context()));
        } catch (error) {
          if (signal.aborted) return;
          // A symbol the broker does not know says nothing of the others.
          if (isUnknownSymbol(error)) settled.add(symbol);
          else failures += 1;
          logger.warn({ err: error, symbol }, "a reference price is missing");
        }
      }
    }

    function context() {
      return {
        source: "dnse",
        receivedAtMs: nowMs(),
        units,
        zone: "ict",
        kind: "security_definition",
        board: "G1",
      } as const;
    }

    await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
  };
}

function isUnknownSymbol(error: unknown): boolean {
  return isWorkbenchError(error) && (error.details.status === 400 || error.details.status === 404);
}

/** Definitions of other boards repeat the prices of the board of round lots. */
function isOfRoundLots(row: unknown): boolean {
  const board = (row as { boardId?: unknown } | null)?.boardId;
  return board === undefined || /(?:^|_)G1$|^2$/.test(String(board));
}
