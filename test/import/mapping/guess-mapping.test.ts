import { describe, expect, it } from "vitest";
import { describeMapping } from "../../../src/import/mapping/describe-mapping.js";
import { guessMapping, type MappingOptions } from "../../../src/import/mapping/guess-mapping.js";
import { inspectFile } from "../../../src/import/reading/inspect-file.js";
import { temporaryFiles } from "../support/temporary-files.js";

const { write } = temporaryFiles();
const KNOWN = new Set(["HPG", "VNM", "FPT", "ACB", "CAT"]);

async function guess(content: string, options: MappingOptions = {}, knownVndEquities: ReadonlySet<string> = KNOWN) {
  return guessMapping(await inspectFile(write("prices.csv", content)), options, { knownVndEquities });
}

/** Ten daily rows for each symbol, closing at the given price. */
function prices(closes: Record<string, number>): string {
  const rows = Object.entries(closes).flatMap(([symbol, close]) =>
    Array.from({ length: 10 }, (_, day) => `2024-03-${10 + day},${symbol},${close}`),
  );
  return ["date,ticker,close", ...rows].join("\n");
}

describe("guessMapping(file, options, {knownVndEquities})", () => {
  it("scales a file in thousand VND and takes its symbols for equities", async () => {
    const { mapping, because } = await guess(prices({ HPG: 26.8, VNM: 65, FPT: 120.5 }));
    expect(mapping).toMatchObject({
      kind: "prices",
      columns: { time: "date", symbol: "ticker", close: "close" },
      dateFormat: "iso-date",
      interval: "1d",
      priceScale: 1000,
      currency: "VND",
      assetClass: "equity",
      source: "prices.csv",
    });
    expect(mapping.scaledSymbols).toBeUndefined();
    expect(because.priceScale).toBe("3 of 3 symbols are known VND equities, with a median close of 65");
  });

  it("decides by all symbols of the file, not by those of its head", async () => {
    const filler = Array.from({ length: 20_000 }, () => "2024-03-05,VNINDEX,1250.25").join("\n");
    const { mapping } = await guess(`${prices({})}\n${filler}\n${prices({ HPG: 26.8, VNM: 65, FPT: 120 }).slice(18)}`);
    expect(mapping).toMatchObject({ priceScale: 1000, scaledSymbols: ["FPT", "HPG", "VNM"] });
    expect(mapping.currency).toBeUndefined();
  });

  it("scales tickers that look Vietnamese along with the known, and leaves indexes and VND prices alone", async () => {
    const { mapping } = await guess(prices({ HPG: 26.8, VNM: 65, FPT: 120, VCF: 240, VNINDEX: 900, ACB: 24_000 }));
    expect(mapping).toMatchObject({ priceScale: 1000, scaledSymbols: ["FPT", "HPG", "VCF", "VNM"] });
  });

  it("accepts fewer than three symbols when all are known", async () => {
    expect((await guess(prices({ HPG: 26.8 }))).mapping.priceScale).toBe(1000);
    expect((await guess(prices({ HPG: 26.8, AAPL: 170 }))).mapping.priceScale).toBe(1);
  });

  it("leaves prices in VND as they stand", async () => {
    const { mapping } = await guess(prices({ HPG: 26_800, VNM: 65_000, FPT: 120_500 }));
    expect(mapping).toMatchObject({ priceScale: 1, currency: "VND" });
  });

  it("takes a few known names among many others for namesakes", async () => {
    const others = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`US${i}`, 100]));
    expect((await guess(prices({ ...others, CAT: 90, HPG: 1, VNM: 2 }))).mapping.priceScale).toBe(1);
  });

  it("does not look for VND in a file said to be in other money", async () => {
    const { mapping, because } = await guess(prices({ CAT: 90 }), { currency: "USD", exchange: "NYSE" });
    expect(mapping).toMatchObject({ priceScale: 1, currency: "USD", exchange: "NYSE" });
    expect(because.priceScale).toBe("prices are in USD");
  });

  it("follows every option instead of guessing", async () => {
    const options: MappingOptions = {
      kind: "prices",
      columns: { close: "settle" },
      decimal: ",",
      dateFormat: "mdy",
      timeZone: "America/Chicago",
      interval: "15m",
      priceScale: 1000,
      symbol: "CORN",
      currency: "USD",
      exchange: "CBOT",
      assetClass: "commodity-future",
      source: "the exchange",
    };
    const { mapping } = await guess("date;last;settle\n01/02/2024 09:00;1,5;2,5\n", options);
    expect(mapping).toEqual({
      kind: "prices",
      format: { container: "csv", gzip: false, delimiter: ";", decimal: ",", header: true },
      columns: { time: "date", close: "settle" },
      dateFormat: "mdy",
      timeZone: "America/Chicago",
      interval: "15m",
      priceScale: 1000,
      symbol: "CORN",
      currency: "USD",
      exchange: "CBOT",
      assetClass: "commodity-future",
      source: "the exchange",
    });
  });

  it("asks for a symbol when no column has one", async () => {
    const content = "date,close\n2024-03-05,1\n";
    await expect(guess(content)).rejects.toMatchObject({
      code: "MAPPING_INVALID",
      message: expect.stringContaining("either a symbol column or one symbol for the whole file"),
    });
    expect((await guess(content, { symbol: "USDVND" })).mapping.symbol).toBe("USDVND");
  });

  it("fails for ambiguous dates before anything is read, naming the flag", async () => {
    const ambiguous = "date,symbol,close\n01/02/2024,HPG,1\n02/02/2024,HPG,2\n";
    await expect(guess(ambiguous)).rejects.toMatchObject({
      code: "MAPPING_INVALID",
      message: expect.stringContaining("--date-format dmy|mdy"),
    });
    expect((await guess(ambiguous, { dateFormat: "dmy" })).mapping).toMatchObject({
      dateFormat: "dmy",
      interval: "1d",
    });
  });

  it("guesses the interval of intraday times", async () => {
    const times = ["09:00", "09:05", "09:10", "13:00"].map((time) => `2024-03-05 ${time}:00,VN30F1M,1250`);
    const { mapping } = await guess(["time,symbol,close", ...times].join("\n"));
    expect(mapping).toMatchObject({ dateFormat: "iso-datetime", interval: "5m", priceScale: 1 });
  });
});

describe("describeMapping(guess)", () => {
  it("says what each part is and why", async () => {
    const lines = describeMapping(
      await guess(prices({ HPG: 26.8, VNM: 65, FPT: 120, VNINDEX: 1250 }), { exchange: "HOSE" }),
    );
    const text = lines.map(({ field, value, because }) => `${field}: ${value}; ${because}`);
    expect(text).toContain("kind: prices; the header names date, ticker, close");
    expect(text).toContain('time: column "date"; its header');
    expect(text).toContain("dateFormat: iso-date; times look like 2024-03-10");
    expect(text).toContain("interval: 1d; times carry a date and no time of day");
    expect(text).toContain(
      "priceScale: × 1,000 (thousand VND) for 3 symbols; 3 of 4 symbols are known VND equities, with a median close of 65",
    );
    expect(text).toContain("exchange: HOSE; given");
    expect(lines.every(({ because }) => because !== "")).toBe(true);
  });
});
