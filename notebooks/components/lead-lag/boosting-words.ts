import type { BoostingByLag, LagForecast } from "../../engine/lead-lag/boosting-by-lag.js";
import { simultaneousBand } from "../../engine/statistics/simultaneous-band.js";
import { formatChange, formatSigned } from "../format/number-format.js";

/** Lags whose forecasts could be traded. */
export function tradableForecasts({ lags }: BoostingByLag, isLagZeroTradable: boolean): readonly LagForecast[] {
  return lags.filter(({ lag }) => lag > 0 || isLagZeroTradable);
}

/** The size of IC that forecasts without any skill stay below at every lag, 95 times in 100. */
export function forecastBand({ testRows, lags }: BoostingByLag): number {
  return simultaneousBand({ n: testRows, tests: lags.length });
}

/** Whether any lag helps trees to forecast days they had not seen, as a title. */
export function boostingTitle(boosting: BoostingByLag, isLagZeroTradable: boolean, target: string): string {
  const forecasts = tradableForecasts(boosting, isLagZeroTradable);
  const best = forecasts.reduce((most, row) => (row.ic > most.ic ? row : most));
  const scores = `IC ${formatSigned(best.ic, 3)}, R² ${formatChange(best.r2, 1)}`;
  if (best.ic > forecastBand(boosting)) {
    return `Boosted trees forecast ${target} best from lag ${best.lag}: ${scores} out of sample`;
  }
  const nothing = `No lag lets boosted trees forecast ${target} beyond chance (best: lag ${best.lag}, ${scores})`;
  const linear = forecasts.reduce((most, row) => (row.linear.ic > most.linear.ic ? row : most));
  return linear.linear.ic > forecastBand(boosting)
    ? `${nothing}; a linear model does at lag ${linear.lag} (IC ${formatSigned(linear.linear.ic, 3)})`
    : nothing;
}
