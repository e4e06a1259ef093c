import type { Logger } from "pino";
import { isWorkbenchError } from "../../engine/errors.js";
import type { FeedEvent } from "../../engine/live-market/market-event.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { isIndexName } from "../dnse/dnse-enums.js";
import { readDnseMessage } from "../dnse/read-dnse-message.js";
import type { DnseOpenApiSettings } from "../feeds-settings.js";
import type { DnseRestClient } from "./dnse-rest-client.js";

const REQUESTS_AT_ONCE = 4;
/** After so many failures in a row the rest is left for the next connection. */
const MOST_FAILURES = 5;

/**
 * Asks for the day's reference prices, which the stream gives at 08:00 and 20:00 only, and delivers them as they come.
 * It never fails: without them the feed goes on.
 */
export async function loadReferencePrices(
  symbols: readonly InstrumentSymbol[],
  {
    client,
    settings,
    nowMs,
    logger,
    signal,
    onEvents,
    onLoaded,
  }: {
    readonly client: DnseRestClient;
    readonly settings: DnseOpenApiSettings;
    readonly nowMs: () => number;
    readonly logger: Logger;
    readonly signal: AbortSignal;
    readonly onEvents: (events: readonly FeedEvent[]) => void;
    /** Called for every symbol that need not be asked for again. */
    readonly onLoaded: (symbol: InstrumentSymbol) => void;
  },
): Promise<void> {
  const queue = symbols.filter((symbol) => !isIndexName(symbol)).values();
  let failures = 0;

  async function work(): Promise<void> {
    for (const symbol of queue) {
      if (signal.aborted || failures >= MOST_FAILURES) return;
      try {
        const rows = await client.definitions(symbol, signal);
        if (signal.aborted) return;
        failures = 0;
        onEvents(readDnseMessage(rows.filter(isOfRoundLots), context()));
        onLoaded(symbol);
      } catch (error) {
        if (signal.aborted) return;
        // A symbol the broker does not know says nothing of the others.
        const status = isWorkbenchError(error) ? error.details.status : undefined;
        if (status === 400 || status === 404) onLoaded(symbol);
        else failures += 1;
        logger.warn({ err: error, symbol }, "a reference price is missing");
      }
    }
  }

  function context() {
    return {
      source: "dnse",
      receivedAtMs: nowMs(),
      units: settings.units,
      zone: "ict",
      kind: "security_definition",
      board: "G1",
    } as const;
  }

  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
}

/** Definitions of other boards repeat the prices of the board of round lots. */
function isOfRoundLots(row: unknown): boolean {
  const board = (row as { boardId?: unknown } | null)?.boardId;
  return board === undefined || /(?:^|_)G1$|^2$/.test(String(board));
}
