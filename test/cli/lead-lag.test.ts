import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { leadLagStudySchema } from "../../src/contracts/lead-lag-study.js";
import { captureCommand, captureJson } from "../support/captured-command.js";
import { followerOf, noise, pricesOf, seriesCsv, weekdays } from "../support/series-csv.js";
import { TemporaryFolder } from "../support/temporary-home.js";

const DAYS = 600;
const files = new TemporaryFolder();
afterAll(() => files.remove());

const ore = noise(1, DAYS);
const steel = followerOf(ore, { lag: 3, weight: 0.5, seed: 2 });
const other = noise(3, DAYS);
const prices = { "iron ore": pricesOf(ore), Steel: pricesOf(steel), other: pricesOf(other) };
const planted = files.file("planted.csv", seriesCsv(prices));

const environment = { QUANTFLOW_HOME: join(files.path, "home") };
const onFile = (file: string, ...options: string[]) => [
  ...["lead-lag", "--series", file, "--source", "iron ore", "--target", "Steel", "--engine", "none"],
  ...options,
];
const studyOf = async (commandLine: readonly string[]) =>
  leadLagStudySchema.parse(await captureJson([...commandLine, "--json"], environment));

describe("quantflow lead-lag --series <file>", () => {
  it("finds the planted lag, and touches no data folder", async () => {
    const study = await studyOf(onFile(planted));
    expect(study).toMatchObject({
      source: "iron ore",
      target: "Steel",
      factors: [],
      from: weekdays(2)[1],
      to: weekdays(DAYS).at(-1),
      returns: DAYS - 1,
      verdict: { kind: "lead-found", lag: 3, lagInterval: [3, 3] },
      dataset: "file",
      excluded: "",
      studyId: null,
    });
    expect(study.q).toBe(study.p);
    expect(study.heldOutIc).toBe(study.heldOut?.ic);
    expect(study.lags.map(({ lag }) => lag)).toEqual(Array.from({ length: 31 }, (_, lag) => lag));
    expect(existsSync(environment.QUANTFLOW_HOME)).toBe(false);
  });

  it("finds no lead between unrelated series, and says what it would have found", async () => {
    const { verdict, detectableSize } = await studyOf([
      ...["lead-lag", "--series", planted, "--source", "other", "--target", "iron ore", "--engine", "none"],
    ]);
    expect(verdict).toMatchObject({ kind: "no-lead-found", lag: null, lagInterval: null });
    expect(detectableSize).toBeGreaterThan(3 / Math.sqrt(DAYS));
    expect(detectableSize).toBeLessThan(6 / Math.sqrt(DAYS));
  });

  it("says the verdict first", async () => {
    const { stdout } = await captureCommand(onFile(planted), environment);
    expect(stdout).toMatch(/^iron ore leads Steel by 3 trading days[.,]/);
    expect(stdout).toContain(`${DAYS - 1} returns of a file, freed from no factor`);
  });

  it("names the data by the digest of the file", async () => {
    const digest = createHash("sha256").update(seriesCsv(prices)).digest("hex");
    expect((await studyOf(onFile(planted))).watermark).toBe(`sha256:${digest}`);
  });

  const timesAt = (suffix: string) => weekdays(DAYS).map((day) => `${day}${suffix}`);
  const forms: Record<string, string | Uint8Array> = {
    "a byte order mark and CRLF": `\ufeff${seriesCsv(prices, { lineEnd: "\r\n" })}`,
    semicolons: seriesCsv(prices, { delimiter: ";" }),
    tabs: seriesCsv(prices, { delimiter: "\t" }),
    "date-times in UTC": seriesCsv(prices, { times: timesAt("T00:00:00Z") }),
    "date-times without offset": seriesCsv(prices, { times: timesAt(" 00:00:00") }),
    "epoch milliseconds": seriesCsv(prices, { times: weekdays(DAYS).map((day) => String(Date.parse(day))) }),
    "epoch seconds": seriesCsv(prices, { times: weekdays(DAYS).map((day) => String(Date.parse(day) / 1000)) }),
    "compact dates": seriesCsv(prices, { times: weekdays(DAYS).map((day) => day.replaceAll("-", "")) }),
    gzip: gzipSync(seriesCsv(prices)),
  };
  for (const [form, content] of Object.entries(forms)) {
    it(`reads ${form}`, async () => {
      const { watermark: _, ...study } = await studyOf(onFile(files.file(`${form}.csv`, content)));
      const { watermark: __, ...plain } = await studyOf(onFile(planted));
      expect(study).toEqual(plain);
    });
  }

  it("takes small whole numbers for numbers of days", async () => {
    const numbers = weekdays(DAYS).map((_, day) => String(day));
    const study = await studyOf(onFile(files.file("numbered.csv", seriesCsv(prices, { times: numbers }))));
    expect(study.verdict).toMatchObject({ kind: "lead-found", lag: 3 });
    expect(study.from).toBe("1970-01-02");
  });

  it("takes returns for what they are", async () => {
    const file = files.file("returns.csv", seriesCsv({ "iron ore": ore, Steel: steel }));
    const { lags, verdict } = await studyOf(onFile(file, "--returns"));
    const ofPrices = await studyOf(onFile(planted));
    expect(verdict).toMatchObject({ kind: "lead-found", lag: 3 });
    expect(lags[3]!.pearson).toBeCloseTo(ofPrices.lags[3]!.pearson!, 2);
  });

  it("skips empty cells, NaN and null", async () => {
    const holes = prices["iron ore"].map((price, row) =>
      row % 20 === 7 ? ["", "NaN", "nan", "null"][row % 4]! : price,
    );
    const { verdict } = await studyOf(onFile(files.file("holes.csv", seriesCsv({ ...prices, "iron ore": holes }))));
    expect(verdict.kind).toBe("lead-found");
  });

  it("frees both from the factors it is told", async () => {
    const repeated = await studyOf(onFile(planted, "--factors", "other"));
    expect(repeated.factors).toEqual(["other"]);
    expect((await studyOf(onFile(planted, "--factors", "none"))).factors).toEqual([]);
  });

  it("gives the same bits for the same seed, and other p-values for another", async () => {
    const target = ["lead-lag", "--series", planted, "--source", "other", "--target", "Steel", "--engine", "none"];
    expect(await studyOf([...target, "--seed", "7"])).toEqual(await studyOf([...target, "--seed", "7"]));
    expect((await studyOf([...target, "--seed", "8"])).p).not.toBe((await studyOf([...target, "--seed", "7"])).p);
  });

  it("forecasts with as many threads as it is told, to the same bits", async () => {
    const commandLine = [
      "lead-lag",
      "--series",
      planted,
      "--source",
      "iron ore",
      "--target",
      "Steel",
      "--max-lag",
      "4",
    ];
    const alone = await studyOf([...commandLine, "--workers", "0"]);
    expect(await studyOf([...commandLine, "--workers", "2"])).toEqual(alone);
    expect(alone.engine).toBe("histogram");
    const best = alone.lags.toSorted((a, b) => b.ic! - a.ic!)[0]!;
    expect(best.lag).toBe(3);
    expect(best.ic).toBe(alone.boosting!.lags[3]!.ic);
  });

  it("compares a second engine on the same days", async () => {
    const commandLine = onFile(planted, "--engine", "histogram", "--max-lag", "3", "--workers", "2");
    const { comparison, ...study } = await studyOf([...commandLine, "--compare", "ml-xgboost"]);
    const other = await studyOf(onFile(planted, "--engine", "ml-xgboost", "--max-lag", "3", "--workers", "2"));
    expect(comparison).toEqual({
      engine: "ml-xgboost",
      lags: other.lags.map(({ lag, ic, r2 }) => ({ lag, ic, r2 })),
    });
    expect({ ...study, comparison: null }).toEqual(await studyOf(commandLine));
    const { stdout } = await captureCommand([...commandLine, "--compare", "ml-xgboost"], environment);
    expect(stdout).toMatch(/^lag +IC histogram +IC ml-xgboost +Δ +R² histogram +R² ml-xgboost +Δ$/m);
    expect(stdout).toMatch(
      /^Over 4 lags the rank correlation of the two ICs is .*both have their best IC at lag 3\.$/m,
    );
  });

  it("leaves forecasts empty without an engine", async () => {
    const { lags, boosting, engineParameters } = await studyOf(onFile(planted));
    expect([boosting, engineParameters]).toEqual([null, null]);
    expect(lags.filter(({ ic, r2 }) => ic !== null || r2 !== null)).toEqual([]);
  });
});

