import { describe, expect, it } from "vitest";
import { liveRow } from "../../../../notebooks/components/live/live-row.js";
import { SessionLooks } from "../../../../notebooks/components/live/session-looks.js";
import type { SnapshotRow } from "../../../../notebooks/components/market/market-snapshot.js";

const FRIDAY = Date.UTC(2026, 3, 10);
/** 10:00 in Ho Chi Minh City. */
const AT_TEN = (dayMs: number) => dayMs + 3 * 3_600_000;

const ROW: SnapshotRow = {
  symbol: "HPG",
  name: null,
  exchange: "HOSE",
  sector: null,
  industry: null,
  assetClass: "equity",
  currency: "VND",
  dayMs: FRIDAY,
  close: 110,
  changes: { "1d": 0.1, "1w": 0.1, "1m": 0.375, "3m": Number.NaN, ytd: 0, "1y": -0.5 },
  volume: 1_000,
  tradedValue: 110_000,
  marketCap: 5e12,
  recentCloses: Float32Array.of(100, 110),
};

const NOW = {
  price: 121,
  reference: 110,
  change: 0.1,
  open: 111,
  high: 122,
  low: 110,
  volume: 400,
  value: 47_000,
  eventTimeMs: AT_TEN(FRIDAY + 3 * 86_400_000),
};

describe("liveRow(row, now)", () => {
  it("measures the day from the reference price and other periods from where the snapshot begins them", () => {
    const { close, changes, dayMs, volume, tradedValue } = liveRow(ROW, NOW);
    expect({ close, dayMs, volume, tradedValue }).toEqual({
      close: 121,
      dayMs: FRIDAY + 3 * 86_400_000,
      volume: 400,
      tradedValue: 47_000,
    });
    expect(changes["1d"]).toBeCloseTo(0.1, 12);
    // 80 a month ago: 110 / 1.375; now 121.
    expect(changes["1m"]).toBeCloseTo(121 / 80 - 1, 12);
    expect(changes["1y"]).toBeCloseTo(121 / 220 - 1, 12);
    expect(changes["3m"]).toBeNaN();
  });

  it("takes the last stored close for a reference that the stream does not give", () => {
    const unknown = { ...NOW, change: Number.NaN, reference: Number.NaN };
    expect(liveRow(ROW, unknown).changes["1d"]).toBeCloseTo(121 / 110 - 1, 12);
    const sameDay = { ...unknown, eventTimeMs: AT_TEN(FRIDAY) };
    expect(liveRow(ROW, sameDay).changes["1d"]).toBeCloseTo(121 / 100 - 1, 12);
  });

  it("adds a close for a further day and replaces that of the same day", () => {
    expect([...liveRow(ROW, NOW).recentCloses]).toEqual([100, 110, 121]);
    expect([...liveRow(ROW, { ...NOW, eventTimeMs: AT_TEN(FRIDAY) }).recentCloses]).toEqual([100, 121]);
  });

  it("knows no longer periods for a day before the snapshot, which a replay may show", () => {
    const past = liveRow(ROW, { ...NOW, eventTimeMs: AT_TEN(FRIDAY - 86_400_000) });
    expect(past.changes["1d"]).toBeCloseTo(0.1, 12);
    expect(past.changes["1w"]).toBeNaN();
    expect([...past.recentCloses]).toEqual([100, 110]);
  });

  it("estimates the value traded where the stream gives none", () => {
    expect(liveRow(ROW, { ...NOW, value: Number.NaN }).tradedValue).toBe(121 * 400);
  });
});

describe("SessionLooks", () => {
  const index = (price: number, minuteOfDay: number) => ({
    price,
    reference: 1_000,
    eventTimeMs: FRIDAY + (minuteOfDay - 7 * 60) * 60_000,
  });
  const TEN = 10 * 60;

  it("puts five minutes together from looks, with the volume that came since the interval began", () => {
    const looks = new SessionLooks();
    looks.look(index(1_001, TEN), { volume: 50, rising: 0.5, shares: 2 });
    looks.look(index(1_002, TEN + 4.9), { volume: 80, rising: 0.5, shares: 2 });
    looks.look(index(999, TEN + 5), { volume: 95, rising: 0, shares: 2 });
    expect(looks.intervals).toEqual([
      { minute: TEN, close: 1_002, change: 1_002 / 1_000 - 1, volume: 80, rising: 0.5 },
      { minute: TEN + 5, close: 999, change: 999 / 1_000 - 1, volume: 15, rising: 0 },
    ]);
  });

  it("goes on from what the server has stored of the day", () => {
    const looks = new SessionLooks();
    looks.seed([{ minute: TEN - 5, close: 1_005, change: 0.005, volume: 60, rising: Number.NaN }]);
    looks.look(index(1_001, TEN), { volume: 70, rising: 1, shares: 1 });
    expect(looks.intervals.map(({ minute, volume }) => [minute, volume])).toEqual([
      [TEN - 5, 60],
      [TEN, 10],
    ]);
  });
});
