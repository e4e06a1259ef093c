import { WorkbenchError } from "../../engine/errors.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { DatabaseSession } from "../../store/database.js";
import { isKnownInstrument } from "../../store/queries/market-api-feed.js";

/** For a symbol of which nothing is stored. @throws SYMBOL_UNKNOWN unless it is one of the instruments */
export async function requireInstrument(
  session: DatabaseSession,
  { symbol, dataset }: { symbol: InstrumentSymbol; dataset: Dataset },
): Promise<void> {
  if (await isKnownInstrument(session, { symbol, dataset })) return;
  throw new WorkbenchError("SYMBOL_UNKNOWN", `unknown symbol: ${symbol} (accepted: one of /api/market/instruments)`, {
    details: { fields: ["symbol"] },
  });
}