describe("quantflow lead-lag on series that bear no study", () => {
  const first = (count: number) =>
    Object.fromEntries(Object.entries(prices).map(([name, values]) => [name, values.slice(0, count)]));
  const withOre = (value: (price: number, row: number) => number | string) =>
    seriesCsv({ ...prices, "iron ore": prices["iron ore"].map(value) });
  const half = DAYS / 2;
  const times = weekdays(DAYS);
  const cases: [what: string, content: string, options: string[], exitCode: number, complaint: RegExp][] = [
    ["250 rows", seriesCsv(first(250)), [], 1, /^SERIES_TOO_SHORT: .*249 common returns/],
    ["40 rows and 31 lags", seriesCsv(first(40)), [], 1, /^SERIES_TOO_SHORT: /],
    [
      "no common day",
      seriesCsv({
        ...prices,
        "iron ore": prices["iron ore"].map((price, row) => (row < half ? price : "")),
        Steel: prices.Steel.map((price, row) => (row < half ? "" : price)),
      }),
      [],
      1,
      /^SERIES_TOO_SHORT: .* 0 common returns/,
    ],
    ["no value at all", withOre(() => ""), [], 1, /^SERIES_TOO_SHORT: .* 0 common returns/],
    ["a constant", withOre(() => 5), [], 1, /^SERIES_CONSTANT: .*iron ore/],
    ["inf", withOre((price, row) => (row === 9 ? "inf" : price)), [], 1, /^SERIES_INVALID: .*iron ore: Infinity/],
    ["-Infinity", withOre((price, row) => (row === 9 ? "-Infinity" : price)), [], 1, /^SERIES_INVALID: .*-Infinity/],
    ["1e999", withOre((price, row) => (row === 9 ? "1e999" : price)), [], 1, /^SERIES_INVALID: .*Infinity/],
    [
      "a repeated time",
      seriesCsv(prices, { times: times.with(5, times[4]!) }),
      [],
      1,
      /^SERIES_MISALIGNED: .*line 7 of/,
    ],
    ["times that go back", seriesCsv(prices, { times: times.toReversed() }), [], 1, /^SERIES_MISALIGNED: .*line 3 of/],
    ["a lag beyond the sample", seriesCsv(prices), ["--max-lag", "9999"], 2, /^LAG_INVALID: .*from 1 to 119/],
    ["the target as factor", seriesCsv(prices), ["--factors", "Steel"], 1, /^SERIES_IDENTICAL: .*Steel/],
    ["the source as factor", seriesCsv(prices), ["--factors", "iron ore"], 1, /^SERIES_IDENTICAL: .*iron ore/],
    ["the source as target", seriesCsv(prices), ["--target", "iron ore"], 1, /^SERIES_IDENTICAL: .*iron ore/],
    ["twins", seriesCsv({ ...prices, Steel: prices["iron ore"] }), [], 1, /^SERIES_IDENTICAL: .*iron ore/],
  ];
  for (const [what, content, options, exitCode, complaint] of cases) {
    it(`${what}: ${complaint.source.slice(1).split(":")[0]}, and a verdict of insufficient data`, async () => {
      const file = files.file("refused.csv", content);
      const answer = await captureCommand([...onFile(file, ...options), "--json"], environment);
      expect(answer.stderr).toMatch(complaint);
      expect(answer.exitCode).toBe(exitCode);
      const study = JSON.parse(answer.stdout);
      const [code] = answer.stderr.split(":");
      expect(study).toMatchObject({
        verdict: { kind: "insufficient-data", lag: null, lagInterval: null, code },
        error: { code },
        p: null,
        q: null,
        lags: [],
      });
      expect(study.verdict.reasons).toEqual([study.error.message]);
    });
  }
});

