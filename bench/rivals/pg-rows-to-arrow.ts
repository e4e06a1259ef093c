import { Dictionary, Int32, Table, TimestampMillisecond, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import pg from "pg";

/*
 * The obvious way from PostgreSQL to Arrow: `pg` gives an object per row, the columns are gathered from the objects.
 * Reads the address and a SELECT from the command line; prints the milliseconds that the work took, connection
 * included and the start of Node left out. The first run, on code that is not compiled yet, does not count.
 */

interface CandleRow {
  readonly symbol: string;
  readonly time: Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

async function selectToArrow(databaseUrl: string, select: string): Promise<Uint8Array> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<CandleRow>(select);
  await client.end();
  const numbers = (column: Exclude<keyof CandleRow, "symbol" | "time">) =>
    Float64Array.from(rows, (row) => row[column]);
  const table = new Table({
    symbol: vectorFromArray(
      rows.map((row) => row.symbol),
      new Dictionary(new Utf8(), new Int32()),
    ),
    time: vectorFromArray(
      rows.map((row) => row.time),
      new TimestampMillisecond("UTC"),
    ),
    open: vectorFromArray(numbers("open")),
    high: vectorFromArray(numbers("high")),
    low: vectorFromArray(numbers("low")),
    close: vectorFromArray(numbers("close")),
    volume: vectorFromArray(numbers("volume")),
  });
  return tableToIPC(table, "stream");
}

const [databaseUrl = "", select = ""] = process.argv.slice(2);
await selectToArrow(databaseUrl, select);
const startedAtMs = performance.now();
await selectToArrow(databaseUrl, select);
console.log(performance.now() - startedAtMs);
