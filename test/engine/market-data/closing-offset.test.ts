import { describe, expect, it } from "vitest";
import { closingOffsets } from "../../../src/engine/market-data/closing-offset.js";
import { MS_PER_HOUR } from "../../../src/engine/units/epoch-ms.js";

describe("closingOffsets({ closeTime, closeTimeZone })", () => {
  it.each([
    ["14:45", "Asia/Ho_Chi_Minh", 14.75, 14.75],
    ["15:00", "Asia/Shanghai", 14, 14], // one hour ahead of Ho Chi Minh City
    ["17:00", "America/New_York", 28, 29], // 04:00 in summer, 05:00 in winter, of the next day in Ho Chi Minh City
    ["00:00", "UTC", 7, 7],
  ])("of %s %s is %d to %d hours after midnight in Ho Chi Minh City", (closeTime, closeTimeZone, earliest, latest) => {
    expect(closingOffsets({ closeTime, closeTimeZone })).toEqual({
      earliestMs: earliest * MS_PER_HOUR,
      latestMs: latest * MS_PER_HOUR,
    });
  });

  it.each([
    ["25:00", "UTC"],
    ["9:00", "UTC"],
    ["15:00", "Mars/Olympus"],
  ])("refuses %s %s", (closeTime, closeTimeZone) => {
    expect(() => closingOffsets({ closeTime, closeTimeZone })).toThrow(
      expect.objectContaining({ code: "ARGUMENT_INVALID" }),
    );
  });
});
