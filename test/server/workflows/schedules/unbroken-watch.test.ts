import { describe, expect, it } from "vitest";
import { MS_PER_HOUR, MS_PER_SECOND } from "../../../../src/engine/units/epoch-ms.js";
import { unbrokenWatch } from "../../../../src/server/workflows/schedules/unbroken-watch.js";

const START_MS = Date.parse("2026-04-10T07:00:00Z");

describe("unbrokenWatch(clock)", () => {
  const begin = () => {
    let clockMs = START_MS;
    let awakeMs = 5_000;
    const watch = unbrokenWatch({ nowMs: () => clockMs, uptimeMs: () => awakeMs });
    return (step: { readonly clock: number; readonly awake: number }) => {
      clockMs += step.clock;
      awakeMs += step.awake;
      return watch();
    };
  };

  it("goes on however long the process is at work between two looks", () => {
    const look = begin();
    expect(look({ clock: MS_PER_HOUR, awake: MS_PER_HOUR })).toEqual({
      nowMs: START_MS + MS_PER_HOUR,
      watchedSinceMs: START_MS,
    });
  });

  it.each([
    ["the machine slept", MS_PER_HOUR],
    ["the clock was set back", -MS_PER_HOUR],
  ])("begins anew after %s", (_what, clock) => {
    const look = begin();
    const wokenMs = START_MS + clock;
    expect(look({ clock, awake: 0 }).watchedSinceMs).toBe(wokenMs);
    expect(look({ clock: MS_PER_SECOND, awake: MS_PER_SECOND }).watchedSinceMs).toBe(wokenMs);
  });
});
