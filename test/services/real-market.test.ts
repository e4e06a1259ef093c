import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FindingKind } from "../../src/engine/data-quality/finding.js";
import { captureCommand, captureJson } from "../support/captured-command.js";
import { createTemporarySchema, postgresUnavailable } from "../support/postgres-schema.js";
import type { ProcessEnvironment } from "../support/quantflow-process.js";
import { REAL_FILES, realDataUnavailable } from "../support/real-data.js";
import { openSharedHome, TemporaryFolder } from "../support/temporary-home.js";

interface PrintedFinding {
  readonly kind: FindingKind;
  readonly severity: string;
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly message: string;
}

interface PrintedReport {
  readonly rowsRead: number;
  readonly rowsNew: number;
  readonly rowsIdentical: number;
  readonly rowsLeftOut: number;
  readonly findings: readonly PrintedFinding[];
}

/** Rows (for gaps: trading days) that the findings of each kind cover. */
function rowsByKind(findings: readonly PrintedFinding[]): Partial<Record<FindingKind, number>> {
  const rows: Partial<Record<FindingKind, number>> = {};
  for (const { kind, count } of findings) rows[kind] = (rows[kind] ?? 0) + count;
  return rows;
}

function of(findings: readonly PrintedFinding[], kind: FindingKind, symbol: string): PrintedFinding[] {
  return findings.filter((finding) => finding.kind === kind && finding.symbol === symbol);
}

const skipped = realDataUnavailable ? ` (${realDataUnavailable})` : "";
const noPostgres = realDataUnavailable ?? (await postgresUnavailable());

