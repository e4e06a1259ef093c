import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { epochMs, MS_PER_DAY } from "../../src/engine/units/epoch-ms.js";
import { tradingDate } from "../../src/engine/units/trading-date.js";
import { loadDemoMarket } from "../../src/import/demo-market.js";
import { seedValueChain } from "../../src/import/value-chain/seed-value-chain.js";
import { StoredStudies } from "../../src/server/workflows/services/stored-studies.js";
import { migrate } from "../../src/store/migrate.js";
import { databasesUnderTest, type TestDatabase } from "./databases.js";

const never = new AbortController().signal;
const SEEDED = epochMs(Date.parse("2023-06-01T00:00:00Z"));
const AS_OF = epochMs(Date.parse("2024-01-10T03:00:00Z"));

describe("StoredStudies over the demo market", () => {
  let test: TestDatabase;
  let studies: StoredStudies;
  beforeAll(async () => {
    test = await (await databasesUnderTest()).find(({ name }) => name === "PGlite")!.open();
    await migrate(test.database);
    await loadDemoMarket(test.database, { endDate: tradingDate("2024-03-29") });
    await seedValueChain(test.database, { nowMs: SEEDED, onlyIfNew: true });
    studies = new StoredStudies(test.database);
  });
  afterAll(() => test?.dispose());

  const storeStudy = (createdAt: string, verdict: string, lag: number | null, dataset = "simulated") =>
    test.database.query(
      `INSERT INTO lead_lag_studies (created_at, source, target, parameters, watermark, code_version, seed, engine, dataset, verdict, lag, p, q, result)
       VALUES ($1, 'DCE.I', 'HPG', '{}', '', '', 1, 'none', $2, $3, $4, 0.001, 0.01, '{"lead": {"correlation": 0.4}}')`,
      [createdAt, dataset, verdict, lag],
    );

  it("has the exposures of a symbol, largest first, each within its interval", async () => {
    const { columns, rowCount } = await studies.exposure("HPG", AS_OF, never);
    expect(columns.map(({ name }) => name)).toEqual(["factor", "exposure", "low", "high"]);
    expect(rowCount).toBeGreaterThan(0);
    const [factors, exposures, lows, highs] = columns.map(({ cells }) => cells) as [
      string[],
      number[],
      number[],
      number[],
    ];
    expect(factors).toContain("iron-ore");
    expect(exposures.map(Math.abs)).toEqual(exposures.map(Math.abs).sort((a, b) => b - a));
    exposures.forEach((exposure, at) => {
      expect(lows[at]).toBeLessThanOrEqual(exposure);
      expect(highs[at]).toBeGreaterThanOrEqual(exposure);
    });
  });

  it("has the same exposures whatever came later", async () => {
    const before = await studies.exposure("HPG", AS_OF, never);
    await test.database.query(
      "UPDATE market_candles_daily SET close = close * 3 WHERE trading_date >= '2024-01-10' AND symbol = 'HPG'",
    );
    expect(await studies.exposure("HPG", AS_OF, never)).toEqual(before);
    expect(await studies.exposure("HPG", epochMs(AS_OF + 60 * MS_PER_DAY), never)).not.toEqual(before);
  });

  it("knows no graph before it was stored, and no symbol outside it", async () => {
    await expect(studies.exposure("HPG", epochMs(SEEDED - 1), never)).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
    });
    await expect(studies.exposure("NONE", AS_OF, never)).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
      message: expect.stringMatching(
        /^invalid symbol: "NONE" is no node of the value chain on 2024-01-10 \(accepted: .*HPG/,
      ),
    });
  });

  it("has the latest study of a pair that was made by then, on the data that is shown", async () => {
    const finding = (asOf: string, target = "HPG") =>
      studies.leadLag("DCE.I", target, epochMs(Date.parse(asOf)), never);
    await storeStudy("2024-01-01T00:00:00Z", "lead-found", 3);
    await storeStudy("2024-01-05T00:00:00Z", "no-lead-found", null);
    await storeStudy("2024-01-07T00:00:00Z", "lead-found", 1, "file");
    expect(await finding("2023-12-31T00:00:00Z")).toBeUndefined();
    expect(await finding("2024-01-02T00:00:00Z")).toEqual({
      verdict: "lead-found",
      lagDays: 3,
      correlation: 0.4,
      p: 0.001,
      q: 0.01,
      studiedAtMs: Date.parse("2024-01-01T00:00:00Z"),
    });
    const latest = await finding("2024-02-01T00:00:00Z");
    expect(latest).toMatchObject({ verdict: "no-lead-found" });
    expect(latest).not.toHaveProperty("lagDays");
    expect(await finding("2024-02-01T00:00:00Z", "HSG")).toBeUndefined();
  });
});
