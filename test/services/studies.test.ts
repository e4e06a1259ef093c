import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { load } from "../../data-loaders/lead-lag-screen.arrow.js";
import { type LeadLagScreen, type LeadLagStudy, leadLagStudySchema } from "../../src/contracts/lead-lag-study.js";
import { instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { epochMs } from "../../src/engine/units/epoch-ms.js";
import { tradingDate } from "../../src/engine/units/trading-date.js";
import { importValueChain } from "../../src/import/value-chain/import-value-chain.js";
import { readValueChainJson, writeValueChainJson } from "../../src/import/value-chain/value-chain-json.js";
import { readDataVersion } from "../../src/store/queries/data-version.js";
import { edge, node } from "../engine/value-chain/small-chain.js";
import { captureCommand, captureJson } from "../support/captured-command.js";
import { importPath } from "../support/import-path.js";
import type { ProcessEnvironment } from "../support/quantflow-process.js";
import { followerOf, noise, pricesOf, weekdays } from "../support/series-csv.js";
import { openSharedHome, type SharedHome, TemporaryFolder } from "../support/temporary-home.js";

const DAYS = 420;
const files = new TemporaryFolder();
let home: SharedHome;
let environment: ProcessEnvironment;

const market = noise(1, DAYS);
const rebar = noise(2, DAYS);
const steelmaker = followerOf(rebar, { lag: 1, weight: 0.7, seed: 3 }).map((own, day) => own + market[day]!);
const PRICES: Readonly<Record<string, readonly number[]>> = {
  VNINDEX: pricesOf(market),
  "SHFE.RB": pricesOf(rebar),
  HPG: pricesOf(steelmaker),
  VNM: pricesOf(noise(4, DAYS)),
  YOUNG: pricesOf(noise(5, 100)),
};

function pricesCsv(fromRow: number, toRow: number): string {
  const rows = Object.entries(PRICES).flatMap(([symbol, closes]) =>
    weekdays(DAYS).flatMap((date, row) =>
      row >= fromRow && row < toRow && closes[row] !== undefined ? [`${date},${symbol},${closes[row]}`] : [],
    ),
  );
  return ["time,symbol,close", ...rows, ""].join("\n");
}

beforeAll(async () => {
  home = await openSharedHome();
  environment = home.environment;
  await importPath(home.database, files.file("prices.csv", pricesCsv(0, 400)));
});
afterAll(async () => {
  await home?.dispose();
  files.remove();
});

const json = <T>(...commandLine: string[]) => captureJson<T>([...commandLine, "--json"], environment);
const text = (...commandLine: string[]) => captureCommand(commandLine, environment);
const pair = ["lead-lag", "--source", "SHFE.RB", "--target", "HPG", "--engine", "none"];

interface Rerun {
  readonly sameWatermark: boolean;
  readonly sameNumbers: boolean;
  readonly changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
  readonly after: LeadLagStudy;
}

describe("quantflow lead-lag on stored prices", () => {
  it("frees a Vietnamese share from the market unless told otherwise, and says so", async () => {
    const { stderr, stdout } = await text(...pair, "--no-store", "--json");
    expect(stderr).toBe("Freed from VNINDEX, the default for this target; --factors none for none.\n");
    const study = leadLagStudySchema.parse(JSON.parse(stdout));
    expect(study).toMatchObject({ factors: ["VNINDEX"], verdict: { kind: "lead-found", lag: 1 }, dataset: "market" });
    const raw = await json<LeadLagStudy>(...pair, "--no-store", "--factors", "none");
    expect([raw.factors, raw.studyId]).toEqual([[], null]);
    expect(Math.abs(raw.lead!.statistic!)).toBeLessThan(Math.abs(study.lead!.statistic!));
  });

  it("studies the days it is told", async () => {
    const [from, to] = [weekdays(DAYS)[50]!, weekdays(DAYS)[380]!];
    const study = await json<LeadLagStudy>(...pair, "--no-store", "--from", from, "--to", to);
    expect(study).toMatchObject({ from: weekdays(DAYS)[51], to, returns: 330 });
  });

  it("reads symbols in any case, and names what looks like an unknown one", async () => {
    expect(await json("lead-lag", "--source", "shfe.rb", "--target", "hpg", "--engine", "none", "--no-store")).toEqual(
      await json(...pair, "--no-store"),
    );
    const unknown = await text("lead-lag", "--source", "HPX", "--target", "VNM", "--json");
    expect([unknown.exitCode, unknown.stdout]).toEqual([1, ""]);
    expect(unknown.stderr).toMatch(/^SYMBOL_UNKNOWN: unknown symbol: HPX .*alike: HPG/);
  });

  it("refuses a share that is too young, and stores nothing", async () => {
    const { exitCode, stderr, stdout } = await text("lead-lag", "--source", "YOUNG", "--target", "HPG", "--json");
    expect(stderr).toMatch(/^SERIES_TOO_SHORT: .*YOUNG and HPG have 9\d common returns/);
    expect([exitCode, JSON.parse(stdout).verdict.kind]).toEqual([1, "insufficient-data"]);
    expect(await json("study", "list")).toEqual({ studies: [] });
  });

  it("says when a quarantine leaves too little", async () => {
    const part = ["--from", "2020-06-01", "--to", "2021-12-31"];
    const { id } = await json<{ id: number }>("quality", "quarantine", "VNM", ...part);
    const short = await text("lead-lag", "--source", "SHFE.RB", "--target", "VNM", "--engine", "none");
    expect(short.stderr).toMatch(/^SERIES_TOO_SHORT: .*Quarantined and left out: VNM from 2020-06-01 to 2021-12-31/);
    await json("quality", "lift", String(id));
    const all = await json<{ id: number }>("quality", "quarantine", "VNM");
    const nothing = await text("lead-lag", "--source", "VNM", "--target", "HPG", "--engine", "none");
    expect(nothing.stderr).toMatch(/^SERIES_TOO_SHORT: .*VNM has no daily candle left.*Quarantined and left out: VNM/);
    await json("quality", "lift", String(all.id));
  });
});

describe("quantflow study", () => {
  let study: LeadLagStudy;
  beforeAll(async () => {
    study = await json<LeadLagStudy>(...pair);
  });

  it("shows a study as it was printed", async () => {
    expect(study.studyId).toEqual(expect.any(Number));
    expect(study.watermark).toBe((await readDataVersion(home.database)).watermark);
    expect(await json("study", "show", String(study.studyId))).toEqual({
      createdAt: "2026-04-11T03:00:00.000Z",
      kind: "pair",
      parameters: {
        kind: "pair",
        source: "SHFE.RB",
        target: "HPG",
        factors: null,
        from: null,
        to: null,
        engine: "none",
        maxLag: 30,
        seed: 1,
        compare: null,
      },
      result: study,
    });
  });

  it("lists it", async () => {
    const { studies } = await json<{ studies: unknown[] }>("study", "list", "--target", "HPG");
    expect(studies).toMatchObject([{ id: study.studyId, kind: "pair", verdict: "lead-found", lag: 1, p: study.p }]);
    expect((await text("study")).stdout).toMatch(/SHFE\.RB +HPG +lead-found +1 /);
  });

  it("gives the same numbers again on the same data, to the last bit", async () => {
    expect(await json("study", "rerun", String(study.studyId))).toMatchObject({
      sameWatermark: true,
      sameNumbers: true,
      changes: [],
      differences: [],
    });
    expect((await text("study", "rerun", String(study.studyId))).stdout).toMatch(/^Same numbers, to the last bit\./);
  });

  it("fails when the same program gives other numbers on the same data", async () => {
    const tampered = await json<LeadLagStudy>(...pair);
    await home.database.query(
      "UPDATE lead_lag_studies SET result = jsonb_set(result, '{lags,3,pearson}', '0.5') WHERE id = $1",
      [tampered.studyId],
    );
    const { exitCode, stderr } = await text("study", "rerun", String(tampered.studyId));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^STUDY_NOT_REPRODUCED: study \d+ .* the first in lags\.3\.pearson/);
  });

  it("says what changed on newer data", async () => {
    await importPath(home.database, files.file("more.csv", pricesCsv(400, DAYS)));
    const rerun = await json<Rerun>("study", "rerun", String(study.studyId));
    expect(rerun).toMatchObject({ sameWatermark: false, sameNumbers: false, after: { returns: DAYS - 1 } });
    expect(rerun.changes).toContainEqual({ field: "returns", before: 399, after: DAYS - 1 });
    expect(rerun.changes).toContainEqual({ field: "to", before: weekdays(400).at(-1), after: weekdays(DAYS).at(-1) });
    expect((await text("study", "rerun", String(study.studyId))).stdout).toMatch(
      /^Other numbers\.\n.*\n\n.*\nreturns? +399 +419/ms,
    );
  });

  it("knows no other number", async () => {
    const { exitCode, stderr } = await text("study", "show", "999");
    expect([exitCode, stderr]).toEqual([1, "NOT_FOUND: no study has number 999: quantflow study lists them\n"]);
  });
});