describe.skipIf(realDataUnavailable)(`the real Vietnamese market in the embedded database${skipped}`, () => {
  let home: Awaited<ReturnType<typeof openSharedHome>>;
  let environment: ProcessEnvironment;
  let reports: Record<"sectors" | "vn100" | "vnIndexes" | "futures" | "energy", PrintedReport>;
  const files = [
    REAL_FILES.sectors,
    REAL_FILES.vn100,
    REAL_FILES.vnIndexes,
    REAL_FILES.chineseFutures,
    REAL_FILES.energy,
  ];

  beforeAll(async () => {
    home = await openSharedHome();
    environment = home.environment;
    const [sectors, vn100, vnIndexes, futures, energy] = await captureJson<PrintedReport[]>(
      ["import", ...files, "--json"],
      environment,
    );
    reports = { sectors: sectors!, vn100: vn100!, vnIndexes: vnIndexes!, futures: futures!, energy: energy! };
  });
  afterAll(() => home?.dispose());

  describe("quantflow import", () => {
    it("brings every row", () => {
      const rows = Object.values(reports).map(({ rowsRead, rowsNew }) => [rowsRead, rowsNew]);
      expect(rows).toEqual([
        [709, 709],
        [234_083, 234_083],
        [36_423, 36_423],
        [40_084, 40_084],
        [27_621, 27_620],
      ]);
    });

    it("finds the 261 rows of the shares whose close or open lies outside [low, high]", () => {
      expect(rowsByKind(reports.vn100.findings)["ohlc-violation"]).toBe(261);
    });

    it("finds the days on which HHV has no candle for months", () => {
      const gaps = of(reports.vn100.findings, "calendar-gap", "HHV");
      expect(rowsByKind(gaps)["calendar-gap"]).toBeGreaterThan(1_000);
      expect(gaps).toContainEqual(
        expect.objectContaining({ severity: "error", from: "2017-03-31", to: "2018-01-22", count: 207 }),
      );
    });

    it("finds the two corrupt rows of VNINDEX, one of them on a Saturday, and 389 broken ranges of indexes", () => {
      const { findings } = reports.vnIndexes;
      expect(rowsByKind(findings)).toMatchObject({ "ohlc-violation": 389, "weekend-row": 1, "price-jump": 2 });
      const corrupt = of(findings, "price-jump", "VNINDEX").map(({ from, severity }) => [from, severity]);
      expect(corrupt).toEqual([
        ["2007-07-23", "warning"],
        ["2008-08-16", "warning"],
      ]);
      expect(of(findings, "weekend-row", "VNINDEX").map(({ from }) => from)).toEqual(["2008-08-16"]);
    });

    it("finds the negative price of WTI, and leaves out the row of HENRYHUB without one", () => {
      const { findings, rowsLeftOut } = reports.energy;
      const [negative] = of(findings, "non-positive-price", "WTI");
      expect(negative).toMatchObject({ from: "2020-04-20", count: 1, message: expect.stringContaining("-36.98") });
      expect(rowsByKind(findings)["missing-close"]).toBe(1);
      expect(rowsLeftOut).toBe(1);
    });

    it("changes nothing the second time", async () => {
      const watermark = () => home.database.query("SELECT * FROM data_version");
      const before = await watermark();
      const again = await captureJson<PrintedReport[]>(["import", ...files, "--json"], environment);
      expect(again.map(({ rowsNew }) => rowsNew)).toEqual([0, 0, 0, 0, 0]);
      expect(again[1]).toMatchObject({ rowsIdentical: 234_083 });
      expect(await watermark()).toEqual(before);
    });
  });

  describe("quantflow correlate --source DCE.I --target HPG", () => {
    const FIVE_YEARS = ["--from", "2021-04-01", "--to", "2026-04-01"];
    const PAIR = ["correlate", "--source", "DCE.I", "--target", "HPG", ...FIVE_YEARS];

    it("equals an independent computation: n, Pearson and band to 1e-6, Spearman to 4e-6", async () => {
      const result = await captureJson<{ n: number; lags: Record<string, number>[] }>(
        [...PAIR, "--min-lag", "-5", "--max-lag", "30", "--json"],
        environment,
      );
      const expected = readReference();
      expect(result).toMatchObject({
        source: "DCE.I",
        target: "HPG",
        from: "2021-04-01",
        to: "2026-04-01",
        interval: "1d",
        n: 1189,
      });
      expect(result.lags.map(({ lag, n }) => [lag, n])).toEqual(expected.map(({ lag, n }) => [lag, n]));
      for (const [i, { pearson, spearman, band95 }] of expected.entries()) {
        const found = result.lags[i]!;
        expect(Math.abs(found.pearson! - pearson!)).toBeLessThan(1e-6);
        expect(Math.abs(found.band95! - band95!)).toBeLessThan(1e-6);
        // Two returns of one series are truly equal; the reference ranks them apart by the floating-point noise
        // of its logarithms, which moves Spearman's coefficient by up to 4e-6.
        expect(Math.abs(found.spearman! - spearman!)).toBeLessThan(4e-6);
      }
    });

    it("aligns by the last close known on each date of the target, which keeps more dates", async () => {
      const inner = await captureJson<{ n: number; align: string }>([...PAIR, "--json"], environment);
      const asOf = await captureJson<{ n: number; align: string; lags: unknown[] }>(
        [...PAIR, "--align", "as-of", "--json"],
        environment,
      );
      expect([inner.align, asOf.align]).toEqual(["inner", "as-of"]);
      expect(asOf.n).toBeGreaterThan(inner.n);
      expect(asOf.lags).toHaveLength(31);
    });
  });

  describe("quantflow quality quarantine", () => {
    it("leaves the corrupt rows of VNINDEX out of candles and correlations, which say so, until it is lifted", async () => {
      const candles = () =>
        captureCommand(["candles", "VNINDEX", "--from", "2008-08-14", "--to", "2008-08-19"], environment);
      const datesOf = (csv: string) =>
        csv
          .split("\n")
          .slice(1, -1)
          .map((line) => line.slice(0, 10));
      expect(datesOf((await candles()).stdout)).toContain("2008-08-16");

      const saturday = ["--from", "2008-08-16", "--to", "2008-08-16", "--reason", "a Saturday", "--json"];
      const { id } = await captureJson<{ id: number }>(["quality", "quarantine", "VNINDEX", ...saturday], environment);
      const without = await candles();
      expect(datesOf(without.stdout)).not.toContain("2008-08-16");
      expect(without.stderr).toContain("Quarantined and left out: VNINDEX on 2008-08-16.");
      const correlated = await captureCommand(
        ["correlate", "--source", "VNINDEX", "--target", "HPG", "--json"],
        environment,
      );
      expect(correlated.stderr).toContain("Quarantined and left out: VNINDEX on 2008-08-16.");
      expect(JSON.parse(correlated.stdout)).toMatchObject({
        excluded: "Quarantined and left out: VNINDEX on 2008-08-16",
      });

      expect(await captureJson(["quality", "lift", String(id), "--json"], environment)).toEqual({ id, lifted: true });
      expect(datesOf((await candles()).stdout)).toContain("2008-08-16");
    });
  });

  describe("quantflow candles --format", () => {
    const folder = new TemporaryFolder();
    afterAll(() => folder.remove());

    for (const format of ["csv", "arrow", "parquet"]) {
      it(`writes ${format} that quantflow import takes for what is stored already`, async () => {
        for (const symbol of ["HPG", "WTI"]) {
          const file = `${folder.path}/${symbol}.${format}`;
          await captureCommand(["candles", symbol, "--format", format, "--output", file], environment);
          const [report] = await captureJson<PrintedReport[]>(["import", file, "--json"], environment);
          expect(report).toMatchObject({ rowsNew: 0, rowsConflicting: 0, rowsLeftOut: 0, rowsRejected: 0 });
          expect(report!.rowsIdentical).toBeGreaterThan(2_000);
        }
      });
    }
  });
});

