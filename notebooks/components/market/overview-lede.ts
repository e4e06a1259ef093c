import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { type ChangePeriod, periodInWords } from "./change-period.js";
import { leadingIndex } from "./index-cards.js";
import { marketBreadth } from "./market-breadth.js";
import { marketHeadline } from "./market-headline.js";
import { equitiesOf, type MarketSnapshot } from "./market-snapshot.js";
import { noPrices } from "./no-prices.js";
import { NO_SECTOR } from "./no-sector.js";
import { sectorPerformance } from "./sector-performance.js";

/** The headline of the overview, or what to do when the store holds nothing. */
export function overviewLede(snapshot: MarketSnapshot, period: ChangePeriod): HTMLElement {
  if (snapshot.rows.length === 0) return noPrices("Indexes, breadth, movers, sectors and every instrument");
  const shares = equitiesOf(snapshot);
  const index = leadingIndex(snapshot);
  const headline = marketHeadline({
    index: index && {
      name: index.symbol,
      close: index.close,
      change: index.changes[period],
      day: formatDay(index.dayMs),
    },
    day: formatDay(snapshot.marketDayMs),
    breadth: marketBreadth(shares.map((share) => ({ ...share, change: share.changes[period] }))),
    sectors: sectorPerformance(shares, period)
      .filter(({ sector }) => sector !== NO_SECTOR)
      .map(({ sector, medianChange }) => ({ sector, change: medianChange })),
    period: periodInWords(period),
  });
  return element("p", {}, headline);
}
