import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  calendarFrom,
  factsCalendar,
  isDataDue,
  nextSessionChange,
  sessionPhaseAt,
  sessionSegments,
} from "../../../src/engine/live-market/session-schedule.js";
import { type TradingDate, tradingDate } from "../../../src/engine/units/trading-date.js";

const CALENDAR = factsCalendar();
const at = (text: string) => Date.parse(`${text}+07:00`);
const dates = (...texts: string[]): ReadonlySet<TradingDate> => new Set(texts.map(tradingDate));

/** Hours as the brokers publish them for the trading system of May 2025. */
const HOURS = [
  ["HOSE", "07:59:59", "closed"],
  ["HOSE", "08:00:00", "pre-open"],
  ["HOSE", "08:59:59", "pre-open"],
  ["HOSE", "09:00:00", "ato"],
  ["HOSE", "09:14:59", "ato"],
  ["HOSE", "09:15:00", "continuous"],
  ["HOSE", "11:29:59", "continuous"],
  ["HOSE", "11:30:00", "lunch"],
  ["HOSE", "13:00:00", "continuous"],
  ["HOSE", "14:30:00", "atc"],
  ["HOSE", "14:44:59", "atc"],
  ["HOSE", "14:45:00", "put-through"],
  ["HOSE", "14:59:59", "put-through"],
  ["HOSE", "15:00:00", "closed"],
  ["HNX", "09:00:00", "continuous"],
  ["HNX", "14:30:00", "atc"],
  ["HNX", "14:45:00", "plo"],
  ["HNX", "15:00:00", "closed"],
  ["UPCOM", "09:00:00", "continuous"],
  ["UPCOM", "12:00:00", "lunch"],
  ["UPCOM", "14:45:00", "continuous"],
  ["UPCOM", "15:00:00", "closed"],
  ["HNX_DER", "08:44:59", "pre-open"],
  ["HNX_DER", "08:45:00", "ato"],
  ["HNX_DER", "09:00:00", "continuous"],
  ["HNX_DER", "14:30:00", "atc"],
  ["HNX_DER", "14:45:00", "closed"],
] as const;

describe("sessionPhaseAt(exchange, instantMs, calendar)", () => {
  it.each(HOURS)("%s at %s: %s", (exchange, time, phase) => {
    expect(sessionPhaseAt(exchange, at(`2026-11-23T${time}`), CALENDAR)).toBe(phase);
  });

  it.each([
    ["2026-11-21T10:00:00", "a Saturday"],
    ["2026-11-22T10:00:00", "a Sunday"],
    ["2026-02-17T10:00:00", "Tết"],
    ["2026-08-31T10:00:00", "a day before a holiday that was made one"],
    ["2031-04-30T10:00:00", "a fixed holiday of a year that is not announced"],
  ])("is closed at %s: %s", (time) => {
    for (const exchange of ["HOSE", "HNX", "UPCOM", "HNX_DER"]) {
      expect(sessionPhaseAt(exchange, at(time), CALENDAR)).toBe("closed");
    }
  });

  it("is continuous around the clock on a venue without a schedule", () => {
    expect(sessionPhaseAt("BINANCE", at("2026-11-22T03:00:00"), CALENDAR)).toBe("continuous");
  });

  it("knows instants before 1970 as well", () => {
    expect(sessionPhaseAt("HOSE", at("1969-12-30T10:00:00"), CALENDAR)).toBe("continuous");
  });
});

describe("sessionSegments(exchange)", () => {
  it.each(["HOSE", "HNX", "UPCOM", "HNX_DER", "BINANCE"])("of %s follow one another without a gap", (exchange) => {
    const segments = sessionSegments(exchange);
    for (const [index, { fromMinute, toMinute }] of segments.entries()) {
      expect(toMinute).toBeGreaterThan(fromMinute);
      if (index > 0) expect(fromMinute).toBe(segments[index - 1]!.toMinute);
    }
  });
});

