import { Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { parseImportMapping } from "../../../src/import/mapping/import-mapping.js";
import { readInstruments } from "../../../src/import/reading/read-instruments.js";
import { temporaryFiles } from "../support/temporary-files.js";

const { write } = temporaryFiles();

const FIELDS = [
  "symbol",
  "name",
  "exchange",
  "sector",
  "industry",
  "assetClass",
  "currency",
  "lotSize",
  "marketCap",
  "marketCapDate",
];

const mapping = (changes: Record<string, unknown> = {}) =>
  parseImportMapping({
    kind: "instruments",
    format: { container: "csv" },
    columns: Object.fromEntries(FIELDS.map((field) => [field, field])),
    source: "test",
    ...changes,
  });

describe("readInstruments(path, mapping)", () => {
  it("reads what a file says, and undefined where it says nothing", async () => {
    const path = write(
      "instruments.csv",
      `${FIELDS.join(",")}\nHPG,"Hòa Phát, JSC",HOSE,Materials,Steel,equity,VND,100,1.8e14,2024-03-05\nVNM,,,,,,,,NaN,\n`,
    );
    const { instruments, rejected } = await readInstruments(path, mapping());
    expect(rejected).toEqual([]);
    expect(instruments).toEqual([
      {
        symbol: "HPG",
        name: "Hòa Phát, JSC",
        exchange: "HOSE",
        sector: "Materials",
        industry: "Steel",
        assetClass: "equity",
        currency: "VND",
        lotSize: 100,
        marketCap: 180_000_000_000_000,
        marketCapDate: "2024-03-05",
        line: 2,
      },
      {
        symbol: "VNM",
        name: undefined,
        exchange: undefined,
        sector: undefined,
        industry: undefined,
        assetClass: undefined,
        currency: undefined,
        lotSize: undefined,
        marketCap: undefined,
        marketCapDate: undefined,
        line: 3,
      },
    ]);
  });

  it("fills in exchange, currency and asset class of the mapping", async () => {
    const path = write("bare.csv", "symbol,name\nHPG,Hòa Phát\n");
    const { instruments } = await readInstruments(
      path,
      mapping({ columns: { symbol: "symbol", name: "name" }, exchange: "HOSE", currency: "VND", assetClass: "equity" }),
    );
    expect(instruments).toMatchObject([{ symbol: "HPG", exchange: "HOSE", currency: "VND", assetClass: "equity" }]);
  });

  it("rejects rows with their reasons", async () => {
    const rows = [
      "hpg,,,,,,,,,",
      "A,,,,,stock,,,,",
      "B,,,,,,dong,,,",
      "C,,,,,,,1.5,,",
      "D,,,,,,,,-1,",
      "E,,,,,,,,1,2024-02-30",
      "F,,,,,,,,,",
      "F,,,,,,,,,",
      "G",
    ];
    const { instruments, rejected } = await readInstruments(
      write("bad.csv", [FIELDS.join(","), ...rows].join("\n")),
      mapping(),
    );
    expect(instruments.map(({ symbol }) => symbol)).toEqual(["F"]);
    expect(rejected.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      '2: invalid symbol: "hpg" (accepted: 1 to 32 of A-Z 0-9 . - _ ^ =)',
      '3: invalid assetClass: "stock" (accepted: equity, index, commodity-future, commodity-spot, fx, crypto, other)',
      '4: invalid currency: "dong" (accepted: an ISO 4217 code such as VND)',
      '5: invalid lotSize: "1.5" (accepted: an integer of at least 1)',
      '6: invalid marketCap: "-1" (accepted: a number of at least 0)',
      '7: invalid marketCapDate: "2024-02-30" (accepted: an existing date in the mapping\'s format)',
      '9: invalid symbol: "F" (accepted: once; it stands on line 8 already)',
      "10: invalid row: 1 fields (accepted: 10, as in the first row)",
    ]);
  });

  it("reads Arrow as well", async () => {
    const table = new Table({
      symbol: vectorFromArray(["HPG"], new Utf8()),
      marketCap: vectorFromArray([180_000_000_000_000]),
    });
    const { instruments } = await readInstruments(
      write("instruments.arrow", tableToIPC(table, "file")),
      mapping({ format: { container: "arrow" }, columns: { symbol: "symbol", marketCap: "marketCap" } }),
    );
    expect(instruments).toMatchObject([{ symbol: "HPG", marketCap: 180_000_000_000_000, line: 1 }]);
  });

  it("refuses a file without rows", async () => {
    const columns = { symbol: "symbol" };
    const reading = readInstruments(write("none.csv", "symbol,name\n"), mapping({ columns }));
    await expect(reading).rejects.toMatchObject({ code: "FILE_HAS_NO_ROWS" });
  });
});
