import { type InstrumentSymbol, instrumentSymbol } from "../market-data/instrument-symbol.js";

/** A share of the demo market. Name and sector are facts; every number is made up in a plausible size. */
export interface SimulatedShare {
  readonly symbol: InstrumentSymbol;
  readonly name: string;
  /** Industry Classification Benchmark, level 2. */
  readonly sector: string;
  readonly industry: string;
  /** Constant: the demo market has no splits, dividends or issues. */
  readonly shareCount: number;
  /** Fraction of the shares that counts in VN30. */
  readonly freeFloat: number;
  /** Reference price of the first day, VND. */
  readonly firstReferencePrice: number;
  readonly dailyVolatility: number;
}

/**
 * The thirty members of VN30 from 2026-02-02 on, as announced by HOSE in January 2026. In the demo market they
 * are listed, and in the index, from its first day.
 */
export const SIMULATED_SHARES: readonly SimulatedShare[] = [
  share("ACB", "Asia Commercial Bank", "Banks", "Banks", [5_140, 0.85, 24_000, 0.015]),
  share("BID", "Bank for Investment and Development of Vietnam", "Banks", "Banks", [7_020, 0.05, 40_000, 0.017]),
  share("CTG", "VietinBank", "Banks", "Banks", [7_770, 0.15, 35_000, 0.018]),
  share("DGC", "Duc Giang Chemicals Group", "Chemicals", "Specialty chemicals", [380, 0.6, 70_000, 0.023]),
  share("FPT", "FPT Corporation", "Technology", "Software and computer services", [1_700, 0.85, 85_000, 0.017]),
  share("GAS", "PetroVietnam Gas", "Utilities", "Gas distribution", [2_410, 0.05, 75_000, 0.016]),
  share("GVR", "Vietnam Rubber Group", "Chemicals", "Rubber", [4_000, 0.05, 32_000, 0.023]),
  share("HDB", "HDBank", "Banks", "Banks", [5_000, 0.75, 26_000, 0.018]),
  share("HPG", "Hoa Phat Group", "Basic Resources", "Steel", [7_680, 0.55, 28_000, 0.02]),
  share("LPB", "LPBank", "Banks", "Banks", [2_990, 0.9, 45_000, 0.019]),
  share("MBB", "Military Commercial Bank", "Banks", "Banks", [8_050, 0.55, 26_000, 0.018]),
  share("MSN", "Masan Group", "Food and Beverage", "Food producers", [1_450, 0.5, 78_000, 0.02]),
  share("MWG", "Mobile World Investment", "Retail", "Specialty retail", [1_480, 0.75, 80_000, 0.02]),
  share("PLX", "Petrolimex", "Oil and Gas", "Oil refining and marketing", [1_270, 0.1, 40_000, 0.018]),
  share("SAB", "Sabeco", "Food and Beverage", "Brewers", [1_280, 0.11, 47_000, 0.014]),
  share("SHB", "Saigon Hanoi Commercial Bank", "Banks", "Banks", [4_590, 0.8, 15_000, 0.02]),
  share("SSB", "SeABank", "Banks", "Banks", [2_850, 0.6, 17_500, 0.015]),
  share("SSI", "SSI Securities", "Financial Services", "Investment services", [2_490, 0.7, 30_000, 0.023]),
  share("STB", "Sacombank", "Banks", "Banks", [1_890, 0.95, 55_000, 0.02]),
  share("TCB", "Techcombank", "Banks", "Banks", [7_090, 0.65, 33_000, 0.018]),
  share("TPB", "TPBank", "Banks", "Banks", [2_770, 0.65, 16_500, 0.018]),
  share("VCB", "Vietcombank", "Banks", "Banks", [8_360, 0.1, 60_000, 0.014]),
  share("VHM", "Vinhomes", "Real Estate", "Residential property", [4_110, 0.3, 100_000, 0.02]),
  share("VIB", "Vietnam International Bank", "Banks", "Banks", [3_400, 0.6, 18_000, 0.017]),
  share("VIC", "Vingroup", "Real Estate", "Real estate holding", [7_710, 0.35, 120_000, 0.021]),
  share("VJC", "Vietjet Aviation", "Travel and Leisure", "Airlines", [592, 0.5, 130_000, 0.017]),
  share("VNM", "Vinamilk", "Food and Beverage", "Food producers", [2_090, 0.4, 62_000, 0.013]),
  share("VPB", "VPBank", "Banks", "Banks", [7_930, 0.6, 27_500, 0.019]),
  share("VPL", "Vinpearl", "Travel and Leisure", "Hotels", [1_790, 0.15, 85_000, 0.021]),
  share("VRE", "Vincom Retail", "Real Estate", "Retail property", [2_270, 0.4, 28_000, 0.02]),
];

function share(
  symbol: string,
  name: string,
  sector: string,
  industry: string,
  [millionShares, freeFloat, firstReferencePrice, dailyVolatility]: readonly [number, number, number, number],
): SimulatedShare {
  const shareCount = millionShares * 1_000_000;
  return {
    symbol: instrumentSymbol(symbol),
    name,
    sector,
    industry,
    shareCount,
    freeFloat,
    firstReferencePrice,
    dailyVolatility,
  };
}
