import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { PROJECT_ROOT } from "./quantflow-process.js";

const FOLDER = resolve(PROJECT_ROOT, "../shared/data");

/** Why tests on real market data cannot run here; `undefined` when they can. */
export const realDataUnavailable: string | undefined = existsSync(FOLDER)
  ? undefined
  : "skipped: no ../shared/data beside the repository";

/** Files of real market data, outside the repository for want of a licence. */
export const REAL_FILES = {
  sectors: `${FOLDER}/equities/vn_tickers_sector_marketcap_2021.csv`,
  vn100: `${FOLDER}/equities/vn100_daily_2015_2026.csv.gz`,
  vn30Unadjusted: `${FOLDER}/equities/vn30_unadjusted_dirty_2015_2026.csv.gz`,
  vnIndexes: `${FOLDER}/equities/vn_indexes_daily_2004_2026.csv.gz`,
  sp500: `${FOLDER}/equities/sp500_daily_2013_2018.csv.gz`,
  chineseFutures: `${FOLDER}/commodities/cn_futures_daily.csv.gz`,
  energy: `${FOLDER}/commodities/energy_spot_eia_daily.csv.gz`,
  dollarInDong: `${FOLDER}/fx/usdvnd_yahoo_2020_2026.csv`,
  vn30Future: `${FOLDER}/intraday/vn30f1m_5min_2018_2024.csv.gz`,
  ironHpgCorrelations: `${FOLDER}/reference/iron_hpg_ccf.csv`,
} as const;
