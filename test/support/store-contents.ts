import type { DatabaseSession, Row } from "../../src/store/database.js";
import { readDataVersion } from "../../src/store/queries/data-version.js";

export interface StoreContents {
  readonly watermark: string;
  readonly candles: readonly Row[];
  readonly instruments: readonly Row[];
  readonly findings: readonly Row[];
  readonly calendar: readonly Row[];
  readonly batches: readonly Row[];
}

/** Everything stored that a query or a person can see, in a fixed order; for stores of test size. */
export async function storeContents(session: DatabaseSession): Promise<StoreContents> {
  return {
    watermark: (await readDataVersion(session)).watermark,
    candles: await session.query(
      `SELECT symbol, simulated, interval_seconds, time, open, high, low, close, volume FROM market_candles
        ORDER BY symbol, simulated, interval_seconds, time`,
    ),
    instruments: await session.query("SELECT * FROM instruments ORDER BY symbol, simulated"),
    findings: await session.query(
      `SELECT kind, severity, symbol, simulated, interval_seconds, from_time, to_time, row_count, message
         FROM data_quality_findings ORDER BY symbol, interval_seconds, from_time, to_time, kind, message`,
    ),
    calendar: await session.query("SELECT * FROM trading_calendar ORDER BY exchange, trading_date"),
    batches: await session.query(
      `SELECT kind, file_name, source, mapping, interval_seconds, rows_read, rows_new, rows_identical, rows_conflicting,
              rows_left_out, rows_rejected, symbol_count, first_time, last_time
         FROM import_batches ORDER BY id`,
    ),
  };
}
