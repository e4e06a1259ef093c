import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SqlDesk, type TableLoader } from "../../../../src/server/workflows/services/sql/sql-desk.js";
import { arrowStream, arrowTable } from "../../../../src/store/arrow/arrow-table.js";

const never = new AbortController().signal;
const desk = new SqlDesk();
afterAll(() => desk.close());

const quotes = arrowTable(
  {
    symbol: { type: "text", values: ["FPT", "HPG"] },
    price: { type: "float64", values: Float64Array.of(85_000, 28_000) },
    at: { type: "float64", values: Float64Array.of(Date.parse("2026-03-02T07:45:00Z"), 0) },
  },
  2,
  new Map(),
);

let loaded = 0;
const load: TableLoader = async (words) => {
  if (words.has("quotes")) loaded++;
  return words.has("quotes") ? [{ name: "quotes", stream: arrowStream(quotes), instants: ["at"] }] : [];
};
const query = (sql: string, signal = never) => desk.query(sql, load, signal);

const folder = mkdtempSync(join(tmpdir(), "quantflow-sql-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("SqlDesk.query(sql, load, signal)", () => {
  it("answers over the tables that the statement names", async () => {
    expect(
      await query("SELECT symbol, price / 1000 AS thousands, at FROM quotes ORDER BY price -- cheapest first"),
    ).toEqual({
      rowCount: 2,
      columns: [
        { name: "symbol", cells: ["HPG", "FPT"] },
        { name: "thousands", cells: [28, 85] },
        { name: "at", cells: ["1970-01-01T00:00:00.000Z", "2026-03-02T07:45:00.000Z"] },
      ],
    });
  });

  it("loads nothing that is not named, and takes names of its own as such", async () => {
    const before = loaded;
    expect(await query("WITH quotes_now AS (SELECT 1 AS one) SELECT one FROM quotes_now")).toEqual({
      rowCount: 1,
      columns: [{ name: "one", cells: [1] }],
    });
    expect(loaded).toBe(before);
  });

  it.each([
    ["SELECT 1;", [1]],
    ["SELECT 1; -- the end", [1]],
    ["/* first */ VALUES (1)", [1]],
    ["(SELECT 1)", [1]],
    ["FROM range(3) SELECT count(*)", [3]],
    ["SELECT ';' AS text", [";"]],
    ["SELECT DATE '2026-03-02'", ["2026-03-02"]],
    ["SELECT 12345678901::BIGINT", [12_345_678_901]],
    ["SELECT 1.25::DECIMAL(10, 2)", [1.25]],
    ["SELECT true", [true]],
    ["SELECT NULL", [null]],
    ["SELECT 'NaN'::DOUBLE", [null]],
    ["SELECT [1, 2]", ["[1,2]"]],
  ])("answers %s", async (sql, cells) => {
    expect((await query(sql)).columns[0]!.cells).toEqual(cells);
  });

  it("forgets everything from one statement to the next", async () => {
    await query("SELECT * FROM quotes");
    await expect(query("SELECT * FROM loaded_quotes")).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  });

  it.each([
    "",
    "-- nothing",
    "CREATE TABLE t (a INTEGER)",
    "INSERT INTO quotes VALUES (1)",
    "DELETE FROM quotes",
    "UPDATE quotes SET price = 0",
    "DROP TABLE quotes",
    "COPY (SELECT 1) TO '/tmp/quantflow-sql.csv'",
    "COPY quotes FROM '/etc/passwd'",
    "ATTACH '/tmp/quantflow-sql.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "PRAGMA database_list",
    "EXPORT DATABASE '/tmp/quantflow-sql'",
    "CALL pragma_version()",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE quotes",
    "SELECT 1) LIMIT 1; DROP VIEW quotes; SELECT (1",
    "WITH gone AS (DELETE FROM quotes RETURNING *) SELECT * FROM gone",
    "SELECT * FROM (INSERT INTO quotes VALUES (1))",
    "SELECT FROM WHERE",
    "SELECT * FROM nothing_of_this_name",
  ])("refuses what writes, or is not one statement that reads: %s", async (sql) => {
    await expect(query(sql)).rejects.toMatchObject({
      code: "REQUEST_INVALID",
      message: expect.stringMatching(/^invalid sql: .+ \(accepted: one SELECT over candles, instruments and quotes\)$/),
    });
  });

  it.each([
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_parquet('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM '/etc/passwd.csv'",
    "SELECT * FROM 'https://example.org/a.parquet'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM parquet_metadata('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT getenv('HOME')",
    "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
  ])("refuses what reads files, the network or the environment: %s", async (sql) => {
    await expect(query(sql)).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  });

  it.each([
    (path: string) => `ATTACH '${path}.db'`,
    (path: string) => `COPY (SELECT 1) TO '${path}.csv'`,
    (path: string) => `EXPORT DATABASE '${path}'`,
    (path: string) => `SELECT * FROM read_csv('${path}.csv')`,
    (path: string) => `SELECT * FROM read_blob('${path}')`,
    (path: string) => `SELECT * FROM read_parquet('${path}.parquet')`,
    (path: string) => `SELECT * FROM '${path}.parquet'`,
    (path: string) => `SELECT 1) LIMIT 1; ATTACH '${path}.db'; SELECT * FROM (SELECT 1`,
  ])("leaves no file behind: %s", async (statement) => {
    await expect(query(statement(join(folder, "new")))).rejects.toMatchObject({ code: "REQUEST_INVALID" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ["100,001 rows", "SELECT * FROM range(100001)"],
    ["100 MB in one cell", "SELECT repeat('x', 100000000)"],
    ["100 MB in many cells", "SELECT repeat('x', 1000) FROM range(100000)"],
  ])("refuses an answer of %s", async (_case, sql) => {
    await expect(query(sql)).rejects.toMatchObject({ code: "REQUEST_TOO_LARGE" });
  });

  it("answers 100,000 rows", async () => {
    expect((await query("SELECT * FROM range(100000)")).rowCount).toBe(100_000);
  });

  it("refuses what needs more memory than it has", async () => {
    await expect(query("SELECT count(DISTINCT repeat(x::TEXT, 100)) FROM range(100000000) t(x)")).rejects.toMatchObject(
      {
        code: "REQUEST_INVALID",
        message: expect.stringMatching(/memory/i),
      },
    );
  });
});

const ENDLESS = "WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n";

describe("SqlDesk: an endless statement", () => {
  it("ends when its step is cancelled, and the next one is answered", async () => {
    const abort = new AbortController();
    const endless = query(ENDLESS, abort.signal);
    const next = query("SELECT 1");
    setTimeout(() => abort.abort(new Error("the run was cancelled")), 50);
    await expect(endless).rejects.toMatchObject({
      code: "CANCELLED",
      message: expect.stringContaining("the run was cancelled"),
    });
    expect((await next).rowCount).toBe(1);
  });

  it("ends when its time is over", async () => {
    const impatient = new SqlDesk({ timeoutMs: 1_500 });
    await expect(impatient.query(ENDLESS, load, never)).rejects.toMatchObject({
      code: "CANCELLED",
      message: "the statement was ended: it took longer than 1500 ms",
    });
    await impatient.close();
  });
});
