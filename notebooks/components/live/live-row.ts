import type { ChangePeriod } from "../market/change-period.js";
import type { SnapshotRow } from "../market/market-snapshot.js";
import { type LivePrice, liveDayMs } from "./live-price.js";

const PERIODS_FROM_SNAPSHOT = ["1w", "1m", "3m", "ytd", "1y"] as const satisfies readonly ChangePeriod[];

/**
 * A row of the snapshot with the price of the stream in the place of its last close. The change on the day is from
 * the stream's reference price; other periods begin where the snapshot's begin, and are unknown for a day before it.
 */
export function liveRow(row: SnapshotRow, now: LivePrice): SnapshotRow {
  const dayMs = liveDayMs(now.eventTimeMs);
  const day = Number.isFinite(dayMs) ? dayMs : row.dayMs;
  const isPast = day < row.dayMs;
  const since = Object.fromEntries(
    PERIODS_FROM_SNAPSHOT.map((period) => [
      period,
      isPast ? Number.NaN : (now.price / row.close) * (1 + row.changes[period]) - 1,
    ]),
  ) as Record<(typeof PERIODS_FROM_SNAPSHOT)[number], number>;
  const fallback = row.dayMs === day ? row.close / (1 + row.changes["1d"]) : row.close;
  const onTheDay = Number.isFinite(now.change) ? now.change : isPast ? Number.NaN : now.price / fallback - 1;
  return {
    ...row,
    dayMs: day,
    close: now.price,
    changes: { "1d": onTheDay, ...since },
    volume: now.volume,
    tradedValue: now.value > 0 ? now.value : now.price * now.volume,
    recentCloses: isPast ? row.recentCloses : withLastClose(row, now.price, day),
  };
}

function withLastClose({ recentCloses, dayMs }: SnapshotRow, price: number, day: number): Float32Array {
  const before =
    day === dayMs ? recentCloses.subarray(0, -1) : recentCloses.subarray(recentCloses.length >= 60 ? 1 : 0);
  const closes = new Float32Array(before.length + 1);
  closes.set(before);
  closes[before.length] = price;
  return closes;
}
