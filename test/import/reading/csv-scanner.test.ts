import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvScanner, MAX_RECORD_BYTES } from "../../../src/import/reading/csv-scanner.js";

interface ScannedRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

function scan(text: string | Uint8Array, { delimiter = ",", chunkBytes = 64 } = {}): ScannedRecord[] {
  const bytes = Buffer.from(text);
  const scanner = new CsvScanner(delimiter);
  const records: ScannedRecord[] = [];
  const drain = (): void => {
    while (scanner.next()) {
      const fields = Array.from({ length: scanner.fieldCount }, (_, index) => scanner.field(index));
      records.push({ line: scanner.line, fields });
    }
  };
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    scanner.push(bytes.subarray(at, at + chunkBytes));
    drain();
  }
  scanner.finish();
  drain();
  return records;
}

const fieldsOf = (text: string, delimiter = ","): (readonly string[])[] =>
  scan(text, { delimiter }).map(({ fields }) => fields);

describe("CsvScanner", () => {
  it("splits records at LF and CRLF, with or without a last line end", () => {
    const expected = [
      ["a", "b"],
      ["1", ""],
    ];
    for (const text of ["a,b\n1,\n", "a,b\r\n1,\r\n", "a,b\n1,", "a,b\r\n1,\r"])
      expect(fieldsOf(text)).toEqual(expected);
  });

  it("drops a byte order mark", () => {
    expect(fieldsOf("\ufefftime,close\n")).toEqual([["time", "close"]]);
  });

  it("reads quoted delimiters, line ends and doubled quotes, and keeps counting lines", () => {
    expect(scan('a,"x,""y""\n,z",c\n1,2,3\n')).toEqual([
      { line: 1, fields: ["a", 'x,"y"\n,z', "c"] },
      { line: 3, fields: ["1", "2", "3"] },
    ]);
  });

  it("takes a quote within an unquoted field as text", () => {
    expect(fieldsOf('5" pipe,2\n')).toEqual([['5" pipe', "2"]]);
  });

  it("skips blank lines but counts them", () => {
    expect(scan("a,b\n\n\r\n1,2\n")).toEqual([
      { line: 1, fields: ["a", "b"] },
      { line: 4, fields: ["1", "2"] },
    ]);
  });

  it("marks a record in which text follows a closing quote", () => {
    const scanner = new CsvScanner(",");
    scanner.push(Buffer.from('"a"b,c\n"d",e\n'));
    expect(scanner.next()).toBe(true);
    expect(scanner.malformed).toBe(true);
    expect(scanner.next()).toBe(true);
    expect(scanner.malformed).toBe(false);
  });

  it("gives the record as it stands in the file", () => {
    const scanner = new CsvScanner(";");
    scanner.push(Buffer.from('"say ""hi""";2\r\n'));
    scanner.next();
    expect(scanner.text(100)).toBe('"say ""hi""";2');
  });

  it("reads more columns than it has room for at first", () => {
    const fields = Array.from({ length: 1000 }, (_, index) => String(index));
    expect(fieldsOf(fields.join("|"), "|")).toEqual([fields]);
  });

  it("refuses a quote that is never closed, naming the line of its record", () => {
    expect(() => scan('a,b\n1,"2\n3,4\n')).toThrow(/record of line 2 is never closed/);
  });

  it("refuses a record longer than 1 MiB however it is chunked, and accepts one of 1 MiB", () => {
    const longest = `${"x".repeat(MAX_RECORD_BYTES - 2)},1\n`;
    expect(scan(longest, { chunkBytes: 100_000 })[0]?.fields[1]).toBe("1");
    for (const chunkBytes of [100_000, 4_000_000]) {
      expect(() => scan(`a,b\nx${longest}`, { chunkBytes })).toThrow(/invalid line 2: longer than 1048576 bytes/);
    }
  });

  const cell = fc.string({ unit: fc.constantFrom("a", "é", "9", " ", ",", '"', "\n", "\r\n", "") });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 });

  it("reads back whatever a writer quotes, law: scan(write(rows)) = rows", () => {
    fc.assert(
      fc.property(
        table,
        fc.infiniteStream(fc.boolean()),
        fc.constantFrom("\n", "\r\n"),
        (rows, quoteAnyway, lineEnd) => {
          const write = (value: string): string => {
            const mustQuote = /[",\r\n]/.test(value);
            return mustQuote || quoteAnyway.next().value ? `"${value.replaceAll('"', '""')}"` : value;
          };
          const text = rows.map((row) => row.map(write).join(",")).join(lineEnd);
          expect(fieldsOf(text)).toEqual(rows);
        },
      ),
    );
  });

  it("gives the same records for every chunking, even of malformed text", () => {
    const anyText = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", "\ufeff", "é") });
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 9 }), (text, chunkBytes) => {
        const outcome = (size: number): unknown => {
          try {
            return scan(text, { chunkBytes: size });
          } catch (error) {
            return String(error);
          }
        };
        expect(outcome(chunkBytes)).toEqual(outcome(1_000_000));
      }),
      { numRuns: 500 },
    );
  });
});
