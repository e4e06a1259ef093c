import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  dayColumnBuilder,
  Float64ColumnBuilder,
  TextColumnBuilder,
  TimestampColumnBuilder,
} from "../../src/store/copy-binary/column-builders.js";
import { CopyColumnDecoder } from "../../src/store/copy-binary/copy-decoder.js";
import { encodeCopyChunks } from "../../src/store/copy-binary/copy-encoder.js";
import { migrate, readMigrations } from "../../src/store/migrate.js";
import { databasesUnderTest, type TestDatabase } from "./databases.js";

for (const under of await databasesUnderTest()) {
  describe.skipIf(under.unavailable)(
    `Database: ${under.name}${under.unavailable ? ` (${under.unavailable})` : ""}`,
    () => {
      let test: TestDatabase;
      beforeAll(async () => {
        test = await under.open();
      });
      afterAll(() => test?.dispose());

      describe("query(sql, parameters)", () => {
        it("gives int8 and numeric as text, dates as YYYY-MM-DD, instants as Date", async () => {
          const [row] = await test.database.query(
            `SELECT 9007199254740993::int8 AS big, 1.10::numeric AS exact, DATE '2026-04-10' AS day,
                  TIMESTAMPTZ '2026-04-10 02:00:00Z' AS instant, 1.5::float8 AS float, true AS flag, NULL::text AS nothing`,
          );
          expect(row).toEqual({
            big: "9007199254740993",
            exact: "1.10",
            day: "2026-04-10",
            instant: new Date("2026-04-10T02:00:00Z"),
            float: 1.5,
            flag: true,
            nothing: null,
          });
        });

        it("takes text arrays as parameters", async () => {
          const rows = await test.database.query("SELECT unnest($1::text[]) AS symbol", [["HPG", 'A"B', "VN,30"]]);
          expect(rows.map(({ symbol }) => symbol)).toEqual(["HPG", 'A"B', "VN,30"]);
        });

        it("fails with DATABASE_QUERY_FAILED and PostgreSQL's code", async () => {
          await expect(test.database.query("SELECT * FROM no_such_table")).rejects.toMatchObject({
            code: "DATABASE_QUERY_FAILED",
            details: { sqlState: "42P01" },
          });
        });
      });

      describe("execute(sql)", () => {
        it("gives the rows of all its statements", async () => {
          const rows = await test.database.execute(
            "SELECT 1 AS n; CREATE TEMP TABLE t (n int); SELECT 2 AS n UNION SELECT 3 ORDER BY n",
          );
          expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
          expect(await test.database.execute("SET LOCAL lock_timeout = 0")).toEqual([]);
        });
      });

      describe("transaction(work)", () => {
        beforeAll(() => test.database.execute("CREATE TABLE ledger (entry integer PRIMARY KEY)"));

        it("keeps nothing when the work throws", async () => {
          const failed = test.database.transaction(async (session) => {
            await session.query("INSERT INTO ledger VALUES (1)");
            throw new Error("changed my mind");
          });
          await expect(failed).rejects.toThrow("changed my mind");
          expect(await test.database.query("SELECT * FROM ledger")).toEqual([]);
        });

        it("returns what the work returns and keeps its changes", async () => {
          const answer = await test.database.transaction(async (session) => {
            await session.query("INSERT INTO ledger VALUES (2)");
            return "kept";
          });
          expect(answer).toBe("kept");
          expect(await test.database.query("SELECT entry FROM ledger")).toEqual([{ entry: 2 }]);
        });

        it("fails with PostgreSQL's code when the commit itself is refused, and keeps nothing", async () => {
          await test.database.execute(`
            CREATE TABLE entry_notes (
              entry integer REFERENCES ledger DEFERRABLE INITIALLY DEFERRED
            )`);
          const refused = test.database.transaction((session) => session.query("INSERT INTO entry_notes VALUES (404)"));
          await expect(refused).rejects.toMatchObject({
            code: "DATABASE_QUERY_FAILED",
            details: { sqlState: "23503" },
          });
          expect(await test.database.query("SELECT * FROM entry_notes")).toEqual([]);
        });

        it("serves other callers while and after one fails", async () => {
          const bad = test.database.transaction((session) => session.query("SELECT 1/0"));
          const good = test.database.query("SELECT 7 AS seven");
          await expect(bad).rejects.toMatchObject({ code: "DATABASE_QUERY_FAILED" });
          expect(await good).toEqual([{ seven: 7 }]);
        });
      });

      describe("copyIn(sql, chunks) and copyOut(sql, sink)", () => {
        const rowCount = 40_000;
        const instants = Float64Array.from({ length: rowCount }, (_, i) => Date.UTC(2020, 0, 1) + i * 60_000);
        const days = Int32Array.from({ length: rowCount }, (_, i) => i - 20_000);
        const prices = Float64Array.from({ length: rowCount }, (_, i) => (i % 7 === 0 ? Number.NaN : i / 3));
        const dictionary = ["HPG", "DCE.I", "Bảo Việt", ""];
        const codes = Int32Array.from({ length: rowCount }, (_, i) => (i % 5) - 1);

        it("bring back exactly what was sent: instants, dates, NaN as NULL, texts in UTF-8, NULL texts", async () => {
          await test.database.execute("CREATE TABLE copied (at timestamptz, day date, price float8, symbol text)");
          const taken = await test.database.copyIn(
            "COPY copied FROM STDIN (FORMAT binary)",
            encodeCopyChunks(
              [
                { type: "timestamptz", values: instants },
                { type: "date", values: days },
                { type: "float8", values: prices },
                { type: "text", dictionary, codes },
              ],
              { rowCount },
            ),
          );
          expect(taken).toBe(rowCount);
          const at = new TimestampColumnBuilder();
          const day = dayColumnBuilder();
          const price = new Float64ColumnBuilder();
          const symbol = new TextColumnBuilder();
          const given = await test.database.copyOut(
            "COPY (SELECT * FROM copied ORDER BY at) TO STDOUT (FORMAT binary)",
            new CopyColumnDecoder([at, day, price, symbol]),
          );
          expect(given).toBe(rowCount);
          expect(at.values).toEqual(instants);
          expect(day.values).toEqual(days);
          expect(price.values).toEqual(prices);
          expect(symbol.values).toEqual(Array.from(codes, (code) => (code < 0 ? undefined : dictionary[code])));
        });

        it("waits for a sink that answers with a promise", async () => {
          let inside = 0;
          let deepest = 0;
          const rows = await test.database.copyOut("COPY (SELECT * FROM copied) TO STDOUT (FORMAT binary)", {
            rows: async () => {
              deepest = Math.max(deepest, ++inside);
              await new Promise((resolve) => setTimeout(resolve, 1));
              inside--;
            },
          });
          expect(rows).toBe(rowCount);
          expect(deepest).toBe(1);
        });

        it("fails as a whole when a row is refused, and leaves the connection usable", async () => {
          await test.database.execute("CREATE TABLE positive (price float8 CHECK (price > 0))");
          const values = Float64Array.of(1, 2, -3);
          const refused = test.database.copyIn(
            "COPY positive FROM STDIN (FORMAT binary)",
            encodeCopyChunks([{ type: "float8", values }], { rowCount: 3 }),
          );
          await expect(refused).rejects.toMatchObject({ details: { sqlState: "23514" } });
          expect(await test.database.query("SELECT count(*)::int AS rows FROM positive")).toEqual([{ rows: 0 }]);
        });

        it("fails when the source of chunks or the sink fails, and goes on serving", async () => {
          async function* broken() {
            yield* encodeCopyChunks([{ type: "float8", values: Float64Array.of(1) }], { rowCount: 1 });
            throw new Error("the file broke off");
          }
          await expect(test.database.copyIn("COPY positive FROM STDIN (FORMAT binary)", broken())).rejects.toThrow(
            "the file broke off",
          );
          const sink = {
            rows: () => {
              throw new Error("the sink is full");
            },
          };
          await expect(test.database.copyOut("COPY copied TO STDOUT (FORMAT binary)", sink)).rejects.toThrow(
            "the sink is full",
          );
          expect(await test.database.query("SELECT count(*)::int AS rows FROM positive")).toEqual([{ rows: 0 }]);
        });

        it("sends nothing of a refused COPY into the next one", async () => {
          const encoded = (price: number) =>
            encodeCopyChunks([{ type: "float8", values: new Float64Array(60_000).fill(price) }], { rowCount: 60_000 });
          async function* slowly(chunks: Iterable<Uint8Array>) {
            for (const chunk of chunks) {
              await new Promise((resolve) => setTimeout(resolve, 40));
              yield chunk;
            }
          }
          await test.database.execute("CREATE TABLE anything (price float8)");
          const taken = await test.database.transaction(async (session) => {
            await session.execute("SAVEPOINT before");
            await expect(
              session.copyIn("COPY positive FROM STDIN (FORMAT binary)", slowly(encoded(-1))),
            ).rejects.toMatchObject({ details: { sqlState: "23514" } });
            await session.execute("ROLLBACK TO before");
            return session.copyIn("COPY anything FROM STDIN (FORMAT binary)", slowly(encoded(1)));
          });
          expect(taken).toBe(60_000);
        });

        it("reports an error that the query meets on its way", async () => {
          const sink = new CopyColumnDecoder([new Float64ColumnBuilder()]);
          const failing = "COPY (SELECT 1.0 / (5000 - x) FROM generate_series(1, 10000) x) TO STDOUT (FORMAT binary)";
          await expect(test.database.copyOut(failing, sink)).rejects.toMatchObject({ details: { sqlState: "22012" } });
        });
      });

      describe("migrate(database)", () => {
        it("applies each migration once", async () => {
          const first = await migrate(test.database);
          expect(first.applied).toContain("0001-market");
          expect(first.flavour).toBe(under.name.startsWith("TimescaleDB") ? "timescaledb" : "plain");
          expect((await migrate(test.database)).applied).toEqual([]);
        });

        it("lets processes that start at the same time wait for each other", async () => {
          const fresh = await under.open();
          const reports = await Promise.all(Array.from({ length: 4 }, () => migrate(fresh.database)));
          await fresh.dispose();
          // Each of them is applied once, by whichever process comes to it first.
          expect(reports.flatMap(({ applied }) => applied).sort()).toEqual(
            readMigrations().map(({ version, name }) => `${String(version).padStart(4, "0")}-${name}`),
          );
        });

        it("refuses a schema newer than the program", async () => {
          await expect(migrate(test.database, [])).rejects.toMatchObject({ code: "SCHEMA_NEWER_THAN_PROGRAM" });
        });

        it("refuses a migration that changed after it was applied", async () => {
          const changed = readMigrations().map((migration) => ({ ...migration, checksum: "0".repeat(64) }));
          await expect(migrate(test.database, changed)).rejects.toMatchObject({ code: "SCHEMA_CHANGED_AFTER_APPLY" });
        });

        it("leaves no trace of a migration that fails", async () => {
          const failing = {
            version: 9_999,
            name: "failing",
            sql: "CREATE TABLE half (a integer); SELECT 1/0;",
            checksum: "x",
          };
          await expect(migrate(test.database, [...readMigrations(), failing])).rejects.toMatchObject({
            code: "DATABASE_QUERY_FAILED",
          });
          expect(await test.database.query("SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
        });
      });
    },
  );
}