describe("quantflow lead-lag on files that cannot be read", () => {
  const good = seriesCsv(prices);
  const [header, ...rows] = good.split("\n");
  const cases: [what: string, content: string | Uint8Array, complaint: RegExp][] = [
    ["nothing", "", /^FILE_EMPTY: /],
    ["blank lines", "\n \n", /^FILE_EMPTY: /],
    ["a header alone", `${header}\n`, /^FILE_HAS_NO_ROWS: /],
    ["times alone", "time\n2020-01-06\n", /^FILE_NOT_TABULAR: .*accepted: a column time/],
    ["UTF-16", Buffer.from(good, "utf16le"), /^FILE_NOT_TABULAR: .*UTF-16/],
    ["bytes that are no text", Buffer.from([0x74, 0x2c, 0xff, 0x0a]), /^FILE_NOT_TABULAR: .*UTF-8/],
    ["a cut gzip", gzipSync(good).subarray(0, 100), /^FILE_(TRUNCATED|UNREADABLE): /],
    ["a first column of another name", good.replace("time", "when"), /^FILE_HEADER_INVALID: .*"when"/],
    ["two columns of one name", good.replace("other", "Steel"), /^FILE_HEADER_INVALID: .*columns 3 and 4.*"Steel"/],
    ["a column without a name", good.replace("other", ""), /^FILE_HEADER_INVALID: .*column 4 has no name/],
    [
      "a row too short",
      [header, rows[0], "2020-01-07,1,2", ...rows.slice(2)].join("\n"),
      /^ROWS_INVALID: .*line 3: .*3 fields/,
    ],
    ["words for numbers", good.replace(/(\d),[\d.]+\n/, "$1,abc\n"), /^ROWS_INVALID: .*line 2: .*other: abc/],
    ["a date that does not exist", good.replace("2020-01-07", "2020-02-30"), /^ROWS_INVALID: .*line 3: .*2020-02-30/],
    ["seconds, then dates", good.replace("2020-01-06", "1578268800"), /^ROWS_INVALID: .*line 3: .*seconds/],
  ];
  for (const [what, content, complaint] of cases) {
    it(`${what}: ${complaint.source.slice(1).split(":")[0]}, exit code 1 and nothing on standard output`, async () => {
      const file = files.file("unreadable.csv", content);
      const { exitCode, stdout, stderr } = await captureCommand([...onFile(file), "--json"], environment);
      expect(stderr).toMatch(complaint);
      expect([exitCode, stdout]).toEqual([1, ""]);
    });
  }

  it("names the columns when a name is not among them", async () => {
    const commandLine = ["lead-lag", "--series", planted, "--source", "Iron ore", "--target", "Steel"];
    const { exitCode, stderr } = await captureCommand(commandLine, environment);
    expect(stderr).toMatch(/^SYMBOL_UNKNOWN: unknown series: Iron ore \(accepted: .*iron ore, Steel, other\)/);
    expect(exitCode).toBe(1);
  });
});

