// Runs in a worker thread, bundled by sql-bundle.ts. DuckDB and Arrow are read where the workbench is installed.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { DuckDBBindings, DuckDBConnection } from "@duckdb/duckdb-wasm/blocking";
import type { DataType, RecordBatchReader, Vector } from "apache-arrow";
import type { TableCell, TableColumn } from "../../../../engine/workflow/port-value.js";
import type { LoadedTable, SqlAnswer, SqlRequest } from "./sql-message.js";
import { type StatementToken, statementProblem, withoutEnd } from "./statement-problem.js";

const MOST_ROWS = 100_000;
const MOST_BYTES = 32 * 1024 * 1024;
const MEMORY = "512MB";

/** DuckDB's own name for the type of a token that is a comment. */
const COMMENT_TOKEN = 5;

const requireInstalled = createRequire((workerData as { resolveFrom: string }).resolveFrom);
const duckdb = requireInstalled("@duckdb/duckdb-wasm/blocking") as typeof import("@duckdb/duckdb-wasm/blocking");
const arrow = requireInstalled("apache-arrow") as typeof import("apache-arrow");

class TooLarge extends Error {}

let bindings: DuckDBBindings | undefined;

parentPort!.on("message", async (request: SqlRequest) => {
  try {
    answer(await run(request));
  } catch (error) {
    answer({ kind: error instanceof TooLarge ? "too-large" : "refused", problem: problemOf(error as Error) });
  }
});

function answer(message: SqlAnswer): void {
  parentPort!.postMessage(message);
}

async function run({ sql, tables }: SqlRequest): Promise<SqlAnswer> {
  bindings ??= await instantiate();
  const tokens = tokensOf(bindings, sql);
  const problem = statementProblem(sql, tokens);
  if (problem !== undefined) return { kind: "refused", problem };
  const connection = openClosedDatabase(bindings);
  try {
    for (const table of tables) addTable(connection, table);
    // A line of its own closes the bracket, whatever comment the statement ends with.
    return rowsOf(connection, `SELECT * FROM (${withoutEnd(sql, tokens)}\n) LIMIT ${MOST_ROWS + 1}`);
  } finally {
    connection.close();
  }
}

/** A database for one statement, closed to files, network and extensions before anything runs in it. */
function openClosedDatabase(database: DuckDBBindings): DuckDBConnection {
  database.reset();
  database.open({
    path: ":memory:",
    maximumThreads: 1,
    allowUnsignedExtensions: false,
    query: { castBigIntToDouble: true, castDecimalToDouble: true },
  });
  const connection = database.connect();
  for (const setting of [
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "temp_directory = ''",
    `memory_limit = '${MEMORY}'`,
    "enable_external_access = false",
    "lock_configuration = true",
  ]) {
    connection.query(`SET ${setting}`);
  }
  return connection;
}

function addTable(connection: DuckDBConnection, { name, stream, instants }: LoadedTable): void {
  connection.insertArrowFromIPCStream(stream, { name: `loaded_${name}`, create: true });
  const replaced = instants.map((column) => `make_timestamp((${column} * 1000)::BIGINT) AS ${column}`);
  const replace = replaced.length === 0 ? "" : `REPLACE (${replaced.join(", ")})`;
  connection.query(`CREATE VIEW ${name} AS SELECT * ${replace} FROM loaded_${name}`);
}

function rowsOf(connection: DuckDBConnection, sql: string): SqlAnswer {
  const result = arrow.RecordBatchReader.from(streamed(connection, sql)).open() as RecordBatchReader;
  const columns = result.schema.fields.map(({ name }): { name: string; cells: TableCell[] } => ({ name, cells: [] }));
  let rowCount = 0;
  for (const batch of result) {
    rowCount += batch.numRows;
    if (rowCount > MOST_ROWS) throw new TooLarge(`more than ${MOST_ROWS} rows`);
    for (const [at, { cells }] of columns.entries()) addCells(cells, batch.getChildAt(at)!);
  }
  return { kind: "rows", columns: columns satisfies TableColumn[], rowCount };
}

/** The answer chunk by chunk, prepared first: several statements cannot be prepared, so none is run. */
function* streamed(connection: DuckDBConnection, sql: string): Generator<Uint8Array> {
  let bytes = 0;
  const counted = (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new TooLarge(`more than ${MOST_BYTES} bytes`);
    return chunk;
  };
  const insideOf = connection.useUnsafe.bind(connection);
  const connectionId = insideOf((_, id) => id);
  const statement = bindings!.createPrepared(connectionId, sql);
  yield counted(bindings!.sendPrepared(connectionId, statement, []));
  for (;;) {
    const chunk = bindings!.fetchQueryResults(connectionId);
    if (chunk.length === 0) break;
    yield counted(chunk);
  }
  bindings!.closePrepared(connectionId, statement);
}

function addCells(cells: TableCell[], vector: Vector): void {
  const cellOf = cellReader(vector.type);
  for (let row = 0; row < vector.length; row++) {
    const value: unknown = vector.get(row);
    cells.push(value === null || value === undefined ? null : cellOf(value));
  }
}

/** Days and instants become texts, what is nested JSON; a number that is not finite is null. */
function cellReader(type: DataType): (value: unknown) => TableCell {
  const { DataType } = arrow;
  if (DataType.isBool(type)) return Boolean;
  if (DataType.isUtf8(type)) return String;
  if (DataType.isDate(type)) return (value) => isoText(Number(value)).slice(0, 10);
  if (DataType.isTimestamp(type)) return (value) => isoText(Number(value));
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type)) {
    return (value) => (Number.isFinite(Number(value)) ? Number(value) : null);
  }
  return (value) =>
    typeof value === "object"
      ? JSON.stringify(value, (_, each) => (typeof each === "bigint" ? Number(each) : each))
      : String(value);
}

function isoText(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms);
}

/** The database puts some of its messages in JSON. */
function problemOf({ message }: Error): string {
  try {
    return (JSON.parse(message) as { exception_message?: string }).exception_message ?? message;
  } catch {
    return message;
  }
}

function tokensOf(database: DuckDBBindings, sql: string): StatementToken[] {
  const { offsets, types } = database.tokenize(sql) as { offsets: readonly number[]; types: readonly number[] };
  return Array.from(offsets, (offset, at) => ({ offset, isComment: types[at] === COMMENT_TOKEN }));
}

async function instantiate(): Promise<DuckDBBindings> {
  const folder = dirname(requireInstalled.resolve("@duckdb/duckdb-wasm"));
  const engine = (name: string) => ({ mainModule: join(folder, `duckdb-${name}.wasm`), mainWorker: "" });
  const bundles = { mvp: engine("mvp"), eh: engine("eh") };
  const database = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  return database.instantiate(() => undefined);
}
