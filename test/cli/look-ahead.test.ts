import { existsSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { captureCommand, captureJson } from "../support/captured-command.js";
import { noise, seriesCsv, weekdays } from "../support/series-csv.js";
import { TemporaryFolder } from "../support/temporary-home.js";

const ROWS = 60;
const files = new TemporaryFolder();
afterAll(() => files.remove());
const environment = { QUANTFLOW_HOME: join(files.path, "home") };

const target = noise(1, ROWS);
const honest = noise(2, ROWS);
/** What the target was one row before: known, and so no leak. */
const past = target.map((_, row) => target[row - 1] ?? 0);
const later = (shift: number) => Array.from(target, (_, row) => target[row + shift] ?? "");

const lookAhead = (content: string | Uint8Array, ...options: string[]) => [
  ...["look-ahead", files.file("features.csv", content), "--target", "y"],
  ...options,
];
const reportOf = (content: string | Uint8Array, ...options: string[]) =>
  captureJson<{ leaks: unknown[]; notCompared: unknown[] }>([...lookAhead(content, ...options), "--json"], environment);
const run = (content: string | Uint8Array, ...options: string[]) =>
  captureCommand(lookAhead(content, ...options), environment);

describe("quantflow look-ahead <file>", () => {
  it("finds nothing in honest features: exit code 0, and no data folder", async () => {
    const { exitCode, stdout, stderr } = await run(seriesCsv({ honest, past, y: target }));
    expect(stdout).toBe("No look-ahead found in 2 columns: 60 rows, held against y of the same row and 5 later.\n");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(existsSync(environment.QUANTFLOW_HOME)).toBe(false);
  });

  it("names the column that is a later target, by how many rows and in which lines: exit code 4", async () => {
    const content = seriesCsv({ honest, peek: later(3), y: target });
    expect((await reportOf(content)).leaks).toEqual([
      { kind: "equals-target", column: "peek", shift: 3, rows: 57, lines: [{ first: 2, last: 58 }] },
    ]);
    const { exitCode, stdout } = await run(content);
    expect(stdout).toMatch(
      /^peek equals the target 3 rows later in all 57 rows \(lines 2–58\)\.\n\n1 of 2 columns looks/,
    );
    expect(exitCode).toBe(4);
  });

  it("finds the target of the row itself in another unit, and upside down with a little noise", async () => {
    const wobble = noise(3, ROWS);
    const percent = target.map((value) => 100 * value);
    const flipped = target.map((value, row) => 0.001 * wobble[row]! - value);
    expect((await reportOf(seriesCsv({ percent, flipped, y: target }))).leaks).toEqual([
      expect.objectContaining({ kind: "follows-target", column: "percent", shift: 0, correlation: expect.closeTo(1) }),
      expect.objectContaining({ kind: "follows-target", column: "flipped", shift: 0, rows: 60 }),
    ]);
  });

  it("looks as many rows ahead as it is told", async () => {
    const content = seriesCsv({ peek: later(8), y: target });
    expect((await reportOf(content)).leaks).toEqual([]);
    expect((await reportOf(content, "--max-shift", "8")).leaks).toMatchObject([{ column: "peek", shift: 8, rows: 52 }]);
  });

  it("gives ranges of lines around empty cells and blank lines", async () => {
    const peek = Array.from(target, (value, row) => (row === 4 || row === 5 ? "" : value));
    const rows = seriesCsv({ peek, y: target }).split("\n");
    const content = [...rows.slice(0, 3), "", ...rows.slice(3)].join("\n");
    const lines = [
      { first: 2, last: 6 },
      { first: 9, last: 62 },
    ];
    expect((await reportOf(content)).leaks).toMatchObject([{ kind: "equals-target", rows: 58, lines }]);
    expect((await run(content)).stdout).toContain("(lines 2–6, 9–62)");
  });

  it("says which columns say nothing", async () => {
    const flat = new Float64Array(ROWS).fill(7);
    const rare = Array.from(honest, (value, row) => (row < 5 ? value : ""));
    const { leaks, notCompared } = await reportOf(seriesCsv({ honest, flat, rare, y: target }));
    expect(leaks).toEqual([]);
    expect(notCompared).toEqual([
      { column: "flat", reason: "does not vary" },
      { column: "rare", reason: "5 rows with a target" },
    ]);
  });

  it("needs no time, and takes time columns of any name", async () => {
    const [header, ...rows] = seriesCsv({ honest, y: target }).split("\n");
    const named = [header!.replace("time", "decided at"), ...rows].join("\n");
    expect((await reportOf(named, "--time", "decided at")).leaks).toEqual([]);
    const bare = [header, ...rows].map((row) => row!.split(",").slice(1).join(",")).join("\n");
    expect(await reportOf(bare)).toMatchObject({ rows: ROWS, columns: 1, leaks: [] });
  });

  const planted = { honest, peek: later(1), y: target };
  const forms: Record<string, string | Uint8Array> = {
    "a byte order mark and CRLF": `\ufeff${seriesCsv(planted, { lineEnd: "\r\n" })}`,
    semicolons: seriesCsv(planted, { delimiter: ";" }),
    tabs: seriesCsv(planted, { delimiter: "\t" }),
    "quoted names and cells": seriesCsv(planted).replace("peek", '"peek"').replace("2020-01-06", '"2020-01-06"'),
    gzip: gzipSync(seriesCsv(planted)),
  };
  for (const [form, content] of Object.entries(forms)) {
    it(`reads ${form}`, async () => {
      expect(await reportOf(content)).toEqual(await reportOf(seriesCsv(planted)));
    });
  }
});

describe("quantflow look-ahead <file> --known-at <feature=column>", () => {
  const days = weekdays(ROWS);
  const withTimes = (published: readonly string[], values: ArrayLike<number | string> = honest) =>
    seriesCsv({ eps: values, published, y: target }, { times: days.map((day) => `${day}T15:00:00+07:00`) });
  const check = (published: readonly string[], values?: ArrayLike<number | string>) =>
    reportOf(withTimes(published, values), "--known-at", "eps=published");

  it("takes what was known at the row's time, or before it", async () => {
    expect((await check(days.map((day) => `${day}T08:00:00Z`))).leaks).toEqual([]);
    expect((await check(days)).leaks).toEqual([]);
  });

  it("names the lines where it was known later, and the longest delay", async () => {
    const published = days.map((day, row) => (row === 6 ? days[8]! : row === 7 ? `${day}T16:00:00+07:00` : day));
    // Line 8 is Tuesday 2020-01-14 at 15:00, and 2020-01-16 begins 33 hours later.
    expect((await check(published)).leaks).toEqual([
      {
        kind: "known-too-late",
        column: "eps",
        rows: 2,
        lines: [{ first: 8, last: 9 }],
        longestDelayMs: 33 * 3_600_000,
        worstLine: 8,
      },
    ]);
    const { exitCode, stdout } = await run(withTimes(published), "--known-at", "eps=published");
    expect(stdout).toMatch(
      /^eps was not known yet in lines 8–9; in line 8 it was known 33 hours after the row's time\.$/m,
    );
    expect(exitCode).toBe(4);
  });

  it("holds a date for the start of its day", async () => {
    const times = days.map((day) => `${day}T00:00:00+07:00`);
    const content = seriesCsv({ eps: honest, published: times, y: target });
    expect((await reportOf(content, "--known-at", "eps=published")).leaks).toEqual([]);
    const noon = seriesCsv({ eps: honest, published: days.map((day) => `${day} 12:00`), y: target });
    expect((await reportOf(noon, "--known-at", "eps=published")).leaks).toMatchObject([{ rows: ROWS }]);
  });

  it("reports a value without a known time, and asks for none where there is no value", async () => {
    const values = Array.from(honest, (value, row) => (row === 3 ? "" : value));
    const published = days.map((day, row) => (row === 3 || row === 9 ? "" : day));
    expect((await check(published, values)).leaks).toEqual([
      { kind: "known-time-missing", column: "eps", rows: 1, lines: [{ first: 11, last: 11 }] },
    ]);
    expect((await run(withTimes(published, values), "--known-at", "eps=published")).stdout).toMatch(
      /^eps has values without a known time in line 11\.$/m,
    );
  });

  it("may be given for several features", async () => {
    const late = days.map((_, row) => days[row + 1] ?? "2021-01-01");
    const content = seriesCsv({ a: honest, b: past, when: late, y: target });
    const { leaks } = await reportOf(content, "--known-at", "a=when", "--known-at", "b=when");
    expect(leaks).toMatchObject([
      { column: "a", rows: ROWS },
      { column: "b", rows: ROWS },
    ]);
  });
});

describe("quantflow look-ahead on what it cannot check", () => {
  const good = seriesCsv({ honest, y: target });
  const first = (rows: number) => seriesCsv({ honest: honest.slice(0, rows), y: target.slice(0, rows) });
  const cases: [what: string, content: string | Uint8Array, options: string[], exitCode: number, complaint: RegExp][] =
    [
      ["nothing", "", [], 1, /^FILE_EMPTY: /],
      ["a header alone", "time,a,y\n", [], 1, /^FILE_HAS_NO_ROWS: /],
      ["one column", "y\n1\n2\n", [], 1, /^FILE_NOT_TABULAR: .*accepted: a target and at least one feature/],
      ["UTF-16", Buffer.from(good, "utf16le"), [], 1, /^FILE_NOT_TABULAR: .*UTF-16/],
      ["no feature", seriesCsv({ y: target }), [], 1, /^FILE_HEADER_INVALID: .*at least one feature/],
      [
        "a name twice",
        good.replace("honest", "y"),
        [],
        1,
        /^FILE_HEADER_INVALID: .*columns 2 and 3 are both named "y"/,
      ],
      ["nine rows", first(9), [], 1, /^SERIES_TOO_SHORT: .* 9 rows of .* have the target y \(accepted: at least 10\)/],
      [
        "a target that never varies",
        seriesCsv({ honest, y: honest.map(() => 1) }),
        [],
        1,
        /^SERIES_CONSTANT: .*y is 1/,
      ],
      [
        "words",
        seriesCsv({ sector: Array.from(honest, () => "steel"), y: target }),
        [],
        1,
        /^ROWS_INVALID: .*line 2: invalid value of sector: steel .*and 40 more/,
      ],
      ["infinity", good.replace(/(2020-01-07),[^,]*/, "$1,inf"), [], 1, /^ROWS_INVALID: .*line 3: .*honest: inf/],
      ["a row too short", good.replace(/(2020-01-07),[^,]*/, "$1"), [], 1, /^ROWS_INVALID: .*line 3: .*2 fields/],
      ["a date that is none", good.replace("2020-01-07", "2020-02-30"), [], 1, /^ROWS_INVALID: .*line 3: .*2020-02-30/],
      ["no date", good.replace("2020-01-07", ""), [], 1, /^ROWS_INVALID: .*line 3: invalid time in time: {2}\(/],
      ["a day twice", good.replace("2020-01-07", "2020-01-06"), [], 1, /^SERIES_MISALIGNED: .*line 3 of/],
      ["an unknown target", good, ["--target", "z"], 2, /^ARGUMENT_INVALID: invalid --target: z .*time, honest, y\)/],
      ["an unknown time", good, ["--time", "z"], 2, /^ARGUMENT_INVALID: invalid --time: z/],
      ["the target as time", good, ["--time", "y"], 2, /^ARGUMENT_INVALID: invalid --time: y is the target/],
      ["an unknown feature", good, ["--known-at", "z=time"], 2, /^ARGUMENT_INVALID: invalid --known-at: z /],
      ["an unknown known time", good, ["--known-at", "honest=z"], 2, /^ARGUMENT_INVALID: invalid --known-at: z /],
      ["a known time of the target", good, ["--known-at", "y=time"], 2, /^ARGUMENT_INVALID: .*: y is no feature/],
      ["the target as known time", good, ["--known-at", "honest=y"], 2, /^ARGUMENT_INVALID: .*: y is the target/],
      [
        "known times without times",
        good.replace("time", "day"),
        ["--known-at", "honest=day"],
        2,
        /^ARGUMENT_INVALID: .*the rows have no time/,
      ],
      ["half of a known time", good, ["--known-at", "honest"], 2, /honest \(accepted: feature=column/],
      ["two known times", good, ["--known-at", "honest=time", "--known-at", "honest=y"], 2, /honest twice/],
      ["a shift below zero", good, ["--max-shift", "-1"], 2, /-1 \(accepted: an integer from 0 to 1000\)/],
    ];
  for (const [what, content, options, exitCode, complaint] of cases) {
    it(`${what}: exit code ${exitCode} and nothing on standard output`, async () => {
      const answer = await run(content, ...options, "--json");
      expect(answer.stderr).toMatch(complaint);
      expect([answer.exitCode, answer.stdout]).toEqual([exitCode, ""]);
    });
  }

  it("a file that is not there: FILE_NOT_FOUND", async () => {
    const { exitCode, stderr } = await captureCommand(["look-ahead", "/nowhere.csv", "--target", "y"], environment);
    expect(stderr).toMatch(/^FILE_NOT_FOUND: /);
    expect(exitCode).toBe(1);
  });
});
