import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FINDING_KINDS } from "../../src/engine/data-quality/finding.js";
import { DEMO_SEED } from "../../src/engine/simulated-market/simulate-market.js";
import { captureCommand, captureJson } from "../support/captured-command.js";
import { type ProcessEnvironment, runQuantflow } from "../support/quantflow-process.js";
import { openSharedHome, type SharedHome, TemporaryFolder } from "../support/temporary-home.js";
import { EVERY_FAULT } from "./faulty-prices.js";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const A_DATE = expect.stringMatching(DATE);
const A_NUMBER = expect.any(Number);
const A_TEXT = expect.any(String);

const files = new TemporaryFolder();
let home: SharedHome;
let environment: ProcessEnvironment;
beforeAll(async () => {
  home = await openSharedHome();
  environment = home.environment;
});
afterAll(async () => {
  await home?.dispose();
  files.remove();
});

const json = <T = unknown>(...commandLine: string[]) => captureJson<T>([...commandLine, "--json"], environment);
const text = (...commandLine: string[]) => captureCommand(commandLine, environment);

describe("answers about an empty store", () => {
  it("say how to fill it", async () => {
    expect(await json("symbols")).toEqual({ dataset: "market", symbols: [] });
    expect((await text("symbols")).stdout).toContain("quantflow import <files> or quantflow demo load");
    const unknown = await text("candles", "HPG");
    expect([unknown.exitCode, unknown.stdout]).toEqual([1, ""]);
    expect(unknown.stderr).toMatch(/^SYMBOL_UNKNOWN: unknown symbol: HPG \(quantflow symbols lists what is stored\)$/m);
  });
});

describe("answers about the simulated market", () => {
  it("quantflow demo load --json: {dailyCandles, minuteCandles, endDate}", async () => {
    expect(await json("demo", "load", "--until", "2026-04-10", "--seed", String(DEMO_SEED))).toEqual({
      dailyCandles: A_NUMBER,
      minuteCandles: A_NUMBER,
      endDate: "2026-04-10",
    });
  });

  it("say that the data are simulated, wherever they are shown", async () => {
    expect((await text("symbols")).stdout).toMatch(/^simulated data\n/);
    expect((await text("candles", "HPG")).stderr).toBe("simulated data\n");
    expect(await json("candles", "HPG")).toMatchObject({ dataset: "simulated", source: "simulated" });
    expect((await text("correlate", "--source", "HPG", "--target", "VNM")).stderr).toBe("simulated data\n");
    expect(await json("symbols")).toMatchObject({ dataset: "simulated" });
  });

  it("name symbols that look like an unknown one", async () => {
    expect((await text("candles", "HPX")).stderr).toMatch(/unknown symbol: HPX .*alike: .*HPG/);
  });

  it("quantflow demo remove --json: {removed}, and nothing simulated is left", async () => {
    expect(await json("demo", "remove")).toEqual({ removed: A_NUMBER });
    expect(await json("symbols")).toEqual({ dataset: "market", symbols: [] });
    expect(await json("demo", "remove")).toEqual({ removed: 0 });
  });
});

