import { describe, expect, it } from "vitest";
import type {
  BookTop,
  IndexLevel,
  MarketEvent,
  SessionChange,
  Tick,
} from "../../../src/engine/live-market/market-event.js";
import { MinuteCandleBuilder } from "../../../src/engine/live-market/minute-candle-builder.js";
import { SequenceAudit } from "../../../src/engine/live-market/sequence-audit.js";
import { factsCalendar, sessionPhaseAt } from "../../../src/engine/live-market/session-schedule.js";
import type { CandleColumns } from "../../../src/engine/market-data/candle-columns.js";
import { hosePriceLimits, roundToHoseStep } from "../../../src/engine/simulated-market/hose-prices.js";
import {
  dayReferences,
  FIRST_EVENT_MINUTE,
  LAST_EVENT_MINUTE,
  minuteEvents,
} from "../../../src/engine/simulated-market/simulate-day-ticks.js";
import { simulateMarket } from "../../../src/engine/simulated-market/simulate-market.js";
import { type SimulatedDay, simulateDay } from "../../../src/engine/simulated-market/simulated-day.js";
import { SIMULATED_SHARES } from "../../../src/engine/simulated-market/simulated-shares.js";
import { tradingDate, tradingDateOf } from "../../../src/engine/units/trading-date.js";

const MONDAY = tradingDate("2026-11-23");

const MINUTES = Array.from(
  { length: LAST_EVENT_MINUTE - FIRST_EVENT_MINUTE + 1 },
  (_, index) => FIRST_EVENT_MINUTE + index,
);

function eventsOf(day: SimulatedDay): MarketEvent[] {
  return MINUTES.flatMap((minute) => minuteEvents(day, minute));
}

function clockTime(instantMs: number): string {
  return new Date(instantMs + 7 * 3_600_000).toISOString().slice(11, 19);
}

/** Rows as text in an order of their own, so that candles made in different orders can be compared. */
function rowsOf({ length, symbols, symbolCodes, ...columns }: CandleColumns): string[] {
  const { openedAtMs, open, high, low, close, volume } = columns;
  const rows = Array.from({ length }, (_, i) =>
    [symbols[symbolCodes[i]!], openedAtMs[i], open[i], high[i], low[i], close[i], volume[i]].join(" "),
  );
  return rows.sort();
}

const day = simulateDay({ date: MONDAY });
const events = eventsOf(day);
const ticks = events.filter((event): event is Tick => event.kind === "tick");
const books = events.filter((event): event is BookTop => event.kind === "book");
const levels = events.filter((event): event is IndexLevel => event.kind === "index");

/** The phases of the schedule in which trades happened. */
function phasesAt(trades: readonly Tick[]): string[] {
  const minutes = new Set(trades.map(({ eventTimeMs }) => Math.floor(eventTimeMs / 60_000) * 60_000));
  return [...new Set([...minutes].map((minuteMs) => sessionPhaseAt("HOSE", minuteMs, factsCalendar())))];
}

const onBoard = (...boards: string[]) => ticks.filter(({ board }) => boards.includes(board));

