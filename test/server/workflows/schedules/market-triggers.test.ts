import { describe, expect, it } from "vitest";
import type { MarketEvent, Tick } from "../../../../src/engine/live-market/market-event.js";
import type { InstrumentSymbol } from "../../../../src/engine/market-data/instrument-symbol.js";
import type { NodeId, WorkflowId } from "../../../../src/engine/workflow/workflow-ids.js";
import type { ActiveTrigger, TriggerCondition } from "../../../../src/server/workflows/schedules/active-triggers.js";
import { MarketTriggers } from "../../../../src/server/workflows/schedules/market-triggers.js";
import type { MarketMessage } from "../../../../src/shared-state/market-bus.js";

const WORKFLOW = "11111111-1111-4111-8111-111111111111" as WorkflowId;

function watching(condition: TriggerCondition): MarketTriggers {
  const triggers = new MarketTriggers();
  triggers.watch([trigger(condition)]);
  return triggers;
}

function trigger(condition: TriggerCondition, revision = 1): ActiveTrigger {
  return { workflowId: WORKFLOW, nodeId: "n1" as NodeId, revision, missedRuns: "latest", condition };
}

/** A time of 10 April 2026 in exchange time. */
const at = (time: string) => Date.parse(`2026-04-10T${time}+07:00`);

let volume = 0;
function tick(time: string, price: number, more: Partial<Tick> = {}): Tick {
  volume += 100;
  const eventTimeMs = at(time);
  return {
    kind: "tick",
    symbol: "HPG" as InstrumentSymbol,
    board: "G1",
    eventTimeMs,
    receivedAtMs: eventTimeMs,
    price,
    quantity: 100,
    cumulativeVolume: volume,
    side: "B",
    session: "continuous",
    source: "dnse",
    isBackfill: false,
    ...more,
  };
}

function message(time: string, events: readonly MarketEvent[], epoch = "one"): MarketMessage {
  return { epoch, marketTimeMs: at(time), events } as MarketMessage;
}

const instances = (triggers: MarketTriggers, ...messages: MarketMessage[]) =>
  messages.flatMap((one) => triggers.take(one)).map(({ facts }) => facts.instance);

describe("a price cross", () => {
  const cross = (direction: "either" | "up" | "down"): TriggerCondition => ({
    kind: "price-cross",
    symbol: "HPG",
    level: 27_000,
    direction,
  });
  const path: readonly (readonly [string, number])[] = [
    ["10:00:00", 26_900],
    ["10:00:01", 27_000],
    ["10:00:02", 27_100],
    ["10:00:03", 27_000],
    ["10:00:04", 26_950],
    ["10:00:05", 27_050],
  ];
  const crossing = (time: string) => `price-cross:n1:HPG:27000:${at(time)}`;

  it.each([
    ["up", ["10:00:01", "10:00:05"]],
    ["down", ["10:00:03"]],
    ["either", ["10:00:01", "10:00:03", "10:00:05"]],
  ] as const)("%s fires at %j", (direction, expected) => {
    const events = path.map(([time, price]) => tick(time, price));
    expect(instances(watching(cross(direction)), message("10:00:06", events))).toEqual(expected.map(crossing));
  });

  it("tells the price, and when it was", () => {
    const triggers = watching(cross("up"));
    const [firing] = triggers.take(message("10:00:06", [tick("10:00:00", 26_900), tick("10:00:01", 27_050)]));
    expect(firing).toEqual({
      workflowId: WORKFLOW,
      nodeId: "n1",
      facts: {
        kind: "price-cross",
        instance: crossing("10:00:01"),
        firedAtMs: at("10:00:01"),
        payload: { symbol: "HPG", level: 27_000, price: 27_050 },
      },
    });
  });

  it("does not fire on the first price it sees", () => {
    expect(instances(watching(cross("either")), message("10:00:06", [tick("10:00:00", 27_500)]))).toEqual([]);
  });

  it("looks at nothing that came before, nor at trades that make no last price", () => {
    const low = tick("10:00:00", 26_900);
    const high = tick("10:00:02", 27_100);
    const triggers = watching(cross("either"));
    expect(
      instances(
        triggers,
        message("10:00:03", [low, high]),
        message("10:00:04", [low, high]),
        message("10:00:05", [
          tick("10:00:01", 26_900),
          tick("10:00:03", 26_900, { isBackfill: true }),
          tick("10:00:03", 26_900, { board: "G4" }),
          tick("10:00:03", 26_900, { board: "T1" }),
          tick("10:00:03", 26_900, { symbol: "FPT" as InstrumentSymbol }),
        ]),
      ),
    ).toEqual([crossing("10:00:02")]);
  });

  it("fires under the same instance when a new epoch tells the same day again, and not for the jump back", () => {
    const day = [tick("10:00:00", 26_900), tick("10:00:02", 27_100)];
    const triggers = watching(cross("either"));
    expect(instances(triggers, message("10:00:03", day, "one"), message("10:00:03", day, "two"))).toEqual([
      crossing("10:00:02"),
      crossing("10:00:02"),
    ]);
  });

  it("goes on from the last price when an ingester starts again", () => {
    const triggers = watching(cross("up"));
    expect(
      instances(
        triggers,
        message("10:00:00", [tick("10:00:00", 26_900)], "one"),
        message("10:00:10", [tick("10:00:09", 27_000)], "two"),
      ),
    ).toEqual([crossing("10:00:09")]);
  });

  it("forgets what it saw with a new revision, and nothing otherwise", () => {
    const triggers = watching(cross("up"));
    triggers.take(message("10:00:00", [tick("10:00:00", 26_900)]));
    triggers.watch([trigger(cross("up"))]);
    expect(instances(triggers, message("10:00:01", [tick("10:00:01", 27_000)]))).toHaveLength(1);
    triggers.take(message("10:00:02", [tick("10:00:02", 26_900)]));
    triggers.watch([trigger(cross("up"), 2)]);
    expect(instances(triggers, message("10:00:03", [tick("10:00:03", 27_000)]))).toEqual([]);
    triggers.watch([]);
    triggers.take(message("10:00:04", [tick("10:00:04", 26_900)]));
    expect(instances(triggers, message("10:00:05", [tick("10:00:05", 27_000)]))).toEqual([]);
  });

  it("watches levels of an index, too", () => {
    const level = (time: string, value: number) =>
      ({ kind: "index", symbol: "VNINDEX", eventTimeMs: at(time), value, cumulativeVolume: 0 }) as MarketEvent;
    const triggers = watching({ kind: "price-cross", symbol: "VNINDEX", level: 1_300, direction: "down" });
    expect(instances(triggers, message("10:00:02", [level("10:00:00", 1_301), level("10:00:01", 1_299.5)]))).toEqual([
      `price-cross:n1:VNINDEX:1300:${at("10:00:01")}`,
    ]);
  });
});

