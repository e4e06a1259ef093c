import { describe, expect, it } from "vitest";
import { instrumentSeries } from "../../../src/engine/lead-lag/instrument-series.js";
import { screenPairs } from "../../../src/engine/lead-lag/screen-pairs.js";
import { studyPair } from "../../../src/engine/lead-lag/study-pair.js";
import type { StudySeries } from "../../../src/engine/lead-lag/study-series.js";
import { inferInstrumentConventions } from "../../../src/engine/market-data/instrument-conventions.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { gaussianRandom, seededRandom } from "../../../src/engine/statistics/seeded-random.js";
import { tradingDate, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";
import { OPTIONS } from "../../support/study-inputs.js";
import { hasSharedData, readSharedCloses, SHARED_DATA_NOTE } from "./shared-price-data.js";

const FUTURES = "commodities/cn_futures_daily.csv.gz";
const SHARES = "equities/vn100_daily_2015_2026.csv.gz";
const INDEXES = "equities/vn_indexes_daily_2004_2026.csv.gz";

const FIVE_YEARS = {
  ...OPTIONS,
  fromMs: tradingDateToEpochMs(tradingDate("2021-04-01")),
  toMs: tradingDateToEpochMs(tradingDate("2026-04-01")),
};

function realSeries(file: string, name: string): StudySeries {
  const symbol = instrumentSymbol(name);
  const conventions = inferInstrumentConventions(symbol);
  return instrumentSeries({ symbol, ...conventions }, readSharedCloses(file, name));
}

describe.skipIf(!hasSharedData)(
  `studyPair on iron ore and steel against HPG, 2021-04 to 2026-04${SHARED_DATA_NOTE}`,
  () => {
    const hpg = () => realSeries(SHARES, "HPG");
    const market = () => realSeries(INDEXES, "VNINDEX");
    const study = (source: string, factors: readonly StudySeries[] = []) =>
      studyPair({ source: realSeries(FUTURES, source), target: hpg(), factors }, FIVE_YEARS);

    it("finds that iron ore moves with HPG on the same day and does not lead it", () => {
      const { verdict, isLagZeroTradable, test } = study("DCE.I");
      expect(isLagZeroTradable).toBe(false);
      expect(verdict).toMatchObject({ kind: "not-tradable", lag: 0 });
      expect(test.sameDay.p).toBeLessThan(0.001);
    });

    it("finds nothing of iron ore once the market is partialled out, and says what it would have found", () => {
      const { verdict, detectableSize } = study("DCE.I", [market()]);
      expect(verdict.kind).toBe("no-lead-found");
      expect(detectableSize).toBeGreaterThan(0.11);
      expect(detectableSize).toBeLessThan(0.15);
    });

    it.each(["SHFE.RB", "SHFE.HC"])("finds that %s leads HPG by one day, with and without the market", (steel) => {
      expect(study(steel).verdict).toMatchObject({ kind: "lead-found", lag: 1 });
      expect(study(steel, [market()]).verdict).toMatchObject({ kind: "lead-found", lag: 1 });
    });

    it("has Granger's tests of one day below 0.01 for rebar, hot-rolled coil and coking coal", () => {
      for (const source of ["SHFE.RB", "SHFE.HC", "DCE.JM"]) expect(study(source).granger[0]!.p).toBeLessThan(0.01);
    });

    it("has a Granger test of one day near 0.024 for iron ore", () => {
      expect(study("DCE.I").granger[0]!.p).toBeGreaterThan(0.01);
      expect(study("DCE.I").granger[0]!.p).toBeLessThan(0.04);
    });
  },
);

describe.skipIf(!hasSharedData)(`screenPairs on real series whose days were shuffled${SHARED_DATA_NOTE}`, () => {
  it("declares at most one in twenty", async () => {
    const names = ["DCE.I", "SHFE.RB", "SHFE.CU", "SHFE.RU", "SHFE.AU", "INE.SC"];
    const sources = names.map((name) => realSeries(FUTURES, name));
    const targets = ["HPG", "GAS", "VNM", "FPT", "VCB", "MWG", "SSI", "REE"].map((name) => realSeries(SHARES, name));
    const pairs = targets.flatMap((target, i) =>
      sources.map((source) => ({ source, target: shuffledDays(target, i) })),
    );
    const screened = await screenPairs(pairs, FIVE_YEARS);
    expect(screened.every(({ kind }) => kind === "tested")).toBe(true);
    const declared = screened.filter(({ verdict }) => verdict.kind === "lead-found");
    expect(declared.length / pairs.length).toBeLessThanOrEqual(0.05);
  });
});

/** The same returns in another order. */
function shuffledDays(series: StudySeries, seed: number): StudySeries {
  const gaussian = gaussianRandom(seededRandom(seed));
  const returns = series.values.slice(1).map((price, i) => Math.log(price / series.values[i]!));
  const order = Array.from(returns, (value) => ({ value, key: gaussian() })).sort((a, b) => a.key - b.key);
  let level = Math.log(series.values[0]!);
  const values = Float64Array.from([0, ...order.map(({ value }) => value)], (value) => {
    level += value;
    return Math.exp(level);
  });
  return { ...series, values };
}
