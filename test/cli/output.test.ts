import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { lastCompletedTradingDate } from "../../src/cli/demo-end-date.js";
import { expandPaths } from "../../src/cli/expand-paths.js";
import { textTable, write, writeJson } from "../../src/cli/output.js";
import { ProgressBar } from "../../src/cli/progress-bar.js";

describe("textTable(header, rows)", () => {
  it("aligns text left and numbers right, and ends lines without spaces", () => {
    const rows = [
      ["HPG", 2_600, ""],
      ["VNINDEX", 12, "x"],
    ];
    expect(textTable(["symbol", "rows", "note"], rows)).toBe(
      "symbol    rows  note\nHPG      2,600\nVNINDEX     12  x\n",
    );
  });

  it("shows the header alone when there are no rows", () => {
    expect(textTable(["symbol", "rows"], [])).toBe("symbol  rows\n");
  });
});

describe("writeJson(stream, value)", () => {
  it("writes one document on one line, with null for what is not a number", async () => {
    const stream = new PassThrough();
    await writeJson(stream, { pearson: Number.NaN, text: "a\nb" });
    expect(stream.read().toString()).toBe('{"pearson":null,"text":"a\\nb"}\n');
  });
});

describe("write(stream, content)", () => {
  it("waits for a reader that is slower", async () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    let isDone = false;
    const writing = write(stream, "more than one byte").then(() => {
      isDone = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).toBe(false);
    stream.resume();
    await writing;
    expect(isDone).toBe(true);
  });
});

describe("new ProgressBar(stream, label)", () => {
  afterEach(() => vi.useRealTimers());
  const progress = { bytesRead: 50, totalBytes: 100, rows: 1_234 };

  it("draws the share read, the rows and their rate on a terminal, and clears itself", () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    vi.useFakeTimers({ toFake: ["performance"] });
    const bar = new ProgressBar(terminal, "prices.csv");
    vi.advanceTimersByTime(500);
    bar.show(progress);
    expect(terminal.read().toString()).toMatch(/prices\.csv █{15}░{15} 50% 1,234 rows, 2,468 rows\/s$/);
    bar.clear();
    expect(terminal.read().toString()).toBe("\r\x1b[K");
  });

  it("is silent elsewhere", () => {
    const file = new PassThrough();
    new ProgressBar(file, "prices.csv").show(progress);
    expect(file.read()).toBeNull();
  });
});

describe("expandPaths(patterns)", () => {
  const folder = mkdtempSync(join(tmpdir(), "quantflow-paths-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["b.csv", "a.csv", "c.txt", "odd[1].csv"]) writeFileSync(join(folder, name), "");

  it("replaces a pattern by the files it matches, in order, each once", async () => {
    const paths = await expandPaths([`${folder}/?.csv`, `${folder}/a.csv`, `${folder}/c.txt`]);
    expect(paths).toEqual(["a.csv", "b.csv", "c.txt"].map((name) => join(folder, name)));
  });

  it("takes a file whose name looks like a pattern as that file", async () => {
    expect(await expandPaths([`${folder}/odd[1].csv`])).toEqual([`${folder}/odd[1].csv`]);
  });

  it("passes on a path where nothing is, so that its import can say so", async () => {
    expect(await expandPaths([`${folder}/none.csv`])).toEqual([`${folder}/none.csv`]);
  });

  it("refuses a pattern without a match", async () => {
    await expect(expandPaths([`${folder}/*.parquet`])).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });
});

describe("lastCompletedTradingDate(nowMs)", () => {
  it("is the day itself from 15:00 Asia/Ho_Chi_Minh, before that the last weekday", () => {
    const cases = [
      ["2026-04-10T15:00+07:00", "2026-04-10"],
      ["2026-04-10T14:59+07:00", "2026-04-09"],
      ["2026-04-11T16:00+07:00", "2026-04-10"],
      ["2026-04-13T09:00+07:00", "2026-04-10"],
      ["2026-04-13T23:30+07:00", "2026-04-13"],
    ];
    for (const [now, date] of cases) expect(lastCompletedTradingDate(Date.parse(now!)), now).toBe(date);
  });
});
