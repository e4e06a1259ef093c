import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type LeadLagScreen, leadLagScreenSchema } from "../../src/contracts/lead-lag-study.js";
import { captureCommand, captureJson } from "../support/captured-command.js";
import { followerOf, noise, pricesOf, seriesCsv } from "../support/series-csv.js";
import { TemporaryFolder } from "../support/temporary-home.js";

const DAYS = 500;
const files = new TemporaryFolder();
afterAll(() => files.remove());

const ore = noise(1, DAYS);
const steel = followerOf(ore, { lag: 2, weight: 0.6, seed: 2 });
const others = Object.fromEntries(["coal", "rice", "rubber"].map((name, i) => [name, pricesOf(noise(10 + i, DAYS))]));
const market = files.file("market.csv", seriesCsv({ ore: pricesOf(ore), steel: pricesOf(steel), ...others }));

const environment = { QUANTFLOW_HOME: join(files.path, "home") };
const screenOf = async (...options: string[]): Promise<LeadLagScreen> =>
  leadLagScreenSchema.parse(await captureJson(["screen", "--series", market, ...options, "--json"], environment));
const pairsFile = (...lines: string[]) => files.file("pairs.csv", ["source,target", ...lines, ""].join("\n"));

describe("quantflow screen --series <file>", () => {
  it("tests every series against every other and declares the planted pair alone", async () => {
    const { pairs, tested, refused, declared, fdr } = await screenOf();
    expect([pairs.length, tested, refused, declared, fdr]).toEqual([20, 20, 0, 1, 0.05]);
    const [found] = pairs.filter(({ verdict }) => verdict.kind === "lead-found");
    expect(found).toMatchObject({ source: "ore", target: "steel", verdict: { lag: 2 }, returns: DAYS - 1 });
  });

  it("adjusts each p-value for all pairs: q of rank r is the least of p · n / rank from there on", async () => {
    const { pairs } = await screenOf();
    const ascending = pairs.map(({ p, q }) => ({ p: p!, q: q! })).sort((a, b) => a.p - b.p);
    ascending.forEach(({ q }, rank) => {
      const steps = ascending.slice(rank).map(({ p }, i) => (p * pairs.length) / (rank + i + 1));
      expect(q).toBeCloseTo(Math.min(1, ...steps), 12);
    });
  });

  it("leaves factors out of the pairs it makes", async () => {
    const { pairs } = await screenOf("--factors", "coal,rice");
    expect(pairs).toHaveLength(6);
    for (const { source, target, factors } of pairs) {
      expect(factors).toEqual(["coal", "rice"]);
      expect(["coal", "rice"]).not.toContain(source);
      expect(["coal", "rice"]).not.toContain(target);
    }
  });

  it("tests the pairs of a file, in their order, and lists those that cannot be studied", async () => {
    const { pairs, tested, refused } = await screenOf(
      "--pairs",
      pairsFile("rice,steel", "gold,steel", "coal,coal", "ore,steel"),
    );
    expect([tested, refused]).toEqual([2, 2]);
    expect(pairs.map(({ source, verdict }) => [source, verdict.kind])).toEqual([
      ["rice", expect.not.stringMatching(/insufficient/)],
      ["gold", "insufficient-data"],
      ["coal", "insufficient-data"],
      ["ore", "lead-found"],
    ]);
    expect(pairs[1]).toMatchObject({ verdict: { code: "SYMBOL_UNKNOWN" }, p: null, q: null, lags: [] });
    expect(pairs[2]).toMatchObject({ verdict: { code: "SERIES_IDENTICAL" }, p: null, q: null, lags: [] });
  });

  it("forecasts survivors when asked to, and no other pair", async () => {
    const { pairs, engine } = await screenOf(
      ...["--boosting", "survivors", "--max-lag", "4", "--pairs", pairsFile("ore,steel", "rice,steel")],
    );
    expect(engine).toBe("histogram");
    const [declared, rest] = pairs;
    expect(declared!.lags.map(({ ic }) => ic)).not.toContain(null);
    expect(declared!.lags.toSorted((a, b) => b.ic! - a.ic!)[0]!.lag).toBe(2);
    expect(rest!.lags.map(({ ic }) => ic)).toEqual([null, null, null, null, null]);
  });

  it("prints a table with the strongest pair first", async () => {
    const { stdout, exitCode } = await captureCommand(["screen", "--series", market], environment);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^1 of 20 pairs show a lead at a false discovery rate of 5%\.\n\nsource.*\nore +steel +lead-found/,
    );
  });
});

describe("quantflow screen <wrong command line or file>", () => {
  const cases: [options: string[], exitCode: number, complaint: RegExp][] = [
    [["--pairs", pairsFile("ore,steel"), "--graph"], 2, /^ARGUMENT_INVALID: invalid --graph: beside --pairs/],
    [["--series", market, "--graph"], 2, /^ARGUMENT_INVALID: invalid --graph: .*without --series/],
    [["--series", market, "--as-of", "2026-01-01"], 2, /^ARGUMENT_INVALID: invalid --as-of: /],
    [["--series", "-", "--pairs", "-"], 2, /^ARGUMENT_INVALID: invalid --pairs: standard input/],
    [["--series", market, "--factors", "gold"], 1, /^SYMBOL_UNKNOWN: unknown series: gold/],
    [["--series", market, "--boosting", "all"], 2, /all \(accepted: none, survivors\)/],
    [["--series", market, "--pairs", files.file("e.csv", "")], 1, /^FILE_EMPTY: /],
    [["--series", market, "--pairs", files.file("h.csv", "source,target\n")], 1, /^FILE_HAS_NO_ROWS: /],
    [
      ["--series", market, "--pairs", files.file("x.csv", "source,target,weight\na,b,1\n")],
      1,
      /^FILE_HEADER_INVALID: .*unknown column "weight" \(accepted: source,target\)/,
    ],
    [
      ["--series", market, "--pairs", files.file("o.csv", "source\na\n")],
      1,
      /^FILE_HEADER_INVALID: .*no column target/,
    ],
    [
      ["--series", market, "--pairs", files.file("r.csv", "source,target\na\n,b\n")],
      1,
      /^ROWS_INVALID: .*line 2: .*1 fields.*; line 3: .*a name is empty/,
    ],
  ];
  for (const [options, exitCode, complaint] of cases) {
    const shown = options.map((option) => option.replace(files.path, "")).join(" ");
    it(`${shown}: exit code ${exitCode} and nothing on standard output`, async () => {
      const answer = await captureCommand(["screen", ...options, "--json"], environment);
      expect(answer.stderr).toMatch(complaint);
      expect([answer.exitCode, answer.stdout]).toEqual([exitCode, ""]);
    });
  }
});