describe("nextSessionChange(exchange, instantMs, calendar)", () => {
  it.each([
    ["HOSE", "2026-11-23T10:00:00", "2026-11-23T11:30:00", "lunch"],
    ["HOSE", "2026-11-23T11:30:00", "2026-11-23T13:00:00", "continuous"],
    ["HOSE", "2026-11-23T15:00:00", "2026-11-24T08:00:00", "pre-open"],
    ["HOSE", "2026-11-20T16:00:00", "2026-11-23T08:00:00", "pre-open"],
    ["HOSE", "2026-02-13T15:00:00", "2026-02-23T08:00:00", "pre-open"],
    ["HNX_DER", "2026-11-23T14:30:00", "2026-11-23T14:45:00", "closed"],
  ] as const)("of %s at %s is at %s: %s", (exchange, now, next, phase) => {
    expect(nextSessionChange(exchange, at(now), CALENDAR)).toEqual({ atMs: at(next), phase });
  });

  it("is out of sight on a venue that never changes, and with a calendar without trading days", () => {
    expect(nextSessionChange("BINANCE", at("2026-11-23T10:00:00"), CALENDAR)).toEqual({
      atMs: Infinity,
      phase: "continuous",
    });
    const never = { isTradingDay: () => false };
    expect(nextSessionChange("HOSE", at("2026-11-23T10:00:00"), never)).toEqual({ atMs: Infinity, phase: "closed" });
  });

  it("is where the phase changes, and nowhere before", () => {
    const instants = fc.integer({ min: at("2026-01-01T00:00:00"), max: at("2026-12-31T00:00:00") });
    fc.assert(
      fc.property(
        fc.constantFrom("HOSE", "HNX", "UPCOM", "HNX_DER"),
        instants,
        fc.double({ min: 0, max: 1 }),
        (...of) => {
          const [exchange, instantMs, part] = of;
          const present = sessionPhaseAt(exchange, instantMs, CALENDAR);
          const { atMs, phase } = nextSessionChange(exchange, instantMs, CALENDAR);
          expect(atMs).toBeGreaterThan(instantMs);
          expect(phase).not.toBe(present);
          expect(sessionPhaseAt(exchange, atMs, CALENDAR)).toBe(phase);
          const between = Math.min(atMs - 1, Math.floor(instantMs + part * (atMs - instantMs)));
          if (between >= instantMs) expect(sessionPhaseAt(exchange, between, CALENDAR)).toBe(present);
        },
      ),
    );
  });
});

describe("calendarFrom(sources)", () => {
  const from = tradingDate("2026-11-16");
  const to = tradingDate("2026-11-29");
  const saturday = tradingDate("2026-11-21");
  const monday = tradingDate("2026-11-23");
  const christmas = tradingDate("2026-12-25");

  it("goes by the broker first, then by the dates of index candles, then by the facts", () => {
    const broker = { dates: dates("2026-11-21"), from: saturday, to: saturday };
    const indexBars = { dates: dates("2026-11-20"), from, to };
    const calendar = calendarFrom({ broker, indexBars });
    expect(calendar.isTradingDay("HOSE", saturday)).toBe(true);
    expect(calendar.isTradingDay("HOSE", tradingDate("2026-11-20"))).toBe(true);
    expect(calendar.isTradingDay("HOSE", monday)).toBe(false);
    expect(calendar.isTradingDay("HOSE", christmas)).toBe(true);
    expect(calendar.isTradingDay("HNX_DER", saturday)).toBe(true);
  });

  it("is the facts without any list", () => {
    const calendar = calendarFrom({});
    expect(calendar.isTradingDay("HOSE", saturday)).toBe(false);
    expect(calendar.isTradingDay("HOSE", monday)).toBe(true);
  });

  it("lets Vietnamese lists say nothing of other exchanges", () => {
    const calendar = calendarFrom({ broker: { dates: dates("2026-10-01"), from: tradingDate("2026-10-01"), to } });
    expect(calendar.isTradingDay("DCE", tradingDate("2026-10-01"))).toBe(false);
    expect(calendar.isTradingDay("BINANCE", saturday)).toBe(true);
  });
});

describe("isDataDue(phase)", () => {
  it("is true in auctions and continuous trading alone", () => {
    expect((["ato", "continuous", "atc"] as const).map(isDataDue)).toEqual([true, true, true]);
    expect((["pre-open", "lunch", "plo", "put-through", "halt", "closed"] as const).some(isDataDue)).toBe(false);
  });
});
