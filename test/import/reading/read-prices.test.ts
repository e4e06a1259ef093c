import { gzipSync } from "node:zlib";
import {
  type DataType,
  DateDay,
  Decimal,
  Dictionary,
  Int32,
  makeData,
  Table,
  TimestampMicrosecond,
  tableToIPC,
  Utf8,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { type ReadProgress, readPrices } from "../../../src/import/reading/read-prices.js";
import { collectRows, dailyMapping } from "../support/price-rows.js";
import { temporaryFiles } from "../support/temporary-files.js";

const { write } = temporaryFiles();

const HEADER = "time,symbol,open,high,low,close,volume";
const CSV = `${HEADER}
2024-03-05,HPG,31.1,31.55,30.9,31.2,25000000
2024-03-05,VNINDEX,1250.5,1270.25,1248,1269.98,1000000000
`;

describe("readPrices(path, mapping, options) of CSV", () => {
  it("gives candles in columns with the line of each row", async () => {
    const { rows, rejected } = await collectRows(readPrices(write("plain.csv", CSV), dailyMapping()));
    expect(rejected).toEqual([]);
    expect(rows).toEqual([
      {
        symbol: "HPG",
        openedAt: "2024-03-04T17:00:00.000Z",
        open: 31.1,
        high: 31.55,
        low: 30.9,
        close: 31.2,
        volume: 25_000_000,
        line: 2,
      },
      {
        symbol: "VNINDEX",
        openedAt: "2024-03-04T17:00:00.000Z",
        open: 1250.5,
        high: 1270.25,
        low: 1248,
        close: 1269.98,
        volume: 1_000_000_000,
        line: 3,
      },
    ]);
  });

  it("scales the prices, never the volume, of the scaled symbols only", async () => {
    const mapping = dailyMapping({ priceScale: 1000, scaledSymbols: ["HPG"] });
    const { rows } = await collectRows(readPrices(write("scaled.csv", CSV), mapping));
    expect(rows.map(({ open, high, low, close, volume }) => [open, high, low, close, volume])).toEqual([
      [31_100, 31_550, 30_900, 31_200, 25_000_000],
      [1250.5, 1270.25, 1248, 1269.98, 1_000_000_000],
    ]);
  });

  it("scales all symbols when none are named", async () => {
    const { rows } = await collectRows(readPrices(write("all.csv", CSV), dailyMapping({ priceScale: 1000 })));
    expect(rows.map(({ close }) => close)).toEqual([31_200, 1_269_980]);
  });

  it("marks missing values and absent columns as NaN, and accepts zero and negative prices", async () => {
    const path = write(
      "missing.csv",
      "time,symbol,close,open\n2020-04-20,WTI,-36.98,\n2020-04-21,WTI,NaN,0\n2020-04-22,WTI,-,null\n",
    );
    const mapping = dailyMapping({ columns: { time: "time", symbol: "symbol", close: "close", open: "open" } });
    const { rows, rejected } = await collectRows(readPrices(path, mapping));
    expect(rejected).toEqual([]);
    expect(rows.map(({ open, high, close, volume }) => [open, high, close, volume])).toEqual([
      [Number.NaN, Number.NaN, -36.98, Number.NaN],
      [0, Number.NaN, Number.NaN, Number.NaN],
      [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
    ]);
  });

  it("rejects rows one by one, each with line, code, reason and text", async () => {
    const lines = [
      HEADER,
      "2024-03-05,HPG,31,32,30,31,100",
      "2024-03-06,HPG,31,32,30,abc,100",
      "2024-03-07,HPG,31,32,30,1e400,100",
      "2024-03-08,HPG,-Infinity,32,30,31,100",
      "2024-03-11,HPG,31,32,30,31,-5",
      "2024-03-12,H€PG,31,32,30,31,100",
      "2024-02-30,HPG,31,32,30,31,100",
      "2024-03-13,HPG,31,32,30,31",
      '2024-03-14,"HPG"x,31,32,30,31,100',
      "2024-03-15,HPG,31,32,30,31,100",
    ];
    const { rows, rejected } = await collectRows(readPrices(write("bad.csv", lines.join("\r\n")), dailyMapping()));
    expect(rows.map(({ line }) => line)).toEqual([2, 11]);
    const symbol = "accepted: 1 to 32 of A-Z 0-9 . - _ ^ =";
    expect(rejected.map(({ line, code, reason }) => [line, code, reason])).toEqual([
      [3, "ROWS_INVALID", 'invalid close: "abc" (accepted: a number)'],
      [4, "ROWS_INVALID", 'invalid close: "1e400" (accepted: a number)'],
      [5, "ROWS_INVALID", 'invalid open: "-Infinity" (accepted: a number)'],
      [6, "ROWS_INVALID", 'invalid volume: "-5" (accepted: a number of at least 0)'],
      [7, "SYMBOL_INVALID", `invalid symbol: "H€PG" (${symbol})`],
      [
        8,
        "DATE_INVALID",
        `invalid time: "2024-02-30" (accepted: an existing date or time, to the second, in the mapping's format)`,
      ],
      [9, "ROWS_INVALID", "invalid row: 6 fields (accepted: 7, as in the first row)"],
      [
        10,
        "ROWS_INVALID",
        'invalid quote: text follows a closing quote (accepted: a quote inside a quoted field written twice, "")',
      ],
    ]);
    expect(rejected[0]?.text).toBe("2024-03-06,HPG,31,32,30,abc,100");
  });

  it("reads a file without symbol column as one symbol", async () => {
    const mapping = dailyMapping({ columns: { time: "Date", close: "Price" }, symbol: "USDVND" });
    const { rows } = await collectRows(readPrices(write("fx.csv", "Date,Price\n2024-03-05,24680\n"), mapping));
    expect(rows.map(({ symbol, close }) => [symbol, close])).toEqual([["USDVND", 24_680]]);
  });

  it("reads a file without header by the positions of its columns", async () => {
    const mapping = dailyMapping({
      format: { container: "csv", header: false },
      columns: { symbol: "1", time: "2", close: "3" },
      dateFormat: "ymd-compact",
    });
    const { rows } = await collectRows(
      readPrices(write("bare.csv", "HPG,20240305,31.2\nHPG,20240306,31.3\n"), mapping),
    );
    expect(rows.map(({ close, line }) => [close, line])).toEqual([
      [31.2, 1],
      [31.3, 2],
    ]);
  });

  it("reads semicolons with decimal commas behind a byte order mark", async () => {
    const mapping = dailyMapping({
      format: { container: "csv", delimiter: ";", decimal: "," },
      columns: { time: "Ngày", symbol: "Mã", close: "Giá" },
      dateFormat: "dmy",
      priceScale: 1000,
    });
    const path = write("vn.csv", "\ufeffNgày;Mã;Giá\r\n05/03/2024;HPG;26,80\r\n");
    const { rows } = await collectRows(readPrices(path, mapping));
    expect(rows.map(({ openedAt, close }) => [openedAt, close])).toEqual([["2024-03-04T17:00:00.000Z", 26_800]]);
  });

  it("collects the first name of each symbol from a name column", async () => {
    const path = write(
      "names.csv",
      'time,symbol,close,name\n2024-03-05,VN30,1,"VN30, Index"\n2024-03-06,VN30,2,Other\n',
    );
    const mapping = dailyMapping({ columns: { time: "time", symbol: "symbol", close: "close", name: "name" } });
    expect((await collectRows(readPrices(path, mapping))).names).toEqual({ VN30: "VN30, Index" });
  });

  it("cuts batches of the asked size, rejected rows included", async () => {
    const rows = Array.from({ length: 25 }, (_, i) => `2024-03-05,HPG,1,1,1,${i % 5 === 0 ? "x" : i},1`);
    const path = write("batches.csv", [HEADER, ...rows].join("\n"));
    const sizes: number[][] = [];
    for await (const { candles, rejected } of readPrices(path, dailyMapping(), { batchRows: 10 })) {
      sizes.push([candles.length, rejected.length]);
    }
    expect(sizes).toEqual([
      [8, 2],
      [8, 2],
      [4, 1],
    ]);
  });

  it("reports progress up to all bytes and rows, of a gzip file in compressed bytes", async () => {
    const gzipped = gzipSync(CSV);
    const progress: ReadProgress[] = [];
    const mapping = dailyMapping({ format: { container: "csv", gzip: true } });
    const onProgress = (report: ReadProgress): void => void progress.push(report);
    await collectRows(readPrices(write("progress.csv.gz", gzipped), mapping, { onProgress }));
    expect(progress.at(-1)).toEqual({ bytesRead: gzipped.length, totalBytes: gzipped.length, rows: 2 });
  });

  it("stops at the abort signal", async () => {
    const controller = new AbortController();
    const path = write("long.csv", `${HEADER}\n${"2024-03-05,HPG,1,1,1,1,1\n".repeat(40_000)}`);
    const batches = readPrices(path, dailyMapping(), { signal: controller.signal, batchRows: 100 });
    const reading = (async () => {
      for await (const _batch of batches) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("reads back any numbers a writer writes, quoted or not", async () => {
    const price = fc.double({ noNaN: true, noDefaultInfinity: true });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(price, fc.boolean()), { minLength: 1, maxLength: 20 }), async (cells) => {
        const lines = cells.map(([value, quote]) => `2024-03-05,HPG,,,,${quote ? `"${value}"` : value},`);
        const { rows } = await collectRows(readPrices(write("any.csv", [HEADER, ...lines].join("\n")), dailyMapping()));
        expect(rows.map(({ close }) => close)).toEqual(
          cells.map(([value]) => (value === 0 && !Object.is(value, -0) ? 0 : Number(String(value)))),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe("readPrices(path, mapping, options) of Parquet and Arrow", () => {
  const days = [Date.UTC(2024, 2, 5), Date.UTC(2024, 2, 6), Date.UTC(2024, 2, 7)];
  const symbols = ["HPG", "HPG", "VNINDEX"];
  const closes = [31.2, null, 1269.98];
  const columns = { time: "date", symbol: "ticker", close: "close", volume: "volume" };
  const expected = [
    ["HPG", "2024-03-04T17:00:00.000Z", 31_200, 100, 1],
    ["HPG", "2024-03-05T17:00:00.000Z", Number.NaN, 200, 2],
    ["VNINDEX", "2024-03-06T17:00:00.000Z", 1269.98, 300, 3],
  ];
  const typed = (container: string, changes = {}) =>
    dailyMapping({
      format: { container },
      columns,
      dateFormat: "typed",
      priceScale: 1000,
      scaledSymbols: ["HPG"],
      ...changes,
    });
  const summary = ({ rows }: Awaited<ReturnType<typeof collectRows>>): unknown[][] =>
    rows.map(({ symbol, openedAt, close, volume, line }) => [symbol, openedAt, close, volume, line]);

  const arrowTable = new Table({
    date: vectorFromArray(
      days.map((day) => new Date(day)),
      new DateDay(),
    ),
    ticker: vectorFromArray(symbols, new Dictionary(new Utf8(), new Int32())),
    close: vectorFromArray(closes),
    volume: vectorFromArray([100n, 200n, 300n]),
  });

  it("reads Arrow files and streams with dates, dictionaries, nulls and 64-bit integers", async () => {
    for (const container of ["file", "stream"] as const) {
      const path = write(`typed.${container}.arrow`, tableToIPC(arrowTable, container));
      expect(summary(await collectRows(readPrices(path, typed("arrow"))))).toEqual(expected);
    }
  });

  it("reads Parquet row group by row group", async () => {
    const content = parquetWriteBuffer({
      columnData: [
        { name: "unused", data: ["x", "y", "z"], type: "STRING" },
        { name: "date", data: days.map((day) => new Date(day)), type: "TIMESTAMP" },
        { name: "ticker", data: symbols, type: "STRING" },
        { name: "close", data: closes, type: "DOUBLE", nullable: true },
        { name: "volume", data: [100n, 200n, 300n], type: "INT64" },
      ],
      rowGroupSize: 2,
    });
    const path = write("typed.parquet", new Uint8Array(content));
    expect(summary(await collectRows(readPrices(path, typed("parquet"))))).toEqual(expected);
    const { batchCount } = await collectRows(readPrices(path, typed("parquet"), { batchRows: 2 }));
    expect(batchCount).toBe(2);
  });

  it("reads texts of a columnar file as those of CSV, and rejects by row number", async () => {
    const table = new Table({
      date: vectorFromArray(["2024-03-05", "2024-03-06", "soon"], new Utf8()),
      ticker: vectorFromArray(symbols, new Utf8()),
      close: vectorFromArray(["3.13", "x", "1"], new Utf8()),
      volume: vectorFromArray([1, 2, 3]),
    });
    const path = write("text.arrow", tableToIPC(table, "file"));
    const { rows, rejected } = await collectRows(readPrices(path, typed("arrow", { dateFormat: "iso-date" })));
    expect(rows.map(({ close }) => close)).toEqual([3130]);
    expect(rejected.map(({ line, code, text }) => [line, code, text])).toEqual([
      [2, "ROWS_INVALID", "2024-03-06,HPG,x,2"],
      [3, "DATE_INVALID", "soon,VNINDEX,1,3"],
    ]);
  });

  it("rejects infinite prices and negative volumes", async () => {
    const table = new Table({
      date: arrowTable.getChild("date") as Vector<DataType>,
      ticker: arrowTable.getChild("ticker") as Vector<DataType>,
      close: vectorFromArray([Number.POSITIVE_INFINITY, 1, 2]),
      volume: vectorFromArray([1, -2, 3]),
    });
    const path = write("infinite.arrow", tableToIPC(table, "stream"));
    const { rows, rejected } = await collectRows(readPrices(path, typed("arrow")));
    expect(rows.length).toBe(1);
    expect(rejected.map(({ reason }) => reason)).toEqual([
      'invalid close: "Infinity" (accepted: a number)',
      'invalid volume: "-2" (accepted: a number of at least 0)',
    ]);
  });

  it("reads decimals exactly", async () => {
    const type = new Decimal(2, 18, 128);
    const words = new Uint32Array([3113, 0, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 1789, 0, 0, 0]);
    const close = new Vector([makeData({ type, length: 3, data: words })]);
    const table = new Table({ date: arrowTable.getChild("date")!, ticker: arrowTable.getChild("ticker")!, close });
    const path = write("decimal.arrow", tableToIPC(table, "file"));
    const mapping = typed("arrow", { columns: { time: "date", symbol: "ticker", close: "close" }, priceScale: 1 });
    const { rows } = await collectRows(readPrices(path, mapping));
    expect(rows.map((row) => row.close)).toEqual([31.13, -0.01, 17.89]);
  });

  it("reads timestamps without zone on the clocks of the mapping's zone, and others as instants", async () => {
    const wallClock = Date.UTC(2024, 2, 5, 9, 15);
    for (const [timezone, openedAt] of [
      [null, "2024-03-05T02:15:00.000Z"],
      ["UTC", "2024-03-05T09:15:00.000Z"],
    ] as const) {
      const table = new Table({
        date: vectorFromArray([wallClock], new TimestampMicrosecond(timezone)),
        ticker: vectorFromArray(["VN30F1M"], new Utf8()),
        close: vectorFromArray([1250]),
      });
      const path = write("timestamp.arrow", tableToIPC(table, "file"));
      const mapping = typed("arrow", { columns: { time: "date", symbol: "ticker", close: "close" }, interval: "5m" });
      const { rows } = await collectRows(readPrices(path, mapping));
      expect(rows.map((row) => row.openedAt)).toEqual([openedAt]);
    }
  });
});