describe("quantflow lead-lag <wrong command line>", () => {
  const cases: [commandLine: string[], complaint: RegExp][] = [
    [["--source", "HPG"], /required option '--target <name>' not specified/],
    [["--source", "HP!G", "--target", "VNM"], /^SYMBOL_INVALID: .*HP!G/],
    [["--source", "HPG", "--target", "VNM", "--returns"], /^ARGUMENT_INVALID: invalid --returns: .*--series/],
    [["--source", "HPG", "--target", "VNM", "--engine", "python"], /python \(accepted: histogram, ml-xgboost, none\)/],
    [["--source", "HPG", "--target", "VNM", "--compare", "none"], /none \(accepted: histogram, ml-xgboost\)/],
    [
      ["--source", "HPG", "--target", "VNM", "--compare", "histogram"],
      /^ARGUMENT_INVALID: .*--compare: histogram, the/,
    ],
    [
      ["--source", "HPG", "--target", "VNM", "--engine", "none", "--compare", "histogram"],
      /^ARGUMENT_INVALID: .*--compare: histogram beside --engine none/,
    ],
    [["--source", "HPG", "--target", "VNM", "--max-lag", "0"], /0 \(accepted: an integer from 1 to/],
    [["--source", "HPG", "--target", "VNM", "--seed", "-1"], /-1 \(accepted: an integer from 0 to/],
    [["--source", "HPG", "--target", "VNM", "--factors", "A,none"], /invalid factors: A,none/],
    [["--source", "HPG", "--target", "VNM", "--factors", "A,,B"], /invalid factors: A,,B/],
    [["--source", "HPG", "--target", "VNM", "--from", "2026-02-01", "--to", "2026-01-01"], /^RANGE_INVALID: /],
  ];
  for (const [options, complaint] of cases) {
    it(`${options.join(" ")}: exit code 2`, async () => {
      const { exitCode, stdout, stderr } = await captureCommand(["lead-lag", ...options], environment);
      expect(stderr).toMatch(complaint);
      expect([exitCode, stdout]).toEqual([2, ""]);
    });
  }
});
