import { once } from "node:events";
import { chmodSync, createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storeCalendarFacts } from "../../src/import/demo-market.js";
import { captureCommand } from "../support/captured-command.js";
import { type FinishedProcess, runQuantflow } from "../support/quantflow-process.js";
import { type StoreContents, storeContents } from "../support/store-contents.js";
import { openSharedHome, type SharedHome, TemporaryFolder } from "../support/temporary-home.js";

const HEADER = "time,symbol,open,high,low,close,volume\n";
const GOOD = "2026-04-09,BRENT,70,72,69,71,1\n";
const GARBAGE = Uint8Array.from({ length: 5_000 }, (_, i) => (i * 197 + (i >> 3)) % 256);
const LONG_LINE_BYTES = 1 << 30;
const NOBODY = 65_534;

const folder = new TemporaryFolder();
let home: SharedHome;
let untouched: StoreContents;
beforeAll(async () => {
  home = await openSharedHome();
  await storeCalendarFacts(home.database);
  untouched = await storeContents(home.database);
});
afterAll(async () => {
  await home?.dispose();
  folder.remove();
});

/** Runs an import that must fail in a process of its own, and checks that the store is as it was. */
async function refused(path: string, options?: { uid?: number }): Promise<FinishedProcess> {
  const finished = await runQuantflow(["import", path], home.environment, options);
  expect(await storeContents(home.database)).toEqual(untouched);
  return finished;
}

