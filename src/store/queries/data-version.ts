import type { Dataset } from "../../engine/market-data/dataset.js";
import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import type { DatabaseSession } from "../database.js";

export interface DataVersion {
  /** Equal watermarks mean that every query gives the same answer. */
  readonly watermark: string;
  readonly changedAtMs: EpochMs;
}

export async function readDataVersion(session: DatabaseSession): Promise<DataVersion> {
  const [row] = await session.query<{ store_id: string; version: string; changed_at: Date }>(
    "SELECT store_id, version, changed_at FROM data_version",
  );
  return { watermark: `${row!.store_id}:${row!.version}`, changedAtMs: epochMs(row!.changed_at.getTime()) };
}

/** Call inside every transaction that changes what a query can see. */
export async function raiseDataVersion(session: DatabaseSession): Promise<void> {
  await session.execute("UPDATE data_version SET version = version + 1, changed_at = now()");
}

/** The dataset that pages and commands show: simulated data counts only while nothing else is stored. */
export async function activeDataset(session: DatabaseSession): Promise<Dataset> {
  const [row] = await session.query<{ market: boolean }>(`
    SELECT EXISTS (SELECT 1 FROM market_candles_daily WHERE NOT simulated)
        OR EXISTS (SELECT 1 FROM market_candles_intraday WHERE NOT simulated) AS market`);
  if (row!.market) return "market";
  const [demo] = await session.query<{ present: boolean }>(
    "SELECT EXISTS (SELECT 1 FROM market_candles_daily WHERE simulated) AS present",
  );
  return demo!.present ? "simulated" : "market";
}
