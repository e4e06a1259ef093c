import { describe, expect, it } from "vitest";
import { DemoClock } from "../../../src/feeds/simulated/demo-clock.js";

/** From market time 1,000: ten seconds at twice the pace, then an hour at 60 times, then two seconds. */
const PACES = [
  { untilMs: 11_000, rate: 2 },
  { untilMs: 3_611_000, rate: 60 },
  { untilMs: 3_613_000, rate: 1 },
];

function clockWithMachine() {
  let machineMs = 5_000_000;
  const clock = new DemoClock(1_000, PACES, () => machineMs);
  const pass = (ms: number) => {
    machineMs += ms;
  };
  /** Attended every ten milliseconds. */
  const attendFor = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      pass(10);
      clock.attend();
    }
  };
  return { clock, pass, attendFor };
}

describe("DemoClock", () => {
  it("runs at the pace of each stretch and stops at the end of the last", () => {
    const { clock, attendFor } = clockWithMachine();
    attendFor(2_500);
    expect(clock.nowMs()).toBeCloseTo(6_000);
    attendFor(2_500 + 30_000);
    expect(clock.nowMs()).toBeCloseTo(11_000 + 1_800_000);
    attendFor(30_000 + 1_000);
    expect(clock.nowMs()).toBeCloseTo(3_612_000);
    attendFor(60_000);
    expect(clock.nowMs()).toBe(3_613_000);
  });

  it("passes from one pace to the next between two looks", () => {
    const { clock, attendFor, pass } = clockWithMachine();
    attendFor(4_990);
    pass(10 + 20);
    expect(clock.nowMs()).toBeCloseTo(11_000 + 20 * 60, 6);
  });

  it("waits two seconds of market time after it was attended last, and never runs backwards", () => {
    const { clock, pass } = clockWithMachine();
    pass(100_000);
    expect(clock.nowMs()).toBe(3_000);
    expect(clock.attend()).toBe(3_000);
    pass(-50_000);
    expect(clock.nowMs()).toBe(3_000);
  });

  it("asks to be attended in time at any pace", () => {
    const { clock, attendFor } = clockWithMachine();
    expect(clock.waitMs(1_400)).toBe(200);
    expect(clock.waitMs(1e12)).toBe(500);
    expect(clock.waitMs(1_000)).toBe(0);
    attendFor(5_010);
    expect(clock.waitMs(1e12)).toBeCloseTo(1_000 / 60);
  });

  it("begins again on restart", () => {
    const { clock, attendFor } = clockWithMachine();
    attendFor(100);
    clock.restart();
    expect(clock.nowMs()).toBe(1_000);
  });
});
