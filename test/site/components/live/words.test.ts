import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatAge,
  formatInstant,
  formatTime,
  parseInstant,
} from "../../../../notebooks/components/format/time-format.js";
import { readCandles } from "../../../../notebooks/components/live/day-candles.js";
import { bookSummary } from "../../../../notebooks/components/live/depth-ladder.js";
import {
  readFeedHistory,
  readFeedTroubles,
  withPresentState,
} from "../../../../notebooks/components/live/feed-history.js";
import { readRewindPlace, writeRewindPlace } from "../../../../notebooks/components/live/rewind-address.js";

const AT = Date.UTC(2026, 3, 10, 3, 32, 5, 482);

describe("times in Ho Chi Minh City", () => {
  it("are seven hours ahead of UTC", () => {
    expect(formatTime(AT)).toBe("10:32:05");
    expect(formatTime(AT, { hasMilliseconds: true })).toBe("10:32:05.482");
    expect(formatInstant(AT)).toBe("2026-04-10 10:32:05");
    expect(formatTime(Number.NaN)).toBe("–");
  });

  it.each([
    ["2026-04-10 10:32", Date.UTC(2026, 3, 10, 3, 32)],
    ["2026-04-10T10:32:05", Date.UTC(2026, 3, 10, 3, 32, 5)],
    ["2026-02-30 10:32", Number.NaN],
    ["2026-04-10 25:00", Number.NaN],
    ["10:32", Number.NaN],
  ])("reads %s", (text, instantMs) => {
    expect(parseInstant(text)).toBe(instantMs);
  });

  it("reads what it writes", () => {
    const second = fc.integer({ min: Date.UTC(2000, 0, 1) / 1_000, max: Date.UTC(2099, 0, 1) / 1_000 });
    fc.assert(
      fc.property(second, (s) => {
        expect(parseInstant(formatInstant(s * 1_000))).toBe(s * 1_000);
      }),
    );
  });
});

describe("formatAge(ageMs)", () => {
  it.each([
    [-50, "0.0 s"],
    [420, "0.4 s"],
    [12_300, "12 s"],
    [200_000, "3 min"],
    [3 * 3_600_000, "3 h"],
    [3 * 86_400_000, "3 d"],
    [Number.NaN, "–"],
  ])("is %s ms in the unit that fits: %s", (ageMs, text) => {
    expect(formatAge(ageMs)).toBe(text);
  });
});

describe("the place of a replay in the address", () => {
  it("is read with its pace, and left out again", () => {
    const query = writeRewindPlace("?period=1w", { fromMs: Date.UTC(2026, 3, 10, 3, 32), speed: 50 });
    expect(query).toBe("?period=1w&at=2026-04-10T10%3A32%3A00&speed=50");
    expect(readRewindPlace(query)).toEqual({ fromMs: Date.UTC(2026, 3, 10, 3, 32), speed: 50 });
    expect(writeRewindPlace(query, undefined)).toBe("?period=1w");
  });

  it("is none for a time that does not exist, and a usual pace for one that is not offered", () => {
    expect(readRewindPlace("?at=yesterday")).toBeUndefined();
    expect(readRewindPlace("?at=2026-04-10T10:32&speed=7e9")?.speed).toBe(10);
  });
});

describe("readFeedHistory(answer)", () => {
  const state = (name: string, minute: number, feed = "dnse") => ({
    feed,
    state: name,
    reason: `why ${name}`,
    since: new Date(Date.UTC(2026, 3, 10, 3, minute)).toISOString(),
    recordedAt: "",
  });

  it("takes the states of the feed that is followed, newest first", () => {
    const states = [state("live", 1), state("stale", 9), state("live", 5, "simulated"), state("dancing", 6)];
    expect(readFeedHistory({ status: { feed: "dnse" }, states }).map((each) => each.state)).toEqual(["stale", "live"]);
  });

  it("is empty for an answer of another shape", () => {
    for (const answer of [undefined, null, 7, {}, { states: "many" }]) expect(readFeedHistory(answer)).toEqual([]);
  });

  it("gets the present state in front, once", () => {
    const stored = readFeedHistory({ states: [state("live", 1)] });
    const present = { state: "stale", sinceMs: Date.UTC(2026, 3, 10, 3, 9), reason: "mute" } as const;
    const once = withPresentState(stored, present);
    expect(once.map((each) => each.state)).toEqual(["stale", "live"]);
    expect(withPresentState(once, present)).toEqual(once);
  });
});

describe("readFeedTroubles(answer)", () => {
  it("counts gaps and names open incidents", () => {
    const answer = {
      gapCounts: { found: 417, open: 300 },
      openIncidents: [{ message: "the feed is mute" }],
    };
    expect(readFeedTroubles(answer)).toBe("417 gaps in the day's trades, 117 filled. Open: the feed is mute");
    expect(readFeedTroubles({ gapCounts: { found: 0, open: 0 }, openIncidents: [] })).toBe(
      "No gap was found in the day's trades",
    );
  });
});

describe("readCandles(answer)", () => {
  it("leaves out candles without prices", () => {
    const candle = { time: "2026-04-10T03:32:00.000Z", open: 1, high: 3, low: 1, close: 2, volume: null };
    expect(readCandles({ candles: [candle, { ...candle, close: null }] })).toEqual([
      { openedAtMs: Date.UTC(2026, 3, 10, 3, 32), open: 1, high: 3, low: 1, close: 2, volume: 0 },
    ]);
    expect(readCandles(undefined)).toEqual([]);
  });
});

describe("bookSummary(bids, asks)", () => {
  it("is the spread and what stands on each side", () => {
    const summary = bookSummary([{ price: 99, quantity: 300 }], [{ price: 101, quantity: 100 }]);
    expect(summary).toEqual({ spread: 2, relativeSpread: 0.02, bidTotal: 300, askTotal: 100, bidShare: 0.75 });
  });

  it("has no spread on one side alone", () => {
    expect(bookSummary([{ price: 99, quantity: 300 }], [])).toMatchObject({ spread: Number.NaN, bidShare: 1 });
  });
});
