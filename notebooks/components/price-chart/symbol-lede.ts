import { emptyState, IMPORT_COMMAND } from "../frame/state-block.js";
import type { SnapshotRow } from "../market/market-snapshot.js";
import type { PriceHistory } from "./price-history.js";
import { symbolHeading } from "./symbol-heading.js";

/** What stands below the symbol: its last figures, or why there are none. */
export function symbolLede(symbol: string, row: SnapshotRow | undefined, history: PriceHistory): HTMLElement {
  if (row && history.dayMs.length > 0) return symbolHeading(row);
  return emptyState({
    isWholePage: true,
    title: `No prices of ${symbol}`,
    reason: "Its candles, indicators, returns and drawdown will stand here once a file with this symbol is imported:",
    commands: [IMPORT_COMMAND],
  });
}
