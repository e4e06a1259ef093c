import { mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Table, tableToIPC, vectorFromArray } from "apache-arrow";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { isWorkbenchError } from "../../../src/engine/errors.js";
import { fileError } from "../../../src/import/reading/file-error.js";
import { inspectFile } from "../../../src/import/reading/inspect-file.js";
import { readPrices } from "../../../src/import/reading/read-prices.js";
import { collectRows, dailyMapping } from "../support/price-rows.js";
import { temporaryFiles } from "../support/temporary-files.js";

const { folder, write } = temporaryFiles();

const HEADER = "time,symbol,open,high,low,close,volume\n";
const ROW = "2024-03-05,HPG,31,32,30,31,100\n";
const GZIPPED = dailyMapping({ format: { container: "csv", gzip: true } });

/** The code and message with which looking at a file, or else reading it, fails. */
async function failure(path: string): Promise<{ code: string; message: string }> {
  try {
    await inspectFile(path);
    await collectRows(readPrices(path, dailyMapping()));
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
  throw new Error(`${path} was accepted`);
}

describe("files that cannot be imported", () => {
  const cases: [fact: string, name: string, content: string | Uint8Array, code: string, message: RegExp][] = [
    ["an empty file", "empty.csv", "", "FILE_EMPTY", /is empty \(accepted: a file with a header and rows\)/],
    ["an empty gzip file", "empty.csv.gz", gzipSync(""), "FILE_EMPTY", /is empty/],
    ["a file of blank lines", "blank.csv", "\ufeff\r\n\n  \n", "FILE_EMPTY", /is empty/],
    [
      "a header alone",
      "header.csv",
      HEADER,
      "FILE_HAS_NO_ROWS",
      /has no rows \(accepted: a header and at least one row\)/,
    ],
    ["a header alone, gzipped", "header.csv.gz", gzipSync(HEADER), "FILE_HAS_NO_ROWS", /has no rows/],
    ["binary garbage", "garbage.csv", Buffer.from([7, 0, 255, 12, 9, 200, 10]), "FILE_NOT_TABULAR", /is binary/],
    ["gzipped garbage", "garbage.gz", gzipSync(Buffer.from([7, 0, 255, 12])), "FILE_NOT_TABULAR", /is binary/],
    ["UTF-16", "utf16.csv", Buffer.from(`\ufeff${HEADER}${ROW}`, "utf16le"), "FILE_NOT_TABULAR", /UTF-16/],
    ["Latin-1", "latin1.csv", Buffer.from(`time,symbol,close\nà,é,1\n`, "latin1"), "FILE_NOT_TABULAR", /UTF-8/],
    ["an Excel workbook", "book.xlsx", Buffer.from("PK\x03\x04rest of a zip"), "FILE_NOT_TABULAR", /Excel/],
    ["carriage returns alone", "mac.csv", "a,b\r1,2\r", "FILE_NOT_TABULAR", /carriage return/],
    ["one column", "one.csv", "close\n1\n2\n", "FILE_NOT_TABULAR", /has one column, "close" .*--delimiter/],
    [
      "a duplicated header",
      "twice.csv",
      `time,close,Close\n${ROW}`,
      "FILE_HEADER_INVALID",
      /columns 2 and 3 are both named "Close"/,
    ],
    ["an unclosed quote", "quote.csv", `${HEADER}"2024\n${ROW}`, "FILE_NOT_TABULAR", /line 2 is never closed/],
    ["damaged gzip content", "damaged.csv.gz", damagedGzip(), "FILE_UNREADABLE", /gzip stream .* is damaged/],
    ["a cut Parquet file", "cut.parquet", parquet().subarray(0, -20), "FILE_TRUNCATED", /without its footer/],
    ["a cut Arrow file", "cut.arrow", arrow("file").subarray(0, -20), "FILE_TRUNCATED", /without its footer/],
    ["a cut Arrow stream", "cut.arrows", arrow("stream").subarray(0, -8), "FILE_TRUNCATED", /end-of-stream/],
    ["an Arrow file without rows", "none.arrow", arrow("file", 0), "FILE_HAS_NO_ROWS", /has no rows/],
  ];
  for (const [fact, name, content, code, message] of cases) {
    it(`refuses ${fact}: ${code}`, async () => {
      const found = await failure(write(name, content));
      expect(found.code).toBe(code);
      expect(found.message).toMatch(message);
      expect(found.message).toMatch(/\(accepted: .+\)$/);
    });
  }

  it("refuses a folder and suggests a pattern", async () => {
    mkdirSync(join(folder, "prices"));
    expect(await failure(join(folder, "prices"))).toMatchObject({
      code: "FILE_IS_FOLDER",
      message: expect.stringContaining("prices/*.csv.gz"),
    });
  });

  it("refuses a path where nothing is", async () => {
    expect(await failure(join(folder, "nowhere.csv"))).toMatchObject({ code: "FILE_NOT_FOUND" });
    const reading = collectRows(readPrices(join(folder, "nowhere.csv"), dailyMapping()));
    await expect(reading).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });

  it("says that permission is missing", () => {
    const denied = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
    expect(fileError("prices.csv", denied)).toMatchObject({
      code: "FILE_UNREADABLE",
      message: "invalid file: no permission to read prices.csv (accepted: a file this user may read)",
    });
  });

  it("fails at the end of a gzip file that was cut, after the rows before the cut", async () => {
    const whole = gzipSync(
      HEADER + Array.from({ length: 50_000 }, (_, i) => ROW.replace("31,100", `${i},100`)).join(""),
    );
    for (const kept of [whole.length - 1, Math.floor(whole.length / 2)]) {
      const path = write("cut.csv.gz", whole.subarray(0, kept));
      await inspectFile(path).catch((error) => expect(error).toMatchObject({ code: "FILE_TRUNCATED" }));
      await expect(collectRows(readPrices(path, GZIPPED))).rejects.toMatchObject({
        code: "FILE_TRUNCATED",
        message: expect.stringContaining("the gzip stream ends early (accepted: a complete file)"),
      });
    }
  });

  it("refuses an Arrow batch that claims more rows than it holds", async () => {
    const table = new Table({ close: vectorFromArray(new Float64Array(3)) });
    const content = Buffer.from(tableToIPC(table, "stream"));
    const lengths = [...content.keys()].filter((at) => at % 8 === 0 && content.readUIntLE(at, 6) === 3);
    expect(lengths.length).toBeGreaterThan(0);
    for (const at of lengths) content.writeUInt32LE(50_000_000, at);
    expect(await failure(write("claims.arrows", content))).toMatchObject({ code: "FILE_UNREADABLE" });
  });

  it("gives up on an endless line after 1 MiB, without holding it", async () => {
    const path = join(folder, "endless.csv");
    const handle = await open(path, "w");
    await handle.write(HEADER + ROW);
    const block = Buffer.alloc(1024 * 1024, "x");
    for (let written = 0; written < 64; written++) await handle.write(block);
    await handle.close();
    const before = process.memoryUsage().arrayBuffers;
    await expect(collectRows(readPrices(path, dailyMapping()))).rejects.toMatchObject({
      code: "FILE_LINE_TOO_LONG",
      message: expect.stringMatching(/^invalid line 3: longer than 1048576 bytes/),
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  });

  it("refuses a first line without end already when looking at the file", async () => {
    const path = write("header-endless.csv", "x,".repeat(2 * 1024 * 1024));
    await expect(inspectFile(path)).rejects.toMatchObject({ code: "FILE_LINE_TOO_LONG" });
  });

  it("refuses a mapping whose column the file lacks, naming those it has", async () => {
    const mapping = dailyMapping({ columns: { time: "time", symbol: "symbol", close: "settle" } });
    await expect(collectRows(readPrices(write("lacks.csv", HEADER + ROW), mapping))).rejects.toMatchObject({
      code: "FILE_HEADER_INVALID",
      message: expect.stringContaining('no column "settle" for close (accepted: time, symbol, open'),
    });
  });
});

describe("damaged CSV files", () => {
  const mutation = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) });

  it("are read or refused with a code, whichever bytes are damaged", async () => {
    const text = HEADER + Array.from({ length: 40 }, (_, i) => ROW.replace("31,100", `"${i}",100`)).join("");
    const runs = fc.tuple(fc.boolean(), fc.array(mutation, { minLength: 1, maxLength: 5 }), fc.nat());
    await fc.assert(
      fc.asyncProperty(runs, async ([gzip, mutations, cut]) => {
        const bytes = gzip ? gzipSync(text) : Buffer.from(text);
        for (const { at, byte } of mutations) bytes[at % bytes.length] = byte;
        const path = write("damaged.csv", bytes.subarray(0, bytes.length - (cut % 20)));
        const mapping = gzip ? GZIPPED : dailyMapping();
        try {
          await inspectFile(path);
          const { rows } = await collectRows(readPrices(path, mapping));
          expect(rows.every(({ openedAt, volume }) => openedAt.endsWith("T17:00:00.000Z") && !(volume < 0))).toBe(true);
        } catch (error) {
          expect(isWorkbenchError(error), String(error)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});

function damagedGzip(): Uint8Array {
  const content = gzipSync(HEADER + ROW.repeat(100));
  content.fill(0xff, 20, 40);
  return content;
}

function parquet(): Uint8Array {
  const columnData = [{ name: "close", data: [1, 2, 3], type: "DOUBLE" as const }];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function arrow(container: "file" | "stream", rows = 3): Uint8Array {
  const table = new Table({ close: vectorFromArray(new Float64Array(rows)) });
  return tableToIPC(table, container);
}
