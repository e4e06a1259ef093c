import { type InstrumentSymbol, instrumentSymbol } from "../market-data/instrument-symbol.js";

export type ForeignCalendar = "chinese-futures" | "global";

/** A commodity or exchange rate of the demo market. The name is a fact; every number is made up in a plausible size. */
export interface SimulatedCommodity {
  readonly symbol: InstrumentSymbol;
  readonly name: string;
  readonly sector: string;
  readonly industry: string;
  readonly calendar: ForeignCalendar;
  readonly firstReferencePrice: number;
  readonly priceStep: number;
  readonly dailyVolatility: number;
  /** Share of the variance that it has in common with its industry; the rest is its own. */
  readonly commonVariance: number;
  /** Typical contracts a day; 0 for a series without volume. */
  readonly dailyVolume: number;
}

export const SIMULATED_COMMODITIES: readonly SimulatedCommodity[] = [
  future("DCE.I", "Iron ore, Dalian", "Ferrous metals", [800, 0.5, 0.019, 0.4, 500_000]),
  future("DCE.JM", "Coking coal, Dalian", "Ferrous metals", [1_500, 0.5, 0.021, 0.4, 300_000]),
  future("SHFE.HC", "Hot-rolled coil, Shanghai", "Ferrous metals", [4_000, 1, 0.013, 0.4, 600_000]),
  spot("BRENT", "Brent crude oil", "Energy", [70, 0.01, 0.02, 0.85, 0]),
  spot("WTI", "WTI crude oil", "Energy", [66, 0.01, 0.021, 0.85, 0]),
  future("SHFE.RU", "Natural rubber, Shanghai", "Soft commodities", [14_000, 5, 0.016, 0.1, 350_000]),
  future("CZCE.SR", "White sugar, Zhengzhou", "Soft commodities", [5_600, 1, 0.009, 0.1, 300_000]),
  future("CZCE.UR", "Urea, Zhengzhou", "Fertilisers", [2_000, 1, 0.015, 0.1, 150_000]),
  { ...spot("USDVND", "US dollar in dong", "Exchange rates", [24_000, 1, 0.0018, 0, 0]), sector: "Currencies" },
];

type Figures = readonly [
  firstReferencePrice: number,
  priceStep: number,
  dailyVolatility: number,
  commonVariance: number,
  dailyVolume: number,
];

function future(symbol: string, name: string, industry: string, figures: Figures): SimulatedCommodity {
  return { ...spot(symbol, name, industry, figures), calendar: "chinese-futures" };
}

function spot(symbol: string, name: string, industry: string, figures: Figures): SimulatedCommodity {
  const [firstReferencePrice, priceStep, dailyVolatility, commonVariance, dailyVolume] = figures;
  return {
    symbol: instrumentSymbol(symbol),
    name,
    sector: "Commodities",
    industry,
    calendar: "global",
    firstReferencePrice,
    priceStep,
    dailyVolatility,
    commonVariance,
    dailyVolume,
  };
}
