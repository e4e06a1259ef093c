import { WorkbenchError } from "../engine/errors.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../engine/market-data/instrument-symbol.js";
import type { DatabaseSession } from "../store/database.js";
import { activeDataset } from "../store/queries/data-version.js";

const SUGGESTIONS = 5;

/** The dataset shown now, when it has candles of this symbol. @throws SYMBOL_UNKNOWN with symbols that look alike */
export async function requireSymbol(session: DatabaseSession, symbol: InstrumentSymbol): Promise<Dataset> {
  const dataset = await activeDataset(session);
  const simulated = dataset === "simulated";
  const [found] = await session.query<{ present: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM market_candles_daily WHERE symbol = $1 AND simulated = $2)
         OR EXISTS (SELECT 1 FROM market_candles_intraday WHERE symbol = $1 AND simulated = $2) AS present`,
    [symbol, simulated],
  );
  if (found!.present) return dataset;
  const alike = await session.query<{ symbol: string }>(
    "SELECT symbol FROM instruments WHERE simulated = $1 AND symbol LIKE $2 || '%' ORDER BY symbol LIMIT $3",
    [simulated, symbol.slice(0, 2), SUGGESTIONS],
  );
  const hint = alike.length > 0 ? `; alike: ${alike.map((row) => row.symbol).join(", ")}` : "";
  throw new WorkbenchError(
    "SYMBOL_UNKNOWN",
    `unknown symbol: ${symbol} (quantflow symbols lists what is stored${hint})`,
    {
      details: { symbol },
    },
  );
}
