import type { CandleSeries } from "../market-data/candle-columns.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import { dailyCandles, type PriceRules } from "./daily-candles.js";
import { hosePriceLimits, roundToHoseStep } from "./hose-prices.js";
import { PLANTED_LEAD_LAGS, type PlantedLeadLag } from "./planted-lead-lags.js";
import { shockProcess, streamSeed } from "./shock-process.js";
import { SIMULATED_COMMODITIES } from "./simulated-commodities.js";
import { SIMULATED_SHARES, type SimulatedShare } from "./simulated-shares.js";

/** Parts of a share's variance, before planted dependences take theirs. */
const MARKET_VARIANCE = 0.35;
const SECTOR_VARIANCE = 0.15;
const OWN_VARIANCE = 1 - MARKET_VARIANCE - SECTOR_VARIANCE;
/** Expected simple return of a day; 250 of them make 10% a year. */
const DAILY_DRIFT = 0.0004;
/** Share of the outstanding free float traded on a typical day. */
const DAILY_TURNOVER = 0.003;
const ROUND_LOT = 100;

const HOSE_RULES: PriceRules = { round: roundToHoseStep, limits: hosePriceLimits };

/** Daily candles of every share, led by the commodities as `PLANTED_LEAD_LAGS` says. */
export function shareCandles(
  seed: number,
  tradingDaysMs: Float64Array,
  commodities: ReadonlyMap<InstrumentSymbol, CandleSeries>,
): Map<InstrumentSymbol, CandleSeries> {
  const shocksOf = (stream: string) => {
    const nextShock = shockProcess(streamSeed(seed, stream));
    return tradingDaysMs.map(() => nextShock());
  };
  const market = shocksOf("market");
  const sectors = new Map(SIMULATED_SHARES.map(({ sector }) => [sector, shocksOf(`sector:${sector}`)]));

  const series = new Map<InstrumentSymbol, CandleSeries>();
  for (const share of SIMULATED_SHARES) {
    const own = shocksOf(share.symbol);
    const sector = sectors.get(share.sector)!;
    const leads = PLANTED_LEAD_LAGS.filter(({ target }) => target === share.symbol);
    const ledShocks = leads.map((lead) => laggedShocks(lead, commodities.get(lead.source)!, tradingDaysMs));
    const ledVariance = leads.reduce((sum, { correlation }) => sum + correlation ** 2, 0);

    const returns = tradingDaysMs.map((_, day) => {
      const unled =
        Math.sqrt(MARKET_VARIANCE) * market[day]! +
        Math.sqrt(SECTOR_VARIANCE) * sector[day]! +
        Math.sqrt(OWN_VARIANCE) * own[day]!;
      let shock = Math.sqrt(1 - ledVariance) * unled;
      for (const [index, lead] of leads.entries()) shock += lead.correlation * ledShocks[index]![day]!;
      return DAILY_DRIFT + share.dailyVolatility * shock;
    });
    series.set(share.symbol, candlesOf(share, seed, tradingDaysMs, returns));
  }
  return series;
}

function candlesOf(
  { symbol, dailyVolatility, firstReferencePrice, shareCount, freeFloat }: SimulatedShare,
  seed: number,
  tradingDaysMs: Float64Array,
  returns: Float64Array,
): CandleSeries {
  return dailyCandles(tradingDaysMs, returns, {
    seed,
    stream: symbol,
    firstReferencePrice,
    dailyVolatility,
    typicalVolume: shareCount * freeFloat * DAILY_TURNOVER,
    volumeStep: ROUND_LOT,
    rules: HOSE_RULES,
  });
}

/**
 * For each trading day of the target, the source's return `lagDays` common days earlier, in units of the
 * source's volatility. Returns run from one common day to the next, as a study of the pair measures them; the
 * shock is 0 on days without the source and before there is enough history.
 */
function laggedShocks(
  { source, lagDays }: PlantedLeadLag,
  candles: CandleSeries,
  tradingDaysMs: Float64Array,
): Float64Array {
  const volatility = SIMULATED_COMMODITIES.find(({ symbol }) => symbol === source)!.dailyVolatility;
  const shocks = new Float64Array(tradingDaysMs.length);
  const commonCloses: number[] = [];
  let row = 0;
  for (const [day, dayMs] of tradingDaysMs.entries()) {
    while (row < candles.length && candles.openedAtMs[row]! < dayMs) row++;
    if (candles.openedAtMs[row] !== dayMs) continue;
    commonCloses.push(candles.close[row]!);
    const to = commonCloses.at(-1 - lagDays);
    const from = commonCloses.at(-2 - lagDays);
    if (to !== undefined && from !== undefined) shocks[day] = (to / from - 1) / volatility;
  }
  return shocks;
}