describe("quantflow study compare <first> <second>", () => {
  const forecast = ["--source", "SHFE.RB", "--target", "HPG", "--max-lag", "3", "--workers", "2"];
  let first: LeadLagStudy;
  let second: LeadLagStudy;
  beforeAll(async () => {
    first = await json<LeadLagStudy>("lead-lag", ...forecast, "--compare", "ml-xgboost");
    second = await json<LeadLagStudy>("lead-lag", ...forecast, "--engine", "ml-xgboost", "--seed", "2");
  });
  const ids = (...studies: { studyId: number | null }[]) => studies.map(({ studyId }) => String(studyId));

  it("puts engines, seeds, days and findings side by side, then every lag", async () => {
    const compared = await json<{ lags: unknown[] }>("study", "compare", ...ids(first, second));
    expect(compared).toMatchObject({
      source: "SHFE.RB",
      target: "HPG",
      studies: [
        { studyId: first.studyId, engine: "histogram", seed: 1, p: first.p, heldOutIc: first.heldOutIc },
        { studyId: second.studyId, engine: "ml-xgboost", seed: 2, verdict: second.verdict.kind, to: second.to },
      ],
      agreement: { lags: 4, bestLags: [1, 1] },
    });
    expect(compared.lags).toEqual(
      first.lags.map(({ lag, ic, r2 }, i) => ({
        lag,
        ic: [ic, second.lags[i]!.ic],
        icDifference: second.lags[i]!.ic! - ic!,
        r2: [r2, second.lags[i]!.r2],
        r2Difference: second.lags[i]!.r2! - r2!,
      })),
    );
  });

  it("says in a sentence how far they agree", async () => {
    const { stdout } = await text("study", "compare", ...ids(first, second));
    expect(stdout).toMatch(/^SHFE\.RB → HPG +study \d+ +study \d+\nengine +histogram +ml-xgboost\nseed +1 +2\n/);
    expect(stdout).toMatch(/Over 4 lags the rank correlation .* both have their best IC at lag 1\.\n$/);
  });

  it("compares a study without an engine by all but its lags", async () => {
    const plain = await json<LeadLagStudy>(...pair);
    const compared = await json("study", "compare", ...ids(first, plain));
    expect(compared).toMatchObject({ studies: [{ p: first.p }, { p: plain.p }], agreement: null });
    expect((await text("study", "compare", ...ids(first, plain))).stdout).toMatch(/no lag with forecasts of both\.\n$/);
  });

  it("refuses studies of different pairs, and names both", async () => {
    const other = await json<LeadLagStudy>("lead-lag", "--source", "SHFE.RB", "--target", "VNM", "--engine", "none");
    const { exitCode, stderr, stdout } = await text("study", "compare", ...ids(first, other), "--json");
    expect(stderr).toMatch(/^ARGUMENT_INVALID: .* \d+ is of SHFE\.RB → HPG, \d+ of SHFE\.RB → VNM \(accepted: /);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });

  it("refuses a screen, and a number that no study has", async () => {
    const pairs = files.file("one-pair.csv", "source,target\nSHFE.RB,HPG\n");
    const screen = await json<LeadLagScreen>("screen", "--pairs", pairs);
    expect((await text("study", "compare", ...ids(first, screen))).stderr).toMatch(/^ARGUMENT_INVALID: .* is a screen/);
    expect((await text("study", "compare", ...ids(first), "999")).stderr).toMatch(
      /^NOT_FOUND: no study has number 999/,
    );
  });

  it("makes both engines' forecasts again to the last bit", async () => {
    expect(first.comparison).toMatchObject({ engine: "ml-xgboost" });
    expect(await json("study", "show", ...ids(first))).toMatchObject({
      parameters: { engine: "histogram", compare: "ml-xgboost" },
      result: { comparison: first.comparison },
    });
    const { after, ...rerun } = await json<Rerun>("study", "rerun", ...ids(first));
    expect(rerun).toMatchObject({ sameWatermark: true, sameNumbers: true });
    expect(after.comparison).toEqual(first.comparison);
  });
});

describe("quantflow screen on stored prices", () => {
  const symbol = (name: string) => ({ symbol: instrumentSymbol(name) });
  beforeAll(async () => {
    const chain = {
      nodes: [
        node("rebar", symbol("SHFE.RB")),
        node("hpg", symbol("HPG")),
        node("vnm", symbol("VNM")),
        node("young", symbol("YOUNG")),
        node("unlisted", symbol("ZZZ")),
      ],
      edges: [
        edge("rebar hpg", 1, { kind: "product-of" }),
        edge("rebar hpg", 1, { kind: "customer-of" }),
        edge("hpg vnm", 1, { validTo: tradingDate("2020-12-31") }),
        edge("young hpg"),
        edge("unlisted hpg"),
      ],
    };
    await importValueChain(
      home.database,
      readValueChainJson({ name: "chain.json", text: writeValueChainJson(chain) }),
      { author: "test", note: "", changedAtMs: epochMs(0), expectedRevision: undefined, mode: "replace" },
    );
  });

  it("takes the edges of the value chain whose ends both have prices", async () => {
    const screen = await json<LeadLagScreen>("screen");
    expect(screen.pairs.map(({ source, target, verdict }) => [source, target, verdict.kind])).toEqual(
      expect.arrayContaining([
        ["SHFE.RB", "HPG", "lead-found"],
        ["HPG", "VNM", expect.stringMatching(/no-lead-found|not-tradable/)],
        ["YOUNG", "HPG", "insufficient-data"],
      ]),
    );
    expect(screen).toMatchObject({ tested: 2, refused: 1, declared: 1, fdr: 0.05, dataset: "market" });
    expect(await json("study", "show", String(screen.studyId))).toMatchObject({ kind: "screen", result: screen });
    expect(await json("study", "rerun", String(screen.studyId))).toMatchObject({ sameNumbers: true });
  });

  it("takes the edges of a day", async () => {
    const { pairs } = await json<LeadLagScreen>("screen", "--graph", "--as-of", "2021-06-01", "--no-store");
    expect(pairs.map(({ target }) => target)).toEqual(["HPG", "HPG"]);
  });

  it("takes pairs of a file, unknown symbols included", async () => {
    const file = files.file("pairs.csv", "source,target\nshfe.rb,hpg\nHPX,HPG\n");
    const { pairs } = await json<LeadLagScreen>("screen", "--pairs", file, "--no-store");
    expect(pairs).toMatchObject([
      { source: "SHFE.RB", verdict: { kind: "lead-found" }, factors: ["VNINDEX"] },
      { source: "HPX", verdict: { kind: "insufficient-data", code: "SYMBOL_UNKNOWN" } },
    ]);
  });

  it("gives pages the same numbers", async () => {
    const { pairs } = await json<LeadLagScreen>("screen", "--no-store");
    const table = tableFromIPC(await load({ database: home.database, parameters: {} }));
    const rows = table.toArray().map((row) => row.toJSON());
    expect(rows.map(({ source, target, verdict }) => [source, target, verdict])).toEqual(
      pairs.map(({ source, target, verdict }) => [source, target, verdict.kind]),
    );
    const at = pairs.findIndex(({ source }) => source === "SHFE.RB");
    const { p, q, heldOutIc, returns, lags } = pairs[at]!;
    expect(rows[at]).toMatchObject({ edge_count: 2, lag: 1, p, q, held_out_ic: heldOutIc, returns });
    expect([...rows[at]!.pearson]).toEqual(lags.map(({ pearson }) => Math.fround(pearson!)));
    const refused = rows[pairs.findIndex(({ source }) => source === "YOUNG")]!;
    expect([refused.lag, refused.p, refused.pearson.length]).toEqual([-1, Number.NaN, 0]);
  });
});
