import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { epochMs } from "../../src/engine/units/epoch-ms.js";
import { tradingDate } from "../../src/engine/units/trading-date.js";
import { type CandleTarget, writeCandles } from "../../src/store/candle-writer.js";
import { migrate } from "../../src/store/migrate.js";
import { readCandles, streamCandles } from "../../src/store/queries/candle-queries.js";
import { activeDataset, raiseDataVersion, readDataVersion } from "../../src/store/queries/data-version.js";
import { addQuarantine, liftQuarantine } from "../../src/store/queries/quarantine-queries.js";
import { markRollupsDirty, refreshDirtyRollups } from "../../src/store/rollups.js";
import { type CandleRow, candlesOf, rowsOf } from "./candle-series.js";
import { databasesUnderTest, type TestDatabase } from "./databases.js";

const HPG = instrumentSymbol("HPG");
const daily = (batchId: number): CandleTarget => ({ dataset: "market", intervalSeconds: 86_400, batchId });
const minutes = (batchId: number): CandleTarget => ({ dataset: "market", intervalSeconds: 60, batchId });
const NaN_ = Number.NaN;

for (const under of await databasesUnderTest()) {
  describe.skipIf(under.unavailable)(
    `candles: ${under.name}${under.unavailable ? ` (${under.unavailable})` : ""}`,
    () => {
      let test: TestDatabase;
      beforeAll(async () => {
        test = await under.open();
        await migrate(test.database);
      });
      afterAll(() => test?.dispose());

      const write = async (rows: readonly CandleRow[], target: CandleTarget) => {
        const candles = candlesOf(rows);
        return test.database.transaction(async (session) => {
          const result = await writeCandles(session, candles, target);
          if (target.intervalSeconds < 86_400 && result.inserted.length > 0) {
            const times =
              result.inserted.length > 0 ? Array.from(result.inserted, (row) => candles.openedAtMs[row]!) : [];
            await markRollupsDirty(session, [
              { symbol: HPG, fromMs: epochMs(Math.min(...times)), toMs: epochMs(Math.max(...times)) },
            ]);
          }
          await raiseDataVersion(session);
          return result;
        });
      };

      describe("writeCandles(session, candles, target) for daily candles", () => {
        const first: CandleRow[] = [
          ["HPG", "2026-04-09", 27000, 27500, 26900, 27400, 1_000_000],
          ["HPG", "2026-04-10", 27400, 27600, NaN_, 27550, 1_200_000],
          ["BRENT", "2026-04-10", NaN_, NaN_, NaN_, 71.5, NaN_],
        ];

        it("stores new rows, missing values included", async () => {
          const result = await write(first, daily(1));
          expect(Array.from(result.inserted)).toEqual([0, 1, 2]);
          const { candles } = await readCandles(test.database, { interval: "1d", dataset: "market" });
          expect(rowsOf(candles)).toEqual([
            ["BRENT", "2026-04-09T17:00:00.000Z", NaN_, NaN_, NaN_, 71.5, NaN_],
            ["HPG", "2026-04-08T17:00:00.000Z", 27000, 27500, 26900, 27400, 1_000_000],
            ["HPG", "2026-04-09T17:00:00.000Z", 27400, 27600, NaN_, 27550, 1_200_000],
          ]);
        });

        it("tells identical, conflicting, duplicate and new rows apart and keeps what was stored", async () => {
          const result = await write(
            [
              ["HPG", "2026-04-09", 27000, 27500, 26900, 27400, 1_000_000],
              ["HPG", "2026-04-10", 1, 1, 1, 1, 1],
              ["HPG", "2026-04-13", 27500, 27800, 27400, 27700, 900_000],
              ["HPG", "2026-04-13", 27500, 27800, 27400, 27777, 900_000],
            ],
            daily(2),
          );
          expect(Array.from(result.identical)).toEqual([0]);
          expect(Array.from(result.conflicting)).toEqual([1]);
          expect(Array.from(result.inserted)).toEqual([2]);
          expect(Array.from(result.duplicate)).toEqual([3]);
          const { candles } = await readCandles(test.database, { interval: "1d", dataset: "market", symbols: [HPG] });
          expect(Array.from(candles.close)).toEqual([27400, 27550, 27700]);
        });

        it("keeps simulated candles apart, and shows them only while nothing else is stored", async () => {
          const simulated = { dataset: "simulated", intervalSeconds: 86_400, batchId: 3 } as const;
          const result = await write([["HPG", "2026-04-09", 1, 2, 1, 2, 3]], simulated);
          expect(result.inserted).toHaveLength(1);
          expect(await activeDataset(test.database)).toBe("market");
          const demo = await readCandles(test.database, { interval: "1d", dataset: "simulated" });
          expect(Array.from(demo.candles.close)).toEqual([2]);
        });
      });

      describe("readCandles(session, selection)", () => {
        it("takes the first instant and leaves out the last", async () => {
          const { candles } = await readCandles(test.database, {
            interval: "1d",
            dataset: "market",
            symbols: [HPG],
            fromMs: epochMs(Date.parse("2026-04-10T00:00+07:00")),
            toMsExclusive: epochMs(Date.parse("2026-04-13T00:00+07:00")),
          });
          expect(Array.from(candles.close)).toEqual([27550]);
        });

        it("leaves out quarantined dates and says so, until the quarantine is lifted", async () => {
          const before = await readDataVersion(test.database);
          const date = tradingDate("2026-04-10");
          const id = await addQuarantine(test.database, {
            dataset: "market",
            symbol: HPG,
            fromDate: date,
            toDate: date,
            reason: "test",
          });
          const quarantined = await readCandles(test.database, { interval: "1d", dataset: "market", symbols: [HPG] });
          expect(Array.from(quarantined.candles.close)).toEqual([27400, 27700]);
          expect(quarantined.excluded).toBe("Quarantined and left out: HPG on 2026-04-10");
          expect((await readDataVersion(test.database)).watermark).not.toBe(before.watermark);
          expect(await liftQuarantine(test.database, id)).toBe(true);
          expect(await liftQuarantine(test.database, id)).toBe(false);
          const lifted = await readCandles(test.database, { interval: "1d", dataset: "market", symbols: [HPG] });
          expect(lifted.candles).toHaveLength(3);
          expect(lifted.excluded).toBe("");
        });
      });

      describe("rollups of intraday candles", () => {
        const minute = (time: string, o: number, h: number, l: number, c: number, v: number): CandleRow => [
          "HPG",
          `2026-05-04T${time}:00+07:00`,
          o,
          h,
          l,
          c,
          v,
        ];
        const hourly = () => readCandles(test.database, { interval: "1h", dataset: "market", symbols: [HPG] });
        const dailyOf = async (date: string) => {
          const fromMs = epochMs(Date.parse(`${date}T00:00+07:00`));
          const toMsExclusive = epochMs(fromMs + 86_400_000);
          return rowsOf(
            (
              await readCandles(test.database, {
                interval: "1d",
                dataset: "market",
                symbols: [HPG],
                fromMs,
                toMsExclusive,
              })
            ).candles,
          );
        };

        it("open with the first, close with the last, span high and low, and add up volume", async () => {
          await write(
            [
              minute("09:58", 100, 103, 99, 102, 10),
              minute("09:59", 102, 102, 98, 101, 20),
              minute("10:00", 101, 110, 101, 108, 30),
              minute("14:45", 108, 108, 104, 105, 40),
            ],
            minutes(4),
          );
          expect(await refreshDirtyRollups(test.database)).toBe(1);
          expect(await refreshDirtyRollups(test.database)).toBe(0);
          expect(rowsOf((await hourly()).candles)).toEqual([
            ["HPG", "2026-05-04T02:00:00.000Z", 100, 103, 98, 101, 30],
            ["HPG", "2026-05-04T03:00:00.000Z", 101, 110, 101, 108, 30],
            ["HPG", "2026-05-04T07:00:00.000Z", 108, 108, 104, 105, 40],
          ]);
          expect(await dailyOf("2026-05-04")).toEqual([["HPG", "2026-05-03T17:00:00.000Z", 100, 110, 98, 105, 100]]);
        });

        it("raise the data version when they change: what was read before is out of date", async () => {
          await write([minute("14:30", 105, 105, 105, 105, 0)], minutes(40));
          const before = await readDataVersion(test.database);
          await refreshDirtyRollups(test.database);
          const after = await readDataVersion(test.database);
          expect(after.watermark).not.toBe(before.watermark);
          await refreshDirtyRollups(test.database);
          expect(await readDataVersion(test.database)).toEqual(after);
        });

        it("take in late candles: an earlier open, a later close, a new high", async () => {
          await write([minute("09:15", 95, 112, 94, 96, 5), minute("14:46", 105, 107, 105, 106, 1)], minutes(5));
          await refreshDirtyRollups(test.database);
          expect(await dailyOf("2026-05-04")).toEqual([["HPG", "2026-05-03T17:00:00.000Z", 95, 112, 94, 106, 106]]);
          expect(rowsOf((await hourly()).candles)[0]).toEqual([
            "HPG",
            "2026-05-04T02:00:00.000Z",
            95,
            112,
            94,
            101,
            35,
          ]);
        });

        it("do not add up two base intervals of one symbol: the finest counts", async () => {
          await write([["HPG", "2026-05-04T09:15:00+07:00", 1, 1_000, 1, 1, 1_000_000]], {
            dataset: "market",
            intervalSeconds: 300,
            batchId: 6,
          });
          await refreshDirtyRollups(test.database);
          expect(await dailyOf("2026-05-04")).toEqual([["HPG", "2026-05-03T17:00:00.000Z", 95, 112, 94, 106, 106]]);
          expect(rowsOf((await hourly()).candles)[0]).toEqual([
            "HPG",
            "2026-05-04T02:00:00.000Z",
            95,
            112,
            94,
            101,
            35,
          ]);
        });

        it("yield to an imported daily candle of the same date", async () => {
          await write([["HPG", "2026-05-04", 7, 8, 6, 7, 9]], daily(7));
          expect(await dailyOf("2026-05-04")).toEqual([["HPG", "2026-05-03T17:00:00.000Z", 7, 8, 6, 7, 9]]);
        });

        it("put an instant after 17:00 UTC on the next trading date", async () => {
          await write([["HPG", "2026-05-06T17:30:00Z", 1, 1, 1, 1, 1]], minutes(8));
          await refreshDirtyRollups(test.database);
          expect(await dailyOf("2026-05-07")).toHaveLength(1);
        });
      });

      describe("intraday intervals", () => {
        it("are read as stored, or built from the finest stored interval that divides them", async () => {
          const selection = {
            dataset: "market",
            symbols: [HPG],
            fromMs: epochMs(Date.parse("2026-05-04T09:58+07:00")),
            toMsExclusive: epochMs(Date.parse("2026-05-04T10:01+07:00")),
          } as const;
          const asStored = await readCandles(test.database, { ...selection, interval: "1m" });
          expect(Array.from(asStored.candles.close)).toEqual([102, 101, 108]);
          const half = await readCandles(test.database, { ...selection, interval: "15m" });
          expect(rowsOf(half.candles)).toEqual([
            ["HPG", "2026-05-04T02:45:00.000Z", 100, 103, 98, 101, 30],
            ["HPG", "2026-05-04T03:00:00.000Z", 101, 110, 101, 108, 30],
          ]);
        });
      });

      describe("streamCandles(session, selection, {batchRows, take})", () => {
        it("gives the same rows as readCandles, one batch at a time", async () => {
          const rows: CandleRow[] = Array.from({ length: 5_000 }, (_, i) => [
            `S${String(i % 50).padStart(2, "0")}`,
            new Date(Date.UTC(2020, 0, 6) + Math.floor(i / 50) * 86_400_000).toISOString().slice(0, 10),
            i,
            i + 1,
            i - 1,
            i,
            i,
          ]);
          await write(rows, daily(9));
          const whole = await readCandles(test.database, { interval: "1d", dataset: "market" });
          const streamed: CandleRow[] = [];
          let taking = false;
          const { rows: count } = await streamCandles(
            test.database,
            { interval: "1d", dataset: "market" },
            {
              batchRows: 700,
              take: async (batch) => {
                expect(taking).toBe(false);
                taking = true;
                await new Promise((resolve) => setImmediate(resolve));
                streamed.push(...rowsOf(batch));
                taking = false;
              },
            },
          );
          expect(count).toBe(whole.candles.length);
          expect(streamed).toEqual(rowsOf(whole.candles));
        });
      });
    },
  );
}