describe("a candle's close", () => {
  const closeOf = (interval: "1m" | "15m" | "1d"): TriggerCondition => ({
    kind: "candle-close",
    symbol: "HPG",
    interval,
  });
  const closed = (interval: string, time: string) => `candle-close:HPG:${interval}:${at(time)}`;

  it("fires when the market's clock is past the end and late trades are in, with the last price", () => {
    const triggers = watching(closeOf("15m"));
    expect(triggers.take(message("10:14:59", [tick("10:01:00", 26_900), tick("10:14:58", 27_100)]))).toEqual([]);
    expect(triggers.take(message("10:15:01", [tick("10:14:59", 27_050)]))).toEqual([]);
    expect(triggers.take(message("10:15:02", []))).toEqual([
      {
        workflowId: WORKFLOW,
        nodeId: "n1",
        facts: {
          kind: "candle-close",
          instance: closed("15m", "10:00:00"),
          firedAtMs: at("10:15:00"),
          payload: { symbol: "HPG", interval: "15m", openedAtMs: at("10:00:00"), close: 27_050 },
        },
      },
    ]);
    expect(triggers.take(message("10:15:03", [tick("10:14:59.5", 27_000)]))).toEqual([]);
  });

  it("fires once when a trade of the next candle comes first, and not for candles without trades", () => {
    const triggers = watching(closeOf("1m"));
    expect(
      instances(
        triggers,
        message("10:00:30", [tick("10:00:10", 26_900)]),
        message("10:01:01", [tick("10:01:00.5", 27_000)]),
        message("10:01:10", []),
        message("10:05:00", []),
        message("10:05:30", [tick("10:05:20", 27_000)]),
        message("10:06:02", []),
      ),
    ).toEqual([closed("1m", "10:00:00"), closed("1m", "10:01:00"), closed("1m", "10:05:00")]);
  });

  it("fires once for a candle, though its trades are told again", () => {
    const trades = [tick("10:00:10", 26_900), tick("10:00:50", 27_000)];
    const triggers = watching(closeOf("1m"));
    expect(
      instances(triggers, message("10:01:30", trades), message("10:01:31", trades), message("10:01:40", [])),
    ).toEqual([closed("1m", "10:00:00")]);
  });

  it("closes a day with the closing auction of its exchange", () => {
    const triggers = watching(closeOf("1d"));
    const trades = [tick("09:20:00", 26_900), tick("14:44:59", 27_000)];
    expect(triggers.take(message("14:44:59", trades))).toEqual([]);
    expect(instances(triggers, message("15:00:02", []))).toEqual([closed("1d", "00:00:00")]);
  });
});