describe.skipIf(noPostgres)(`real files of other markets in PostgreSQL${noPostgres ? ` (${noPostgres})` : ""}`, () => {
  let schema: Awaited<ReturnType<typeof createTemporarySchema>>;
  const folder = new TemporaryFolder();
  let reports: PrintedReport[];

  beforeAll(async () => {
    schema = await createTemporarySchema();
    const files = [REAL_FILES.vn30Unadjusted, REAL_FILES.sp500, REAL_FILES.vn30Future, REAL_FILES.dollarInDong];
    reports = await captureJson<PrintedReport[]>(["import", ...files, "--json"], {
      DATABASE_URL: schema.url,
      QUANTFLOW_HOME: folder.path,
    });
  });
  afterAll(async () => {
    await schema?.drop();
    folder.remove();
  });

  it("finds the 530 duplicates of GVR and HPG's fall by 31% on 2017-03-30", () => {
    const { findings, rowsRead, rowsNew, rowsLeftOut } = reports[0]!;
    expect([rowsRead, rowsNew, rowsLeftOut]).toEqual([73_105, 73_105 - 530, 530]);
    const duplicates = findings.filter(({ kind }) => kind === "duplicate-row");
    expect(duplicates.map(({ symbol, count }) => [symbol, count])).toEqual([["GVR", 530]]);
    const falls = of(findings, "split-like-jump", "HPG");
    expect(falls.find(({ from }) => from === "2017-03-30")?.message).toMatch(/−31\.\d%/);
  });

  it("finds the 11 missing opens and 12 broken ranges of the American shares", () => {
    expect(reports[1]).toMatchObject({ rowsRead: 619_040, rowsNew: 619_040 });
    expect(rowsByKind(reports[1]!.findings)).toMatchObject({ "missing-value": 11, "ohlc-violation": 12 });
  });

  it("brings every five-minute bar and every rate of the dollar", () => {
    expect(reports.slice(2).map(({ rowsNew }) => rowsNew)).toEqual([80_089, 1_615]);
  });
});

function readReference(): Record<"lag" | "n" | "pearson" | "spearman" | "band95", number>[] {
  const [header, ...lines] = readFileSync(REAL_FILES.ironHpgCorrelations, "utf8").trim().split("\n");
  const names = header!.split(",");
  const rows = lines.map((line) => Object.fromEntries(line.split(",").map((value, i) => [names[i], value])));
  return rows
    .filter(({ window, freq, stock }) => window === "5y" && freq === "D" && stock === "HPG")
    .map(({ lag, n, pearson, spearman, band95 }) => ({
      lag: Number(lag),
      n: Number(n),
      pearson: Number(pearson),
      spearman: Number(spearman),
      band95: Number(band95),
    }));
}
