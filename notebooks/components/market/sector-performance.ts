import { desc, from, op } from "npm:arquero";
import type { ChangePeriod } from "./change-period.js";
import type { SnapshotRow } from "./market-snapshot.js";
import { NO_SECTOR } from "./no-sector.js";

/** What a sector did over a period. Changes are fractions. */
export interface SectorPerformance {
  readonly sector: string;
  readonly medianChange: number;
  /** Weighted by market cap, over the shares that have one; `NaN` when none has. */
  readonly weightedChange: number;
  readonly shares: number;
  readonly rising: number;
}

/** Median and cap-weighted change of each sector, best median first. Shares without a change are left out. */
export function sectorPerformance(shares: readonly SnapshotRow[], period: ChangePeriod): SectorPerformance[] {
  const rows = shares
    .map((share) => ({
      sector: share.sector ?? NO_SECTOR,
      change: share.changes[period],
      cap: share.marketCap || 0,
      rose: share.changes[period] > 0 ? 1 : 0,
    }))
    .filter(({ change }) => Number.isFinite(change))
    .map((row) => ({ ...row, capTimesChange: row.cap * row.change }));
  if (rows.length === 0) return [];
  return from(rows)
    .groupby("sector")
    .rollup({
      medianChange: op.median("change"),
      cap: op.sum("cap"),
      capTimesChange: op.sum("capTimesChange"),
      shares: op.count(),
      rising: op.sum("rose"),
    })
    .derive({ weightedChange: "d => d.cap > 0 ? d.capTimesChange / d.cap : NaN" })
    .orderby(desc("medianChange"))
    .select("sector", "medianChange", "weightedChange", "shares", "rising")
    .objects() as SectorPerformance[];
}