const CASES: [fact: string, content: string | Uint8Array, code: string, message: RegExp][] = [
  ["an empty file", "", "FILE_EMPTY", /is empty \(accepted: a file with a header and rows\)/],
  ["a header alone", HEADER, "FILE_HAS_NO_ROWS", /has no rows \(accepted: a header and at least one row\)/],
  ["binary garbage", GARBAGE, "FILE_NOT_TABULAR", /is binary.*\(accepted: .*CSV.*\)/],
  [
    "a gzip file that was cut",
    gzipSync(HEADER + GOOD.repeat(3_000)).subarray(0, -20),
    "FILE_TRUNCATED",
    /the gzip stream ends early \(accepted: a complete file\)/,
  ],
  [
    "a header that names a column twice",
    `time,symbol,close,Close\n2026-04-09,BRENT,1,2\n`,
    "FILE_HEADER_INVALID",
    /columns 3 and 4 are both named "Close" \(accepted: a different name for each column\)/,
  ],
  [
    "columns separated by an unusual character",
    `time#symbol#close\n2026-04-09#BRENT#71\n`,
    "FILE_NOT_TABULAR",
    /has one column.*\(accepted: columns separated by , ; tab or \|, or by the character named with --delimiter\)/,
  ],
  ["a header that says nothing", `a,b,c\n2026-04-09,BRENT,71\n`, "MAPPING_UNKNOWN", /a, b, c.*accepted: /s],
  [
    "a number beyond all bounds",
    `${HEADER}2026-04-09,BRENT,1,1,1,1e400,1\n`,
    "ROWS_INVALID",
    /line 2: invalid close: "1e400" \(accepted: /,
  ],
  [
    "a symbol of unknown characters",
    `${HEADER}2026-04-09,BR€NT,1,1,1,1,1\n`,
    "ROWS_INVALID",
    /line 2: invalid symbol: "BR€NT" \(accepted: /,
  ],
  [
    "a negative volume",
    `${HEADER}2026-04-09,BRENT,1,1,1,1,-5\n`,
    "ROWS_INVALID",
    /line 2: invalid volume: "-5" \(accepted: /,
  ],
  [
    "a date that does not exist",
    `${HEADER}${GOOD.repeat(20)}2026-02-30,BRENT,1,1,1,1,1\n`,
    "ROWS_INVALID",
    /line 22: invalid time: "2026-02-30" \(accepted: /,
  ],
];

describe.concurrent("quantflow import <a file that cannot be imported>", () => {
  for (const [at, [fact, content, code, message]] of CASES.entries()) {
    it(`refuses ${fact} with ${code} and stores none of it`, async ({ expect }) => {
      const { exitCode, stdout, stderr } = await refused(folder.file(`bad-${at}.csv`, content));
      expect(exitCode).toBe(1);
      expect(stdout).toBe("");
      const complaint = stderr.split("\n").find((line) => line.startsWith(code));
      expect(complaint, stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at /);
    });
  }
});

describe("quantflow import <a path that is no readable file>", () => {
  it("refuses a folder, a missing file and a pattern without match, and says what would do", async () => {
    mkdirSync(`${folder.path}/prices`, { recursive: true });
    const asFolder = await refused(`${folder.path}/prices`);
    expect([asFolder.exitCode, asFolder.stderr]).toEqual([
      1,
      expect.stringMatching(/^FILE_IS_FOLDER: .*accepted: a file, or a pattern such as .*\/prices\/\*\.csv\.gz/),
    ]);
    const missing = await refused(`${folder.path}/nowhere.csv`);
    expect([missing.exitCode, missing.stderr]).toEqual([1, expect.stringMatching(/^FILE_NOT_FOUND: .*accepted: /)]);
    const pattern = await refused(`${folder.path}/prices/*.parquet`);
    expect([pattern.exitCode, pattern.stderr]).toEqual([
      1,
      expect.stringMatching(/^FILE_NOT_FOUND: .*no file matches/),
    ]);
  });

  it.skipIf(process.getuid?.() !== 0)("refuses a file that this user may not read (needs root to try)", async () => {
    const path = folder.file("secret.csv", HEADER + GOOD);
    chmodSync(path, 0o600);
    for (const file of readdirSync(home.folder)) {
      if (file.endsWith(".json") || file.startsWith("lock.db")) chmodSync(`${home.folder}/${file}`, 0o666);
    }
    chmodSync(home.folder, 0o777);
    const { exitCode, stderr } = await refused(path, { uid: NOBODY });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^FILE_UNREADABLE: .*no permission to read .*\(accepted: a file this user may read\)$/m);
  });

  it("refuses a line of 1 GB without reading it to its end", async () => {
    const path = `${folder.path}/long.csv`;
    const file = createWriteStream(path);
    file.write(HEADER);
    const megabyte = Buffer.alloc(1 << 20, "7");
    for (let written = 0; written < LONG_LINE_BYTES; written += megabyte.length) {
      if (!file.write(megabyte)) await once(file, "drain");
    }
    file.end();
    await once(file, "finish");
    const { exitCode, stderr } = await refused(path);
    rmSync(path);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^FILE_LINE_TOO_LONG: .*line 2: .*\(accepted: /m);
  });
});

describe("quantflow import <a file that is merely unusual>", () => {
  const imported = async (name: string, content: string | Uint8Array, ...options: string[]) => {
    const { stdout, stderr, exitCode } = await captureCommand(
      ["import", folder.file(name, content), "--json", ...options],
      home.environment,
    );
    expect(exitCode, stderr).toBe(0);
    return JSON.parse(stdout)[0];
  };
  const stored = async (symbol: string) =>
    (await home.database.query("SELECT time, open, close FROM market_candles WHERE symbol = $1 ORDER BY time", [
      symbol,
    ])) as { time: Date; open: number | null; close: number }[];

  it("reads a byte order mark, CRLF and a last line without an end", async () => {
    await imported(
      "bom.csv",
      `\ufeff${`${HEADER}2026-04-09,BOM,70,72,69,71,1\n2026-04-10,BOM,70,72,69,72,1`.replaceAll("\n", "\r\n")}`,
    );
    expect((await stored("BOM")).map(({ close }) => close)).toEqual([71, 72]);
  });

  it("reads semicolons with decimal commas", async () => {
    await imported(
      "semicolons.csv",
      "time;symbol;open;close\n2026-04-09;SEMI;70,25;71,5\n2026-04-10;SEMI;70,5;72,75\n",
    );
    expect((await stored("SEMI")).map(({ open, close }) => [open, close])).toEqual([
      [70.25, 71.5],
      [70.5, 72.75],
    ]);
  });

  it("reads dates written in any one of three ways", async () => {
    for (const [symbol, first, second] of [
      ["ISO", "2026-04-09", "2026-04-30"],
      ["DMY", "09/04/2026", "30/04/2026"],
      ["MDY", "04/09/2026", "04/30/2026"],
    ]) {
      await imported(`${symbol}.csv`, `time,symbol,close\n${first},${symbol},1\n${second},${symbol},2\n`);
      expect((await stored(symbol!)).map(({ time }) => time.toISOString())).toEqual([
        "2026-04-08T17:00:00.000Z",
        "2026-04-29T17:00:00.000Z",
      ]);
    }
  });

  it("does not guess in silence when one file mixes ways of writing dates", async () => {
    const before = await storeContents(home.database);
    const path = folder.file(
      "mixed-dates.csv",
      "time,symbol,close\n2026-04-09,MIX,1\n10/04/2026,MIX,2\n04/13/2026,MIX,3\n",
    );
    const { exitCode, stderr } = await captureCommand(["import", path], home.environment);
    expect(exitCode).toBe(1);
    expect(await storeContents(home.database)).toEqual(before);
    expect(stderr).toMatch(/^(ROWS_INVALID|MAPPING_UNKNOWN): .*/m);
    expect(stderr).toMatch(/accepted: /);
  });

  it("stores NaN in a price as absent, leaves out a row without a close, and reports a negative price", async () => {
    const report = await imported(
      "nan.csv",
      `${HEADER}2026-04-09,OIL,NaN,72,69,71,1\n2026-04-10,OIL,70,72,69,nan,1\n2026-04-13,OIL,70,72,-5,-4,1\n`,
    );
    expect(await stored("OIL")).toMatchObject([{ open: null, close: 71 }, { close: -4 }]);
    const kinds = report.findings.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["missing-close", "missing-value", "non-positive-price"]));
  });

  it("goes on after a file that fails, and ends with its exit code", async () => {
    const good = folder.file("good.csv", `${HEADER}2026-04-09,GOOD,70,72,69,71,1\n`);
    const { exitCode, stdout } = await captureCommand(
      ["import", folder.file("empty.csv", ""), good, "--json"],
      home.environment,
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual([
      {
        path: expect.any(String),
        error: { code: "FILE_EMPTY", message: expect.any(String), details: expect.any(Object) },
      },
      expect.objectContaining({ path: good, rowsNew: 1 }),
    ]);
  });

  it("imports the valid rows with --skip-invalid and names the file of the others", async () => {
    const report = await imported(
      "part.csv",
      `${HEADER}2026-04-09,PART,70,72,69,71,1\n2026-04-10,PART,70,72,69,ten,1\n`,
      "--skip-invalid",
    );
    expect(report).toMatchObject({ rowsNew: 1, rowsRejected: 1 });
    expect(existsSync(report.rejectedFile)).toBe(true);
    expect(readFileSync(report.rejectedFile, "utf8")).toContain('3,ROWS_INVALID,"invalid close:');
  });
});
