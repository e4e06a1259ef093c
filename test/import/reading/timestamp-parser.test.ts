import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tradingDate, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";
import type { DateFormat } from "../../../src/import/mapping/import-mapping.js";
import { TimestampParser } from "../../../src/import/reading/timestamp-parser.js";

const HO_CHI_MINH = "Asia/Ho_Chi_Minh";
const NEW_YORK = "America/New_York";

function parse(
  text: string,
  dateFormat: DateFormat,
  { daily = true, timeZone = HO_CHI_MINH } = {},
): string | undefined {
  const bytes = Buffer.from(`9${text}9`);
  const time = new TimestampParser({ dateFormat, timeZone, daily }).parse(bytes, 1, bytes.length - 1);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

describe("TimestampParser.parse(bytes, start, end)", () => {
  it("gives a daily candle 00:00 in Ho Chi Minh City of the date named, whatever the format", () => {
    const cases: [string, DateFormat][] = [
      ["2024-03-05", "iso-date"],
      ["2024/3/5", "iso-date"],
      ["2024-03-05 15:00:00", "iso-datetime"],
      ["2024-03-05T15:00:00+07:00", "iso-datetime"],
      ["2024-03-05T00:00:00-05:00", "iso-datetime"],
      ["2024-03-05T00:00:00Z", "iso-datetime"],
      ["2024-03-04T17:00:00.000Z", "iso-datetime"],
      ["05/03/2024", "dmy"],
      ["5.3.2024", "dmy"],
      ["03-05-2024", "mdy"],
      ["20240305", "ymd-compact"],
      ["1709596800", "epoch-s"],
      ["1709571600000", "epoch-ms"],
    ];
    for (const [text, format] of cases) expect(parse(text, format), text).toBe("2024-03-04T17:00:00.000Z");
  });

  it("reads intraday times without offset on the clocks of the time zone", () => {
    const vietnam = { daily: false };
    expect(parse("2018-08-13 09:05:00", "iso-datetime", vietnam)).toBe("2018-08-13T02:05:00.000Z");
    expect(parse("13/08/2018 9:05", "dmy", vietnam)).toBe("2018-08-13T02:05:00.000Z");
    expect(parse("20180813 09:05:30.250", "ymd-compact", vietnam)).toBe("2018-08-13T02:05:30.250Z");
    const newYork = { daily: false, timeZone: NEW_YORK };
    expect(parse("2024-01-02 09:30", "iso-datetime", newYork)).toBe("2024-01-02T14:30:00.000Z");
    expect(parse("2024-07-02 09:30", "iso-datetime", newYork)).toBe("2024-07-02T13:30:00.000Z");
  });

  it("takes the first of two readings when clocks are set back, and moves on when they are set forward", () => {
    const newYork = { daily: false, timeZone: NEW_YORK };
    expect(parse("2024-11-03 01:30", "iso-datetime", newYork)).toBe("2024-11-03T05:30:00.000Z");
    expect(parse("2024-11-03 02:30", "iso-datetime", newYork)).toBe("2024-11-03T07:30:00.000Z");
    expect(parse("2024-03-10 02:30", "iso-datetime", newYork)).toBe("2024-03-10T07:30:00.000Z");
  });

  it("follows a written offset rather than the time zone", () => {
    for (const text of [
      "2012-06-21T09:30:00.004241176-04:00",
      "2012-06-21T09:30:00.004-0400",
      "2012-06-21 13:30:00.004Z",
    ]) {
      expect(parse(text, "iso-datetime", { daily: false }), text).toBe("2012-06-21T13:30:00.004Z");
    }
  });

  it("reads counts since 1970 in four units", () => {
    const instant = "2020-02-22T00:00:02.111Z";
    expect(parse("1582329602111", "epoch-ms", { daily: false })).toBe(instant);
    expect(parse("1582329602.111", "epoch-s", { daily: false })).toBe(instant);
    expect(parse("1582329602111000", "epoch-us", { daily: false })).toBe(instant);
    expect(parse("1582329602111000000", "epoch-ns", { daily: false })).toBe(instant);
  });

  it("refuses days and times that do not exist, other forms and years out of range", () => {
    const cases: [string, DateFormat][] = [
      ["2023-02-29", "iso-date"],
      ["1900-02-29", "iso-date"],
      ["2024-13-01", "iso-date"],
      ["2024-00-10", "iso-date"],
      ["2024-01-01x", "iso-date"],
      ["2024-01/01", "iso-date"],
      ["24-01-01", "iso-date"],
      ["", "iso-date"],
      ["2024-01-01 24:00", "iso-datetime"],
      ["2024-01-01 10:61", "iso-datetime"],
      ["2024-01-01 10:00 EST", "iso-datetime"],
      ["31/04/2024", "dmy"],
      ["31/01/2024", "mdy"],
      ["202401011", "ymd-compact"],
      ["1709596800000", "epoch-s"],
      ["soon", "epoch-ms"],
    ];
    for (const [text, format] of cases) {
      expect(parse(text, format), `${format} ${text}`).toBeUndefined();
      expect(parse(text, format, { daily: false }), `${format} ${text}, intraday`).toBeUndefined();
    }
  });

  it("agrees with the engine's trading dates on every day", () => {
    const day = fc.date({ min: new Date("1900-01-01"), max: new Date("2199-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const text = date.toISOString().slice(0, 10);
        const expected = new Date(tradingDateToEpochMs(tradingDate(text))).toISOString();
        expect(parse(text, "iso-date")).toBe(expected);
      }),
    );
  });

  it("reads back what Intl writes on the clocks of a zone with daylight saving", () => {
    const instant = fc.integer({ min: Date.UTC(1990, 0, 1) / 60_000, max: Date.UTC(2035, 0, 1) / 60_000 });
    const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: NEW_YORK, dateStyle: "short", timeStyle: "short" });
    fc.assert(
      fc.property(instant, (minutes) => {
        const text = clock.format(minutes * 60_000);
        const read = parse(text, "iso-datetime", { daily: false, timeZone: NEW_YORK });
        expect(clock.format(new Date(read ?? 0))).toBe(text);
      }),
    );
  });
});
