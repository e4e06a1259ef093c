import { gzipSync } from "node:zlib";
import { DateDay, Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { inspectFile } from "../../../src/import/reading/inspect-file.js";
import { temporaryFiles } from "../support/temporary-files.js";

const { write } = temporaryFiles();

describe("inspectFile(path, {delimiter, header})", () => {
  it("knows containers and compression by content, whatever the name", async () => {
    const csv = "time,close\n2024-03-05,1\n";
    expect(await inspectFile(write("prices.txt", csv))).toMatchObject({ container: "csv", gzip: false });
    expect(await inspectFile(write("prices.csv", gzipSync(csv)))).toMatchObject({ container: "csv", gzip: true });
    const table = new Table({
      time: vectorFromArray([new Date("2024-03-05")], new DateDay()),
      symbol: vectorFromArray(["HPG"], new Utf8()),
      close: vectorFromArray([31.2]),
    });
    for (const container of ["file", "stream"] as const) {
      expect(await inspectFile(write("prices.bin", tableToIPC(table, container)))).toMatchObject({
        container: "arrow",
        columns: ["time", "symbol", "close"],
        columnTypes: ["date", "text", "number"],
        sampleRows: [["2024-03-05", "HPG", "31.2"]],
      });
    }
  });

  it("finds the delimiter among comma, semicolon, tab and bar, decimal commas notwithstanding", async () => {
    for (const delimiter of [",", ";", "\t", "|"]) {
      const number = delimiter === "," ? '"26,80"' : "26,80";
      const text = `time${delimiter}close\n2024-03-05${delimiter}${number}\n2024-03-06${delimiter}${number}\n`;
      expect(await inspectFile(write("any.csv", text))).toMatchObject({
        delimiter,
        columns: ["time", "close"],
        sampleRows: [
          ["2024-03-05", "26,80"],
          ["2024-03-06", "26,80"],
        ],
      });
    }
  });

  it("takes a given delimiter instead", async () => {
    const path = write("given.csv", "time#close\n2024-03-05#1\n");
    expect(await inspectFile(path, { delimiter: "#" })).toMatchObject({ columns: ["time", "close"] });
  });

  it("numbers the columns of a file without header, and samples its first row", async () => {
    const path = write("bare.csv", "HPG,20240305,31.2\nHPG,20240306,31.3\n");
    const file = await inspectFile(path, { header: false });
    expect(file.columns).toEqual(["1", "2", "3"]);
    expect(file.sampleRows.length).toBe(2);
  });

  it("leaves rows with another number of fields out of the sample", async () => {
    const file = await inspectFile(write("ragged.csv", "a,b\n1\n1,2\n1,2,3\n"));
    expect(file.sampleRows).toEqual([["1", "2"]]);
  });

  it("reads no more than the head of a large file", async () => {
    const path = write("large.csv", `a,b\n${"1,2\n".repeat(500_000)}`);
    const file = await inspectFile(path);
    expect(file.sampleRows.length).toBe(5_000);
    expect(file.sizeBytes).toBe(2_000_004);
  });
});
