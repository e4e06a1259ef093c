import { join } from "node:path";
import { arrowStream, arrowTable } from "../src/store/arrow/arrow-table.js";
import {
  Float64ColumnBuilder,
  TextColumnBuilder,
  TimestampColumnBuilder,
} from "../src/store/copy-binary/column-builders.js";
import { CopyColumnDecoder } from "../src/store/copy-binary/copy-decoder.js";
import type { Database } from "../src/store/database.js";
import type { Bench, BenchContext } from "./harness/bench.js";
import type { BenchResult } from "./harness/result.js";
import { runProgram } from "./harness/run-program.js";
import { takeTurns, timed } from "./harness/take-turns.js";
import { openTemporarySchema, type TemporarySchema } from "./harness/temporary-schema.js";

const SYMBOLS = 50;
const MINUTES = 20_000;
const WHAT = "PostgreSQL → Arrow IPC, 1M candles";
/** A plain scan: a sort in the server would only make both sides slower by the same time. */
const SELECT = "SELECT symbol, time, open, high, low, close, volume FROM market_candles_intraday";
/** From the server's tuples to the bytes that a page reads. */
export const candlesToArrow: Bench = {
  name: "candles-to-arrow",
  async run(context) {
    const schema = await openTemporarySchema(context.databaseUrl);
    try {
      await fillWithCandles(schema.database);
      return await compare(context, schema);
    } finally {
      await schema.dispose();
    }
  },
};

async function compare(
  { repeats, projectRoot }: BenchContext,
  { database, url }: TemporarySchema,
): Promise<BenchResult[]> {
  const rowsToArrow = join(projectRoot, "bench/rivals/pg-rows-to-arrow.ts");
  // All in the same rounds: only then do the two ratios speak of one state of the machine.
  const samples = await takeTurns(
    {
      ours: () => timed(() => candlesAsArrow(database)),
      psql: () =>
        timed(() => runProgram("psql", [url, "--quiet", "--command", `COPY (${SELECT}) TO STDOUT (FORMAT binary)`])),
      pg: async () =>
        Number(
          await runProgram(process.execPath, ["--import", "tsx", rowsToArrow, url, SELECT], {
            cwd: projectRoot,
            keepOutput: true,
          }),
        ),
    },
    repeats,
  );
  return [
    {
      kind: "ratio",
      what: WHAT,
      rival: "psql COPY (FORMAT binary) > /dev/null",
      oursMs: samples.ours,
      rivalMs: samples.psql,
      atLeast: 0.75,
      goal: 0.9,
    },
    {
      kind: "ratio",
      what: WHAT,
      rival: "pg rows → Arrow",
      oursMs: samples.ours,
      rivalMs: samples.pg,
      atLeast: 8,
    },
  ];
}

async function candlesAsArrow(database: Database): Promise<Uint8Array> {
  const symbols = new TextColumnBuilder();
  const times = new TimestampColumnBuilder();
  const values = Array.from({ length: 5 }, () => new Float64ColumnBuilder());
  const decoder = new CopyColumnDecoder([symbols, times, ...values]);
  await database.copyOut(`COPY (${SELECT}) TO STDOUT (FORMAT binary)`, decoder);
  const [open, high, low, close, volume] = values.map(
    (builder) => ({ type: "float64", values: builder.values }) as const,
  );
  const table = arrowTable(
    {
      symbol: { type: "dictionary", dictionary: symbols.dictionary, codes: symbols.codes },
      time: { type: "instant", values: times.values },
      open: open!,
      high: high!,
      low: low!,
      close: close!,
      volume: volume!,
    },
    decoder.rowCount,
    new Map(),
  );
  return arrowStream(table);
}

async function fillWithCandles(database: Database): Promise<void> {
  await database.execute(`
    CREATE TABLE market_candles_of_the_bench PARTITION OF market_candles_intraday DEFAULT;
    INSERT INTO market_candles_intraday (symbol, simulated, interval_seconds, time, open, high, low, close, volume, batch_id)
    SELECT 'SYM' || symbol, true, 60, TIMESTAMPTZ '2026-01-05 02:00Z' + minute * INTERVAL '1 minute', price, price * 1.01,
           price * 0.99, price * 1.005, minute * 100, 0
      FROM generate_series(1, ${SYMBOLS}) AS symbol, generate_series(1, ${MINUTES}) AS minute,
           LATERAL (SELECT 10000 + (symbol * 7919 + minute * 104729::bigint) % 90000 AS price) AS walk;
    ANALYZE market_candles_intraday`);
  // Outside a transaction: hint bits and visibility are then the same for whoever reads first.
  await database.execute("VACUUM market_candles_intraday");
}
