import { describe, expect, it } from "vitest";
import { guessDateFormat } from "../../../src/import/mapping/guess-date-format.js";
import { guessDecimal } from "../../../src/import/mapping/guess-decimal.js";
import { guessInterval } from "../../../src/import/mapping/guess-interval.js";

describe("guessDateFormat(samples)", () => {
  it("knows each format by its form", () => {
    const cases = [
      ["2024-03-05", "iso-date"],
      ["2024/3/5", "iso-date"],
      ["2024-03-05 09:15:00", "iso-datetime"],
      ["2024-03-05T09:15:00.000Z", "iso-datetime"],
      ["20240305", "ymd-compact"],
      ["1709596800", "epoch-s"],
      ["1709596800000", "epoch-ms"],
      ["1709596800000000", "epoch-us"],
      ["1709596800000000000", "epoch-ns"],
      ["25/03/2024", "dmy"],
      ["25.3.2024 09:15", "dmy"],
      ["03-25-2024", "mdy"],
    ] as const;
    for (const [sample, format] of cases) expect(guessDateFormat([sample, ""]).value, sample).toBe(format);
  });

  it("tells day from month by one date that only one order allows, and names it", () => {
    expect(guessDateFormat(["01/02/2024", "13/02/2024"])).toEqual({
      value: "dmy",
      because: "13/02/2024 can only begin with the day",
    });
  });

  it("refuses to choose when every date allows both orders, and names the flag", () => {
    expect(() => guessDateFormat(["01/02/2024", "12/02/2024"])).toThrow(
      expect.objectContaining({
        code: "MAPPING_INVALID",
        message:
          'invalid dateFormat: day and month of "01/02/2024" cannot be told apart (accepted: --date-format dmy|mdy)',
      }),
    );
    expect(() => guessDateFormat(["13/02/2024", "02/13/2024"])).toThrow(
      /begins with the day and 02\/13\/2024 with the month/,
    );
  });

  it("lets a few odd values not decide, but not most", () => {
    expect(guessDateFormat(["2024-03-05", "2024-03-06", "n/a"]).value).toBe("iso-date");
    expect(() => guessDateFormat(["March 5", "March 6", "2024-03-07"])).toThrow(/"March 5" is no known form of a date/);
    expect(() => guessDateFormat([])).toThrow(/no known form/);
  });
});

describe("guessDecimal(samples)", () => {
  it("finds the decimal comma only where no point is one", () => {
    expect(guessDecimal(["26,80", "1000"]).value).toBe(",");
    expect(guessDecimal(["26.80", "1000"]).value).toBe(".");
    expect(guessDecimal(["26.80", "1,000"]).value).toBe(".");
    expect(guessDecimal(["1000"]).value).toBe(".");
    expect(guessDecimal([]).value).toBe(".");
  });

  it("refuses to choose for 26,800, which may be either", () => {
    expect(() => guessDecimal(["26,800", "27,100"])).toThrow(
      expect.objectContaining({ code: "MAPPING_INVALID", message: expect.stringContaining("--decimal") }),
    );
  });
});

describe("guessInterval(timesMs)", () => {
  const minutes = (...values: number[]): number[] => values.map((value) => value * 60_000);

  it("takes the most frequent gap, so that nights and lunch breaks do not count", () => {
    expect(guessInterval(minutes(540, 545, 550, 555, 780, 785, 1980))).toEqual({
      value: "5m",
      because: "4 of 6 sampled gaps between times are 5 min",
    });
  });

  it("looks at distinct times, in any order", () => {
    expect(guessInterval(minutes(60, 0, 60, 0, 120, Number.NaN)).value).toBe("1h");
  });

  it("is daily for dates alone, however few, and for one time a day", () => {
    const day = 24 * 60;
    expect(guessInterval(minutes(day)).value).toBe("1d");
    expect(guessInterval(minutes(900, 900 + day, 900 + 2 * day, 900 + 5 * day)).value).toBe("1d");
  });

  it("refuses too few times and gaps that are no interval, naming the flag", () => {
    for (const times of [minutes(1, 6), minutes(0, 2, 4, 6), [1, 5, 9]]) {
      expect(() => guessInterval(times)).toThrow(
        expect.objectContaining({ code: "MAPPING_INVALID", message: expect.stringContaining("--interval 1m|5m") }),
      );
    }
  });
});