describe("minuteEvents(day, minute)", () => {
  it.each([
    [MONDAY, 42],
    [MONDAY, 7],
    [tradingDate("2021-01-05"), -1],
  ])("aggregate to the minute candles of the demo market on %s with seed %d", (date, seed) => {
    const expected = simulateMarket({ seed, endDate: date, minuteDays: 1 }).minutes;
    const builder = new MinuteCandleBuilder();
    for (const event of eventsOf(simulateDay({ seed, date }))) {
      if (event.kind === "tick" || event.kind === "index") builder.add(event);
    }
    expect(rowsOf(builder.take())).toEqual(rowsOf(expected));
  });

  it("depend on seed, day and minute alone", () => {
    const again = simulateDay({ date: MONDAY });
    expect(minuteEvents(again, 10 * 60 + 7)).toEqual(minuteEvents(day, 10 * 60 + 7));
    expect(minuteEvents(simulateDay({ seed: 1, date: MONDAY }), 607)).not.toEqual(minuteEvents(day, 607));
    expect(minuteEvents(day, 608)).not.toEqual(minuteEvents(day, 607));
  });

  it("come in ascending order of event time, within their minute", () => {
    for (const minute of MINUTES) {
      const opensAtMs = day.startsAtMs + minute * 60_000;
      let before = opensAtMs;
      for (const event of minuteEvents(day, minute)) {
        if (event.kind === "reference" || event.eventTimeMs < before) expect.unreachable();
        before = event.eventTimeMs;
      }
      expect(before).toBeLessThan(opensAtMs + 60_000);
    }
  });

  it("pass the sequence audit on every board: no gap, no duplicate, nothing out of order", () => {
    const audit = new SequenceAudit();
    const faults = ticks.filter((tick) => {
      const { verdict, gap } = audit.judge(tick);
      return verdict !== "new" || gap !== undefined;
    });
    expect(faults).toEqual([]);
  });

  it("are about 0.3 trades a second of a share, more at both ends of the day", () => {
    const roundLots = onBoard("G1").length;
    const seconds = 225 * 60 * SIMULATED_SHARES.length;
    expect(roundLots / seconds).toBeGreaterThan(0.25);
    expect(roundLots / seconds).toBeLessThan(0.35);
    const inMinute = (minute: number) => minuteEvents(day, minute).filter((event) => event.kind === "tick").length;
    expect(inMinute(9 * 60 + 16)).toBeGreaterThan(1.5 * inMinute(11 * 60 + 10));
    expect(inMinute(14 * 60 + 28)).toBeGreaterThan(1.5 * inMinute(11 * 60 + 10));
  });

  it("name the session that trades happened in", () => {
    const ofSession = Map.groupBy(onBoard("G1"), ({ session }) => session);
    expect([...ofSession.keys()].toSorted()).toEqual(["atc", "ato", "continuous"]);
    for (const [session, minute] of [
      ["ato", "09:15:0"],
      ["atc", "14:45:0"],
    ] as const) {
      const auction = ofSession.get(session)!;
      expect(auction.map(({ symbol }) => symbol).toSorted()).toEqual(SIMULATED_SHARES.map(({ symbol }) => symbol));
      for (const { eventTimeMs, side } of auction) {
        expect(clockTime(eventTimeMs).startsWith(minute)).toBe(true);
        expect(side).toBe("U");
      }
    }
    expect(phasesAt(ofSession.get("continuous")!)).toEqual(["continuous"]);
  });

  it("hold odd lots in the sessions and put-through deals in and after them, each on boards of their own", () => {
    expect(onBoard("G4").length).toBeGreaterThan(1_000);
    expect(onBoard("G4").every(({ quantity }) => quantity >= 1 && quantity <= 99)).toBe(true);
    expect(phasesAt(onBoard("G4"))).toEqual(["continuous"]);
    expect(onBoard("T1").length).toBeGreaterThan(0);
    expect(onBoard("T3").length).toBeGreaterThan(0);
    for (const { quantity } of onBoard("T1", "T3")) expect(quantity).toBeGreaterThanOrEqual(20_000);
    expect(new Set(onBoard("T3").map(({ session }) => session))).toEqual(new Set(["put-through"]));
    expect(phasesAt(onBoard("T3"))).toEqual(["put-through"]);
    expect(onBoard("G1", "G4", "T1", "T3")).toHaveLength(ticks.length);
  });

  it("keep every price on the steps of HOSE and within the day's limits", () => {
    const references = new Map(dayReferences(day).map((reference) => [reference.symbol, reference]));
    const prices = [
      ...ticks.map(({ symbol, price }) => ({ symbol, price })),
      ...books.flatMap(({ symbol, bids, asks }) => [...bids, ...asks].map(({ price }) => ({ symbol, price }))),
    ];
    let isAnyWrong = false;
    for (const { symbol, price } of prices) {
      const { ceiling, floor } = references.get(symbol)!;
      isAnyWrong ||= roundToHoseStep(price) !== price || price > ceiling || price < floor;
    }
    expect(isAnyWrong).toBe(false);
  });

  it("have books of up to three levels, best first, whose sides do not touch", () => {
    for (const { bids, asks } of books) {
      const bidPrices = bids.map(({ price }) => price);
      const askPrices = asks.map(({ price }) => price);
      if (bids.length > 3 || asks.length > 3 || bids.length + asks.length === 0) expect.unreachable();
      if (bidPrices.some((price, index) => index > 0 && price >= bidPrices[index - 1]!)) expect.unreachable();
      if (askPrices.some((price, index) => index > 0 && price <= askPrices[index - 1]!)) expect.unreachable();
      if (bids.length > 0 && asks.length > 0 && bidPrices[0]! >= askPrices[0]!) expect.unreachable();
    }
  });

  it("say something at least every five seconds while data is due", () => {
    let before = day.startsAtMs + FIRST_EVENT_MINUTE * 60_000;
    let longestMs = 0;
    for (const event of events) {
      if (event.kind !== "tick" && event.kind !== "book" && event.kind !== "index") continue;
      const { eventTimeMs } = event;
      const isOverLunch = eventTimeMs - before > 3_600_000;
      if (!isOverLunch && clockTime(eventTimeMs) < "14:45:00") longestMs = Math.max(longestMs, eventTimeMs - before);
      before = eventTimeMs;
    }
    expect(longestMs).toBeLessThan(2_500);
  });

  it("give both indexes every five seconds, with volumes that rise to those of their shares", () => {
    const vnIndex = levels.filter(({ symbol }) => symbol === "VNINDEX");
    expect(vnIndex).toHaveLength(226 * 12);
    for (const [index, level] of vnIndex.entries()) {
      expect(clockTime(level.eventTimeMs).endsWith("4") || clockTime(level.eventTimeMs).endsWith("9")).toBe(true);
      expect(level.advances + level.declines + level.unchanged).toBe(30);
      if (index === 0) continue;
      expect(level.cumulativeVolume).toBeGreaterThanOrEqual(vnIndex[index - 1]!.cumulativeVolume);
      expect(level.cumulativeValue).toBeGreaterThanOrEqual(vnIndex[index - 1]!.cumulativeValue);
    }
    const traded = onBoard("G1").reduce((sum, { quantity }) => sum + quantity, 0);
    expect(vnIndex.at(-1)!.cumulativeVolume).toBe(traded);
    const value = onBoard("G1").reduce((sum, { quantity, price }) => sum + quantity * price, 0);
    expect(vnIndex.at(-1)!.cumulativeValue / value).toBeCloseTo(1, 1);
  });

  it("announce the sessions of HOSE", () => {
    const changes = events.filter((event): event is SessionChange => event.kind === "session");
    expect(changes.map(({ phase, eventTimeMs, market }) => [market, clockTime(eventTimeMs), phase])).toEqual([
      ["HOSE", "09:00:00", "ato"],
      ["HOSE", "09:15:00", "continuous"],
      ["HOSE", "11:30:00", "lunch"],
      ["HOSE", "13:00:00", "continuous"],
      ["HOSE", "14:30:00", "atc"],
      ["HOSE", "14:45:00", "put-through"],
      ["HOSE", "15:00:00", "closed"],
    ]);
  });

  it("are none at night and at lunch", () => {
    for (const minute of [0, 8 * 60, 12 * 60, 15 * 60 + 1]) expect(minuteEvents(day, minute)).toEqual([]);
  });
});

