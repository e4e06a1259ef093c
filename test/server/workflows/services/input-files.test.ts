import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { inputFile } from "../../../../src/server/workflows/services/documents/input-file.js";
import { readTableFile } from "../../../../src/server/workflows/services/documents/read-table-file.js";
import { arrowStream, arrowTable } from "../../../../src/store/arrow/arrow-table.js";
import { parquetFile } from "../../../../src/store/arrow/parquet-file.js";

const never = new AbortController().signal;
const home = mkdtempSync(join(tmpdir(), "quantflow-inputs-"));
const folder = join(home, "inputs");
mkdirSync(join(folder, "lists"), { recursive: true });
writeFileSync(join(home, "secret.csv"), "a,b\n1,2\n");
afterAll(() => rmSync(home, { recursive: true, force: true }));

const read = async (name: string, signal = never) => readTableFile(await inputFile(folder, name), signal);
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
/** Rows as lists of cells under the names of the columns. */
const rows = async (name: string) => {
  const { columns, rowCount } = await read(name);
  return [
    columns.map((column) => column.name),
    ...Array.from({ length: rowCount }, (_, row) => columns.map(({ cells }) => cells[row])),
  ];
};

describe("inputFile(folder, name)", () => {
  it.each([
    "../secret.csv",
    "lists/../../secret.csv",
    "/etc/passwd",
    join(home, "secret.csv"),
    "..",
    "",
    "a\0.csv",
    "..\\secret.csv",
    "x".repeat(256),
  ])("refuses %j, which is no name within the folder", async (name) => {
    await expect(inputFile(folder, name)).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
  });

  it("finds a file within a folder, and by a link that stays within", async () => {
    write("lists/a.csv", "symbol\nHPG\n");
    symlinkSync(join(folder, "lists", "a.csv"), join(folder, "within.csv"));
    expect(await inputFile(folder, "lists/a.csv")).toMatch(/lists\/a\.csv$/);
    expect(await inputFile(folder, "within.csv")).toMatch(/lists\/a\.csv$/);
  });

  it.each([
    ["a link to a file outside", () => symlinkSync(join(home, "secret.csv"), join(folder, "out.csv")), "out.csv"],
    ["a link to a folder outside", () => symlinkSync(home, join(folder, "home")), "home/secret.csv"],
    ["a link to nothing", () => symlinkSync(join(home, "gone"), join(folder, "gone.csv")), "gone.csv"],
    ["no file", () => undefined, "nothing.csv"],
  ])("does not find %s", async (_case, prepare, name) => {
    prepare();
    await expect(inputFile(folder, name)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });

  it("refuses a folder", async () => {
    await expect(inputFile(folder, "lists")).rejects.toMatchObject({ code: "FILE_IS_FOLDER" });
  });

  it("refuses a file of 100 MB before it is read", async () => {
    write("large.csv", "a,b\n");
    truncateSync(join(folder, "large.csv"), 100 * 1024 * 1024);
    await expect(inputFile(folder, "large.csv")).rejects.toMatchObject({
      code: "REQUEST_TOO_LARGE",
      message: expect.stringContaining("104857600 bytes"),
    });
  });
});

describe("readTableFile(path, signal)", () => {
  it("reads CSV, with numbers, truth values and gaps as such", async () => {
    write("a.csv", "code;weight;traded;note\n0123;1.5;true;\n-7;1e3;false; x\n1.;.5;TRUE;NaN\n");
    expect(await rows("a.csv")).toEqual([
      ["code", "weight", "traded", "note"],
      ["0123", 1.5, true, null],
      [-7, 1000, false, " x"],
      [1, 0.5, "TRUE", "NaN"],
    ]);
  });

  it("reads a list of one column", async () => {
    write("list.csv", "symbol\nHPG\nFPT\n");
    expect(await rows("list.csv")).toEqual([["symbol"], ["HPG"], ["FPT"]]);
  });

  it("reads gzipped CSV", async () => {
    write("a.csv.gz", gzipSync("symbol,weight\nHPG,0.5\n"));
    expect(await rows("a.csv.gz")).toEqual([
      ["symbol", "weight"],
      ["HPG", 0.5],
    ]);
  });

  it("reads JSON and JSON Lines, with the columns of all rows", async () => {
    const expected = [
      ["symbol", "weight", "tags"],
      ["HPG", 0.5, null],
      ["FPT", null, '["it"]'],
    ];
    const objects = [
      { symbol: "HPG", weight: 0.5 },
      { symbol: "FPT", tags: ["it"] },
    ];
    write("a.json", `\ufeff${JSON.stringify(objects)}`);
    write("a.jsonl", `${objects.map((each) => JSON.stringify(each)).join("\n")}\n\n`);
    expect(await rows("a.json")).toEqual(expected);
    expect(await rows("a.jsonl")).toEqual(expected);
  });

  it("reads Arrow and Parquet, with days and instants as texts", async () => {
    const columns = {
      symbol: { type: "text", values: ["HPG", undefined] },
      day: { type: "day", values: Int32Array.of(20_516, 20_517) },
      weight: { type: "float64", values: Float64Array.of(0.5, Number.NaN) },
    } as const;
    const expected = (time: string) => [
      ["symbol", "day", "weight"],
      ["HPG", `2026-03-04${time}`, 0.5],
      [null, `2026-03-05${time}`, null],
    ];
    write("a.arrow", arrowStream(arrowTable(columns, 2, new Map())));
    write("a.parquet", parquetFile(columns, new Map()));
    expect(await rows("a.arrow")).toEqual(expected(""));
    // Our Parquet files have days as instants.
    expect(await rows("a.parquet")).toEqual(expected("T00:00:00.000Z"));
  });

  it.each([
    ["a row with too few fields", "short.csv", "a,b\n1\n", "ROWS_INVALID", /^invalid file: short\.csv, line 2: /],
    ["a column named twice", "twice.csv", "a,A\n1,2\n", "FILE_HEADER_INVALID", /both named/],
    ["an empty file", "empty.csv", "", "FILE_EMPTY", /is empty/],
    ["bytes that are no text", "binary.csv", new Uint8Array([0, 1, 2, 3]), "FILE_NOT_TABULAR", /is binary/],
    ["a workbook", "a.xlsx", "PK\x03\x04xxxx", "FILE_NOT_TABULAR", /Excel/],
    ["JSON that is no list", "object.json", "{}", "ROWS_INVALID", /it is no list/],
    ["JSON of numbers", "numbers.json", "[1]", "ROWS_INVALID", /row 1 is no object/],
    ["broken JSON", "broken.jsonl", '{"a": 1}\n{"a": \n', "ROWS_INVALID", /broken\.jsonl, line 2/],
    ["a cut Parquet file", "cut.parquet", "PAR1xxxxxxxxxxxx", "FILE_TRUNCATED", /without its footer/],
    ["100,001 rows", "long.csv", `a,b\n${"1,2\n".repeat(100_001)}`, "REQUEST_TOO_LARGE", /more than 100000 rows/],
  ] as const)("refuses %s", async (_case, name, content, code, message) => {
    write(name, content);
    await expect(read(name)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it("refuses a small file that unpacks to 100 MB", async () => {
    write("bomb.csv.gz", gzipSync(`a,b\n${`${"x".repeat(1_000)},2\n`.repeat(100_000)}`));
    await expect(read("bomb.csv.gz")).rejects.toMatchObject({ code: "REQUEST_TOO_LARGE" });
  });

  it("ends when its step is cancelled", async () => {
    write("b.csv", "a,b\n1,2\n");
    await expect(read("b.csv", AbortSignal.abort())).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