describe("answers about imported data", () => {
  beforeAll(async () => {
    const rows = Array.from({ length: 60 }, (_, i) => {
      const date = new Date(Date.UTC(2026, 0, 5) + i * 86_400_000).toISOString().slice(0, 10);
      return `${date},GOLD,${2000 + 10 * Math.sin(i)}\n${date},SILVER,${25 + Math.sin(i - 1) / 5}\n`;
    });
    const clean = files.file("metals.csv", `time,symbol,close\n${rows.join("")}`);
    const faulty = files.file("faults.csv", EVERY_FAULT);
    await captureCommand(["import", clean, faulty, "--source", "vendor X"], environment);
  });

  it("quantflow import --json: one report a file, or the error with which it failed", async () => {
    const again = files.file("again.csv", EVERY_FAULT.replace("20000,20200,19800,20000", "20001,20200,19800,20000"));
    const broken = files.file("broken.csv", "");
    const [report, failure] = await json<object[]>("import", again, broken);
    expect(report).toEqual({
      path: again,
      kind: "prices",
      batchId: A_NUMBER,
      rowsRead: A_NUMBER,
      rowsNew: 0,
      rowsIdentical: A_NUMBER,
      rowsConflicting: 1,
      rowsLeftOut: 2,
      rowsRejected: 0,
      rejectedFile: null,
      symbolCount: 5,
      first: "2026-03-09",
      last: "2026-03-20",
      findings: expect.arrayContaining([
        {
          kind: "conflicting-row",
          severity: "warning",
          symbol: "AAA",
          from: "2026-03-09",
          to: "2026-03-09",
          count: 1,
          message: A_TEXT,
        },
      ]),
    });
    expect(failure).toEqual({
      path: broken,
      error: { code: "FILE_EMPTY", message: A_TEXT, details: { path: broken } },
    });
  });

  it("quantflow symbols --json: {dataset, symbols}", async () => {
    const { dataset, symbols } = await json<{ dataset: string; symbols: { symbol: string }[] }>("symbols");
    expect(dataset).toBe("market");
    expect(symbols.map(({ symbol }) => symbol)).toEqual(["AAA", "BBB", "CCC", "DDD", "EEE", "GOLD", "SILVER"]);
    expect(symbols[5]).toEqual({
      symbol: "GOLD",
      name: "GOLD",
      assetClass: A_TEXT,
      exchange: null,
      sector: null,
      currency: A_TEXT,
      first: "2026-01-05",
      last: "2026-03-05",
      candles: 60,
    });
  });

  it("quantflow candles --json: the facts and the candles, both ends of the range included", async () => {
    const answer = await json("candles", "gold", "--from", "2026-01-06", "--to", "2026-01-07");
    const candle = { open: null, high: null, low: null, close: A_NUMBER, volume: null };
    expect(answer).toEqual({
      symbol: "GOLD",
      interval: "1d",
      dataset: "market",
      source: "vendor X",
      excluded: "",
      candles: [
        { time: "2026-01-06", ...candle },
        { time: "2026-01-07", ...candle },
      ],
    });
  });

  it("quantflow correlate --json prints one document on standard output and nothing else", async () => {
    const commandLine = ["correlate", "--source", "GOLD", "--target", "SILVER", "--max-lag", "2", "--json"];
    const { exitCode, stdout, stderr } = await runQuantflow(commandLine, environment);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout.match(/\n/g)).toHaveLength(1);
    const answer = JSON.parse(stdout);
    const lag = { pearson: A_NUMBER, spearman: A_NUMBER, band95: A_NUMBER };
    expect(answer).toEqual({
      source: "GOLD",
      target: "SILVER",
      from: "2026-01-06",
      to: "2026-03-05",
      interval: "1d",
      align: "inner",
      dataset: "market",
      excluded: "",
      n: 59,
      lags: [
        { lag: 0, n: 59, ...lag },
        { lag: 1, n: 58, ...lag },
        { lag: 2, n: 57, ...lag },
      ],
    });
    const strongest = answer.lags.toSorted((a: { pearson: number }, b: { pearson: number }) => b.pearson - a.pearson);
    expect(strongest[0]).toMatchObject({ lag: 1 });
  });

  it("quantflow quality --json: {findings, quarantines}, filtered as asked", async () => {
    const { findings, quarantines } = await json<{ findings: { kind: string; symbol: string }[]; quarantines: [] }>(
      "quality",
    );
    expect(quarantines).toEqual([]);
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(FINDING_KINDS));
    for (const finding of findings) {
      expect(finding).toEqual({
        id: A_NUMBER,
        kind: A_TEXT,
        severity: expect.stringMatching(/^(info|warning|error)$/),
        symbol: A_TEXT,
        intervalSeconds: 86_400,
        from: A_DATE,
        to: A_DATE,
        count: A_NUMBER,
        message: A_TEXT,
        fileName: expect.stringMatching(/\.csv$/),
        source: A_TEXT,
      });
    }
    const some = await json<{ findings: object[] }>("quality", "--symbol", "BBB", "--kind", "weekend-row");
    expect(some.findings).toEqual([expect.objectContaining({ symbol: "BBB", from: "2026-03-14" })]);
    const first = await json<{ findings: object[] }>("quality", "--severity", "error", "--limit", "1");
    expect(first.findings).toEqual([expect.objectContaining({ severity: "error" })]);
  });

  it("quantflow quality quarantine and lift --json leave rows out of every answer and bring them back", async () => {
    const ends = ["--from", "2026-01-06", "--to", "2026-01-06"];
    const quarantine = await json<{ id: number }>("quality", "quarantine", "GOLD", ...ends, "--reason", "a test");
    const { id, ...facts } = quarantine;
    expect(facts).toEqual({ symbol: "GOLD", fromDate: "2026-01-06", toDate: "2026-01-06", reason: "a test" });
    const answer = await json<{ candles: object[]; excluded: string }>("candles", "GOLD");
    expect([answer.candles.length, answer.excluded]).toEqual([59, "Quarantined and left out: GOLD on 2026-01-06"]);
    expect((await text("quality")).stdout).toContain("a test");
    expect(await json("quality", "lift", String(id))).toEqual({ id, lifted: true });
    expect((await json<{ candles: object[] }>("candles", "GOLD")).candles).toHaveLength(60);
    const twice = await text("quality", "lift", String(id));
    expect([twice.exitCode, twice.stderr]).toEqual([
      1,
      expect.stringMatching(/^NOT_FOUND: no open quarantine has number/),
    ]);
  });

  it("include rollups that a killed import did not come to refresh", async () => {
    const rows = ["09:00", "09:05", "09:10"].map((time, i) => `2026-04-10 ${time}:00,FUT,${100 + i}\n`);
    await captureCommand(["import", files.file("5m.csv", `time,symbol,close\n${rows.join("")}`)], environment);
    await home.database.execute(
      `DELETE FROM market_candles_1d WHERE symbol = 'FUT';
       INSERT INTO rollup_dirty_windows (symbol, from_time, to_time)
       VALUES ('FUT', '2026-04-10 09:00+07', '2026-04-10 09:10+07')`,
    );
    expect(await json("candles", "FUT")).toMatchObject({ candles: [{ time: "2026-04-10", close: 102 }] });
  });

  it("quantflow migrate --json: {location, flavour, version}", async () => {
    expect(await json("migrate")).toEqual({ location: A_TEXT, flavour: "plain", version: A_NUMBER });
  });

  it("quantflow doctor --json: {ok, checks}, with exit code 3 when something is wrong", async () => {
    const { ok, checks } = await json<{ ok: boolean; checks: { check: string }[] }>("doctor");
    expect(ok).toBe(true);
    expect(checks.map(({ check }) => check)).toEqual(["node", "configuration", "port", "database", "data", "site"]);
    for (const check of checks) {
      expect(check).toEqual({ check: A_TEXT, state: expect.stringMatching(/^(ok|notice)$/), message: A_TEXT });
    }
    const wrong = { ...environment, PORT: "http", DATABASE_URL: "sqlite://x" };
    const troubled = await captureCommand(["doctor"], wrong);
    expect(troubled.exitCode).toBe(3);
    expect(troubled.stdout).toMatch(/^✗ configuration +CONFIGURATION_INVALID: invalid PORT: "http" \(accepted: /m);
    expect(troubled.stdout).toMatch(/^✗ database +DATABASE_URL_INVALID: /m);
  });
});
