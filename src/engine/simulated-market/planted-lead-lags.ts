import { type InstrumentSymbol, instrumentSymbol } from "../market-data/instrument-symbol.js";

/** A dependence written into the demo market: the target follows the source. */
export interface PlantedLeadLag {
  readonly source: InstrumentSymbol;
  readonly target: InstrumentSymbol;
  /** Days on which both trade, from the source's return to the target's. */
  readonly lagDays: number;
  /** Correlation of the two returns at that lag, apart from sampling error. */
  readonly correlation: number;
}

/**
 * Every lead-lag of the demo market. A source's own relatives echo it: coking coal and hot-rolled coil share a
 * factor with iron ore, WTI with Brent, so each leads the same targets more weakly. Sugar leads nothing.
 */
export const PLANTED_LEAD_LAGS: readonly PlantedLeadLag[] = [
  leadLag("DCE.I", "HPG", 5, 0.3),
  leadLag("BRENT", "PLX", 1, 0.3),
  leadLag("BRENT", "GAS", 2, 0.35),
  leadLag("BRENT", "VJC", 3, -0.25),
  leadLag("SHFE.RU", "GVR", 3, 0.3),
  leadLag("CZCE.UR", "DGC", 4, 0.25),
  leadLag("USDVND", "FPT", 7, 0.2),
];

function leadLag(source: string, target: string, lagDays: number, correlation: number): PlantedLeadLag {
  return { source: instrumentSymbol(source), target: instrumentSymbol(target), lagDays, correlation };
}
