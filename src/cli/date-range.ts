import { WorkbenchError } from "../engine/errors.js";
import { type EpochMs, epochMs, MS_PER_DAY } from "../engine/units/epoch-ms.js";
import { type TradingDate, tradingDateToEpochMs } from "../engine/units/trading-date.js";

/** The candles from one trading date to another, both included, as bounds of a selection. @throws RANGE_INVALID */
export function dateRange({
  from,
  to,
}: {
  readonly from?: TradingDate | undefined;
  readonly to?: TradingDate | undefined;
}): { readonly fromMs?: EpochMs; readonly toMsExclusive?: EpochMs } {
  if (from !== undefined && to !== undefined && from > to) {
    throw new WorkbenchError("RANGE_INVALID", `invalid --from: ${from} (accepted: a date up to --to, ${to})`);
  }
  return {
    ...(from === undefined ? {} : { fromMs: tradingDateToEpochMs(from) }),
    ...(to === undefined ? {} : { toMsExclusive: epochMs(tradingDateToEpochMs(to) + MS_PER_DAY) }),
  };
}