describe("dayReferences(day)", () => {
  it("are the closes of the day before with the limits that HOSE sets around them", () => {
    const { daily } = simulateMarket({ endDate: MONDAY, minuteDays: 0 });
    const references = dayReferences(day);
    expect(references).toHaveLength(30);
    for (const { symbol, reference, ceiling, floor, tradingDate: date } of references) {
      const last = daily.symbolCodes.lastIndexOf(daily.symbols.indexOf(symbol));
      expect(tradingDateOf(daily.openedAtMs[last - 1]!)).toBe("2026-11-20");
      expect(reference).toBe(daily.close[last - 1]);
      expect({ ceiling, floor }).toEqual(hosePriceLimits(reference));
      expect(date).toBe(MONDAY);
    }
  });
});

describe("simulateDay({ seed, date })", () => {
  it.each([
    ["2026-11-22", "DATE_INVALID", "invalid date: 2026-11-22 (accepted: a trading day of HOSE)"],
    ["2021-01-04", "RANGE_INVALID", "invalid date: 2021-01-04 (accepted: a day after the first of the simulation)"],
    ["2020-12-31", "RANGE_INVALID", expect.stringContaining("2020-12-31")],
  ])("refuses %s", (date, code, message) => {
    expect(() => simulateDay({ date: tradingDate(date) })).toThrow(expect.objectContaining({ code, message }));
  });
});
