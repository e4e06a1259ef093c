import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FINDING_KINDS } from "../../src/engine/data-quality/finding.js";
import { instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { tradingDate } from "../../src/engine/units/trading-date.js";
import { migrate } from "../../src/store/migrate.js";
import { readCandles } from "../../src/store/queries/candle-queries.js";
import { readDataVersion } from "../../src/store/queries/data-version.js";
import { rowsOf } from "../store/candle-series.js";
import { databasesUnderTest, type TestDatabase } from "../store/databases.js";
import { importPath } from "../support/import-path.js";
import { storeContents } from "../support/store-contents.js";
import { TemporaryFolder } from "../support/temporary-home.js";
import { EVERY_FAULT, EVERY_FAULT_ROWS } from "./faulty-prices.js";

const HEADER = "time,symbol,open,high,low,close,volume\n";
const HPG = instrumentSymbol("HPG");

/** Deletes what tests stored, so that each begins with an empty store without making a database anew. */
const EMPTY_THE_STORE = `
  TRUNCATE instruments, import_batches, market_candles_daily, market_candles_intraday, trading_calendar,
           data_quality_findings, rollup_dirty_windows`;

for (const under of await databasesUnderTest()) {
  describe.skipIf(under.unavailable)(
    `importing files: ${under.name}${under.unavailable ? ` (${under.unavailable})` : ""}`,
    () => {
      let test: TestDatabase;
      let folder: TemporaryFolder;
      beforeAll(async () => {
        test = await under.open();
        await migrate(test.database);
      });
      afterAll(() => test?.dispose());
      beforeEach(async () => {
        folder = new TemporaryFolder();
        await test.database.execute(EMPTY_THE_STORE);
      });
      afterEach(() => folder.remove());

      const closesOf = async (symbol: string) => {
        const selection = { interval: "1d", dataset: "market", symbols: [instrumentSymbol(symbol)] } as const;
        return Array.from((await readCandles(test.database, selection)).candles.close);
      };

      describe("importFile(database, plan, options) with prices", () => {
        it("stores prices in thousand VND as VND, and records how the file was read", async () => {
          const path = folder.file(
            "vn.csv",
            `${HEADER}2026-04-09,HPG,27.4,27.6,27.35,27.55,1200\n2026-04-10,HPG,27.55,28,27.5,27.9,900\n`,
          );
          const report = await importPath(test.database, path, { mapping: { source: "vendor X" } });
          expect(report).toMatchObject({ rowsRead: 2, rowsNew: 2, rowsIdentical: 0, symbolCount: 1, findings: [] });
          const { candles } = await readCandles(test.database, { interval: "1d", dataset: "market", symbols: [HPG] });
          expect(rowsOf(candles)).toEqual([
            ["HPG", "2026-04-08T17:00:00.000Z", 27_400, 27_600, 27_350, 27_550, 1200],
            ["HPG", "2026-04-09T17:00:00.000Z", 27_550, 28_000, 27_500, 27_900, 900],
          ]);
          const [batch] = await test.database.query("SELECT * FROM import_batches");
          expect(batch).toMatchObject({
            id: report.batchId,
            kind: "prices",
            file_name: "vn.csv",
            source: "vendor X",
            interval_seconds: 86_400,
            mapping: { priceScale: 1000, currency: "VND", timeZone: "Asia/Ho_Chi_Minh", dateFormat: "iso-date" },
            rows_new: 2,
            first_time: new Date("2026-04-08T17:00:00Z"),
            last_time: new Date("2026-04-09T17:00:00Z"),
          });
          expect(batch!.file_sha256).toMatch(/^[0-9a-f]{64}$/);
        });

        it("follows what the user says about columns, separators, dates and units instead of guessing", async () => {
          const path = folder.file("de.csv", "Datum;Letzter;Menge\n10.04.2026;27,9;900\n09.04.2026;27,55;1200\n");
          await importPath(test.database, path, {
            mapping: {
              columns: { time: "Datum", close: "Letzter", volume: "Menge" },
              symbol: "HPG",
              delimiter: ";",
              decimal: ",",
              dateFormat: "dmy",
              priceScale: 1,
              currency: "EUR",
              assetClass: "equity",
              exchange: "XETRA",
            },
          });
          expect(await closesOf("HPG")).toEqual([27.55, 27.9]);
          const [instrument] = await test.database.query("SELECT * FROM instruments");
          expect(instrument).toMatchObject({ symbol: "HPG", currency: "EUR", exchange: "XETRA", described: false });
        });

        it("reads five-minute candles in the file's time zone and rolls them up to days", async () => {
          const path = folder.file(
            "5m.csv",
            `${HEADER}2026-04-10 09:00:00,VN30F1M,1300,1305,1299,1304,10\n2026-04-10 09:05:00,VN30F1M,1304,1310,1303,1308,20\n2026-04-10 14:40:00,VN30F1M,1308,1309,1290,1291,30\n`,
          );
          await importPath(test.database, path);
          const symbols = [instrumentSymbol("VN30F1M")];
          const stored = await readCandles(test.database, { interval: "5m", dataset: "market", symbols });
          expect(rowsOf(stored.candles)[1]).toEqual([
            "VN30F1M",
            "2026-04-10T02:05:00.000Z",
            1304,
            1310,
            1303,
            1308,
            20,
          ]);
          const daily = await readCandles(test.database, { interval: "1d", dataset: "market", symbols });
          expect(rowsOf(daily.candles)).toEqual([["VN30F1M", "2026-04-09T17:00:00.000Z", 1300, 1310, 1290, 1291, 60]]);
        });

        it("finds every kind of fault and repairs none", async () => {
          const report = await importPath(test.database, folder.file("faults.csv", EVERY_FAULT));
          const found = new Set(report.findings.map(({ kind }) => kind));
          expect(FINDING_KINDS.filter((kind) => !found.has(kind))).toEqual(["conflicting-row"]);
          const symbols = ["AAA", "BBB", "CCC", "DDD", "EEE"].map(instrumentSymbol);
          const { candles } = await readCandles(test.database, { interval: "1d", dataset: "market", symbols });
          expect(rowsOf(candles)).toEqual(EVERY_FAULT_ROWS);
          expect(report).toMatchObject({ rowsNew: EVERY_FAULT_ROWS.length, rowsLeftOut: 2, rowsRejected: 0 });
        });

        it("keeps a stored candle that a later file contradicts, and reports the conflict once", async () => {
          await importPath(test.database, folder.file("a.csv", `${HEADER}2026-04-10,BRENT,70,72,69,71.5,1\n`));
          const contradicting = folder.file(
            "b.csv",
            `${HEADER}2026-04-10,BRENT,70,72,69,99,1\n2026-04-13,BRENT,71,73,70,72,1\n`,
          );
          const report = await importPath(test.database, contradicting);
          expect(report).toMatchObject({ rowsNew: 1, rowsConflicting: 1 });
          expect(report.findings).toContainEqual(
            expect.objectContaining({ kind: "conflicting-row", symbol: "BRENT", count: 1 }),
          );
          expect(await closesOf("BRENT")).toEqual([71.5, 72]);
          const before = await storeContents(test.database);
          expect(await importPath(test.database, contradicting)).toMatchObject({ rowsNew: 0, rowsConflicting: 1 });
          expect(await storeContents(test.database)).toEqual(before);
        });

        it("changes nothing when the same file is imported again", async () => {
          const path = folder.file("faults.csv", EVERY_FAULT);
          await importPath(test.database, path);
          const before = await storeContents(test.database);
          const again = await importPath(test.database, path);
          expect(again).toMatchObject({
            rowsNew: 0,
            rowsIdentical: EVERY_FAULT_ROWS.length,
            rowsLeftOut: 2,
            batchId: undefined,
          });
          expect(await storeContents(test.database)).toEqual(before);
        });

        it("stores nothing in a dry run, and reports what the import then does", async () => {
          const path = folder.file("faults.csv", EVERY_FAULT);
          const before = await storeContents(test.database);
          const { batchId, ...foreseen } = await importPath(test.database, path, { dryRun: true });
          expect(batchId).toBeUndefined();
          expect(await storeContents(test.database)).toEqual(before);
          expect(await importPath(test.database, path)).toMatchObject(foreseen);
        });

        it("imports none of a file with invalid rows, or the others on request, and lists the invalid ones", async () => {
          const path = folder.file(
            "mixed.csv",
            `${HEADER}2026-04-09,BRENT,70,72,69,71,1\n2026-04-10,BRENT,70,72,69,1e400,1\nnever,BRENT,1,1,1,1,1\n2026-04-10,"BR ENT!",1,1,1,1,1\n2026-04-10,BRENT,1,1\n2026-04-13,BRENT,71,73,70,72,1\n`,
          );
          const before = await storeContents(test.database);
          const options = { rejectedFolder: `${folder.path}/rejected`, nowMs: Date.parse("2026-04-11T03:00:00Z") };
          await expect(importPath(test.database, path, options)).rejects.toMatchObject({
            code: "ROWS_INVALID",
            message: expect.stringMatching(
              /^mixed\.csv: 4 of 6 rows are invalid, so nothing was imported .*--skip-invalid$/,
            ),
          });
          expect(await storeContents(test.database)).toEqual(before);

          const report = await importPath(test.database, path, { ...options, skipInvalid: true });
          expect(report).toMatchObject({ rowsRead: 6, rowsNew: 2, rowsRejected: 4 });
          expect(await closesOf("BRENT")).toEqual([71, 72]);
          expect(report.rejectedFile).toBe(`${folder.path}/rejected/mixed.csv-20260411T030000Z-2-rejected.csv`);
          const lines = readFileSync(report.rejectedFile!, "utf8").split("\n");
          expect(lines).toEqual([
            "line,code,reason,text",
            expect.stringMatching(
              /^3,ROWS_INVALID,"invalid close: .*1e400.*\(accepted: .*\)","2026-04-10,BRENT,70,72,69,1e400,1"$/,
            ),
            expect.stringMatching(/^4,DATE_INVALID,"invalid .*never.*\(accepted: .*\)","never,BRENT,1,1,1,1,1"$/),
            expect.stringMatching(/^5,SYMBOL_INVALID,".*\(accepted: .*\)","2026-04-10,""BR ENT!"",1,1,1,1,1"$/),
            expect.stringMatching(/^6,ROWS_INVALID,".*\(accepted: .*\)","2026-04-10,BRENT,1,1"$/),
            "",
          ]);
        });
      });

      describe("importFile(database, plan, options) all or nothing", () => {
        /** More rows than one batch of the reader, so that some are written before the end of the file is seen. */
        const manyRows = () => {
          const days = Array.from({ length: 3_000 }, (_, i) =>
            new Date(Date.UTC(2010, 0, 4) + i * 86_400_000).toISOString().slice(0, 10),
          );
          const symbols = Array.from({ length: 34 }, (_, i) => `X${String(i).padStart(3, "0")}`);
          return HEADER + symbols.map((symbol) => days.map((day) => `${day},${symbol},1,1,1,1,1\n`).join("")).join("");
        };

        it("keeps nothing of a gzip file that turns out to be cut after 100,000 good rows", async () => {
          const path = folder.file("cut.csv.gz", gzipSync(manyRows(), { level: 1 }).subarray(0, -9));
          const before = await storeContents(test.database);
          await expect(importPath(test.database, path)).rejects.toMatchObject({ code: "FILE_TRUNCATED" });
          expect(await storeContents(test.database)).toEqual(before);
        });

        it("keeps nothing when it is cancelled on the way", async () => {
          const path = folder.file("many.csv", manyRows());
          const before = await storeContents(test.database);
          const cancelling = new AbortController();
          const importing = importPath(test.database, path, {
            signal: cancelling.signal,
            onProgress: ({ rows }) => rows >= 100_000 && cancelling.abort(),
          });
          await expect(importing).rejects.toMatchObject({ code: "CANCELLED" });
          expect(await storeContents(test.database)).toEqual(before);
        });

        it("stores the rows of one file once when two imports of it run at the same time", async () => {
          const path = folder.file("faults.csv", EVERY_FAULT);
          const reports = await Promise.all([importPath(test.database, path), importPath(test.database, path)]);
          expect(reports.map(({ rowsNew }) => rowsNew).sort((a, b) => a - b)).toEqual([0, EVERY_FAULT_ROWS.length]);
        });
      });

      describe("importFile(database, plan, options) beside another import", () => {
        it("rolls up what both bring for the same day", async () => {
          const imports = ["09", "10", "11", "13"].map((hour, i) => {
            const rows = ["00", "05", "10"].map(
              (minute) => `2026-04-17 ${hour}:${minute}:00,NIKKEI,1,${2 + i},1,${i},10\n`,
            );
            return importPath(test.database, folder.file(`${hour}.csv`, HEADER + rows.join("")));
          });
          await Promise.all(imports);
          const { candles } = await readCandles(test.database, {
            interval: "1d",
            dataset: "market",
            symbols: [instrumentSymbol("NIKKEI")],
          });
          expect(rowsOf(candles)).toEqual([["NIKKEI", "2026-04-16T17:00:00.000Z", 1, 5, 1, 3, 120]]);
        });
      });

      describe("importFile(database, plan, options) with instruments", () => {
        const INSTRUMENTS = `ticker,name,exchange,industry,sector,MarketCap\nHPG,Hoa Phat Group,HOSE,Steel,Basic Materials,200000000000000\nACV,Airports Corporation,HOSE,Airports,Industrials,150000000000000\n`;
        /** ACV rises by 12%: too much for the band of HOSE, within that of UPCOM, ordinary where no band is known. */
        const PRICES =
          HEADER +
          ["2026-04-08", "2026-04-09", "2026-04-10"]
            .flatMap((date, i) => [
              `${date},HPG,27,28,27,${27.5 + i / 10},10\n`,
              `${date},VNM,60,62,59,${60.5 + i / 10},10\n`,
              `${date},VCB,90,92,89,${90.5 + i / 10},10\n`,
              `${date},ACV,80,100,79,${[80, 89.6, 90][i]},10\n`,
            ])
            .join("");

        it("gives the same store whether instruments or prices come first", async () => {
          const instruments = folder.file("instruments.csv", INSTRUMENTS);
          const prices = folder.file("prices.csv", PRICES);
          const contentsAfter = async (paths: readonly string[]) => {
            await test.database.execute(EMPTY_THE_STORE);
            for (const path of paths) await importPath(test.database, path, { mapping: { source: "test" } });
            const { candles, instruments, findings } = await storeContents(test.database);
            return { candles, instruments, findings };
          };
          const instrumentsFirst = await contentsAfter([instruments, prices]);
          expect(instrumentsFirst.candles.map(({ close }) => close)).toContain(89_600);
          expect(await contentsAfter([prices, instruments])).toEqual(instrumentsFirst);
        });

        it("keeps what the checks found of a symbol that a later file goes on with", async () => {
          const gaps = async () =>
            (await storeContents(test.database)).findings.filter(({ kind }) => kind === "calendar-gap");
          await importPath(test.database, folder.file("faults.csv", EVERY_FAULT));
          const before = await gaps();
          expect(before.map(({ symbol }) => symbol)).toContain("BBB");
          await importPath(
            test.database,
            folder.file("more.csv", `${HEADER}2026-03-23,BBB,20000,20100,19900,20000,7\n`),
          );
          expect(await gaps()).toEqual(before);
        });

        it("keeps what a later file does not say, and dates market capitalisations", async () => {
          const asOf = tradingDate("2021-12-31");
          await importPath(test.database, folder.file("full.csv", INSTRUMENTS), { asOf });
          await importPath(test.database, folder.file("names.csv", "symbol,name,sector\nHPG,Hoa Phat,Steel\n"));
          const [hpg] = await test.database.query("SELECT * FROM instruments WHERE symbol = 'HPG'");
          expect(hpg).toMatchObject({
            name: "Hoa Phat",
            sector: "Steel",
            industry: "Steel",
            exchange: "HOSE",
            currency: "VND",
            market_cap: 200e12,
            market_cap_date: "2021-12-31",
            described: true,
          });
        });

        it("changes nothing when the same file is imported again", async () => {
          const path = folder.file("instruments.csv", INSTRUMENTS);
          expect(await importPath(test.database, path)).toMatchObject({ rowsNew: 2, rowsIdentical: 0 });
          const before = await storeContents(test.database);
          expect(await importPath(test.database, path)).toMatchObject({ rowsNew: 0, rowsIdentical: 2 });
          expect(await storeContents(test.database)).toEqual(before);
        });
      });

      describe("importFile(database, plan, options) with a calendar", () => {
        const CALENDAR =
          "date,exchange,kind,note\n2026-04-09,HOSE,trading,\n2026-04-10,HOSE,trading,\n2026-04-13,HOSE,trading,\n2026-04-14,HOSE,holiday,rain\n2026-04-15,HOSE,trading,\n";

        it("stores its days, once", async () => {
          const path = folder.file("calendar.csv", CALENDAR);
          expect(await importPath(test.database, path)).toMatchObject({ kind: "calendar", rowsNew: 5 });
          const before = await storeContents(test.database);
          expect(before.calendar[3]).toMatchObject({ trading_date: "2026-04-14", kind: "holiday", note: "rain" });
          expect(await importPath(test.database, path)).toMatchObject({ rowsNew: 0, rowsIdentical: 5 });
          expect(await storeContents(test.database)).toEqual(before);
        });

        it("judges the gaps of prices by its days, whichever file comes first", async () => {
          const calendar = folder.file("calendar.csv", CALENDAR);
          const prices = folder.file(
            "prices.csv",
            `${HEADER}2026-04-09,HPG,27,28,27,27.5,10\n2026-04-10,HPG,27,28,27,27.6,10\n2026-04-15,HPG,27,28,27,27.7,10\n`,
          );
          const gap = {
            kind: "calendar-gap",
            symbol: "HPG",
            row_count: 1,
            from_time: new Date("2026-04-13T00:00+07:00"),
            to_time: new Date("2026-04-13T00:00+07:00"),
          };
          for (const paths of [
            [calendar, prices],
            [prices, calendar],
          ]) {
            await test.database.execute(EMPTY_THE_STORE);
            for (const path of paths) await importPath(test.database, path);
            expect((await storeContents(test.database)).findings).toEqual([expect.objectContaining(gap)]);
          }
        });
      });

      it("raises the data version once for a file that brings something, never for one that does not", async () => {
        const versionOf = async () => Number((await readDataVersion(test.database)).watermark.split(":")[1]);
        const before = await versionOf();
        const path = folder.file("a.csv", `${HEADER}2026-04-10,BRENT,70,72,69,71.5,1\n`);
        await importPath(test.database, path);
        expect(await versionOf()).toBe(before + 1);
        await importPath(test.database, path);
        expect(await versionOf()).toBe(before + 1);
      });
    },
  );
}
