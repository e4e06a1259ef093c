import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { WorkbenchError } from "../../../../src/engine/errors.js";
import { MS_PER_MINUTE } from "../../../../src/engine/units/epoch-ms.js";
import { NODE_CATALOGUE } from "../../../../src/engine/workflow/node-catalogue.js";
import { MISSED_RUN_POLICIES, type WorkflowSettings } from "../../../../src/engine/workflow/workflow-definition.js";
import type { NodeId, WorkflowId } from "../../../../src/engine/workflow/workflow-ids.js";
import {
  type ActiveTrigger,
  type TriggerCondition,
  triggersOf,
} from "../../../../src/server/workflows/schedules/active-triggers.js";
import { backfill, MOST_BACKFILL_RUNS } from "../../../../src/server/workflows/schedules/backfill.js";
import { cronTimes } from "../../../../src/server/workflows/schedules/cron-times.js";
import { fireSchedules } from "../../../../src/server/workflows/schedules/cron-watch.js";
import { dueRuns, MOST_MISSED_RUNS } from "../../../../src/server/workflows/schedules/due-runs.js";
import { fireIncidents } from "../../../../src/server/workflows/schedules/incident-watch.js";
import { MemoryTriggerPositions } from "../../../../src/server/workflows/schedules/trigger-positions.js";
import type { Incident } from "../../../../src/store/queries/feed-incidents.js";
import { recordingDispatcher } from "./recording-dispatcher.js";

const logger = pino({ level: "silent" });
const WORKFLOW = "11111111-1111-4111-8111-111111111111" as WorkflowId;
const NODE = "n1" as NodeId;

function trigger(condition: TriggerCondition, settings: Partial<WorkflowSettings> = {}): ActiveTrigger {
  return { workflowId: WORKFLOW, nodeId: NODE, revision: 1, missedRuns: settings.missedRuns ?? "latest", condition };
}

const at = (text: string) => Date.parse(text);
const iso = (times: readonly number[]) => times.map((time) => new Date(time).toISOString());

describe("cronTimes(schedule, range)", () => {
  it.each([
    [
      "45 14 * * 1-5",
      "2026-04-09T00:00Z",
      "2026-04-13T07:45Z",
      ["2026-04-09T07:45", "2026-04-10T07:45", "2026-04-13T07:45"],
    ],
    ["0 9 1 * *", "2026-01-31T00:00Z", "2026-03-01T23:59Z", ["2026-02-01T02:00", "2026-03-01T02:00"]],
    ["30 23 * * *", "2026-04-09T16:29Z", "2026-04-09T16:30Z", ["2026-04-09T16:30"]],
    ["0 0 31 2 *", "2020-01-01T00:00Z", "2026-01-01T00:00Z", []],
  ])("reads %s in exchange time", (schedule, after, until, expected) => {
    const times = cronTimes(schedule, { afterMs: at(after), untilMs: at(until), limit: 10 });
    expect(iso(times)).toEqual(expected.map((text) => `${text}:00.000Z`));
  });

  it("leaves out its start and has its end", () => {
    const noon = at("2026-04-10T05:00:00Z");
    const times = (afterMs: number, untilMs: number) => cronTimes("0 12 * * *", { afterMs, untilMs, limit: 10 });
    expect(times(noon - 1, noon)).toEqual([noon]);
    expect(times(noon, noon + 1)).toEqual([]);
    expect(times(noon - 2, noon - 1)).toEqual([]);
  });

  it.each(["", "* * * *", "0 0 12 * * *", "61 * * * *", "every day"])("refuses %j", (schedule) => {
    expect(() => cronTimes(schedule, { afterMs: 0, untilMs: 1, limit: 1 })).toThrow(WorkbenchError);
  });
});

describe("dueRuns(schedule, position)", () => {
  const hourly = (fromText: string, nowText: string, missedRuns: WorkflowSettings["missedRuns"]) =>
    dueRuns("0 * * * *", { positionMs: at(fromText), nowMs: at(nowText), missedRuns });

  it("gives what has just come, under every policy", () => {
    for (const policy of MISSED_RUN_POLICIES) {
      expect(iso(hourly("2026-04-10T01:00Z", "2026-04-10T02:00:00.400Z", policy).times)).toEqual([
        "2026-04-10T02:00:00.000Z",
      ]);
    }
  });

  it.each([
    ["skip", []],
    ["latest", ["2026-04-10T04:00:00.000Z"]],
    ["all", ["2026-04-10T02:00:00.000Z", "2026-04-10T03:00:00.000Z", "2026-04-10T04:00:00.000Z"]],
  ] as const)("after three missed hours, %s owes %j", (policy, expected) => {
    const due = hourly("2026-04-10T01:00Z", "2026-04-10T04:30Z", policy);
    expect(iso(due.times)).toEqual(expected);
    expect(iso([due.positionMs])).toEqual(["2026-04-10T04:00:00.000Z"]);
  });

  it.each([
    ["skip", ["2026-04-10T03:00:00.000Z", "2026-04-10T04:00:00.000Z"]],
    ["latest", ["2026-04-10T02:00:00.000Z", "2026-04-10T03:00:00.000Z", "2026-04-10T04:00:00.000Z"]],
  ] as const)("watched since the middle of what is late, %s owes %j", (missedRuns, expected) => {
    const [positionMs, watchedSinceMs] = [at("2026-04-10T00:00Z"), at("2026-04-10T02:00Z")];
    const due = dueRuns("0 * * * *", { positionMs, nowMs: at("2026-04-10T04:30Z"), missedRuns, watchedSinceMs });
    expect(iso(due.times)).toEqual(expected);
  });

  it("makes up for the latest hundred at most", () => {
    const due = hourly("2020-01-01T00:00Z", "2026-04-10T04:30Z", "all");
    expect(due.times).toHaveLength(MOST_MISSED_RUNS);
    expect(iso(due.times.slice(-1))).toEqual(["2026-04-10T04:00:00.000Z"]);
  });

  it("owes nothing again after the clock was set back, and begins anew when it had been far ahead", () => {
    const back = hourly("2026-04-10T02:00:20Z", "2026-04-10T01:59:50Z", "all");
    expect(back).toEqual({ times: [], positionMs: at("2026-04-10T02:00:20Z") });
    const ahead = hourly("2027-04-10T02:00Z", "2026-04-10T02:30Z", "all");
    expect(ahead).toEqual({ times: [], positionMs: at("2026-04-10T02:30Z") });
  });

  it("fires every time once under a clock that only goes forward, whenever it is asked", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 60 }), (steps) => {
        const startMs = at("2026-04-10T01:00:30Z");
        let nowMs = startMs;
        let positionMs = startMs;
        const fired: number[] = [];
        for (const step of steps) {
          nowMs += step;
          const due = dueRuns("* * * * *", { positionMs, nowMs, missedRuns: "skip" });
          fired.push(...due.times);
          positionMs = due.positionMs;
        }
        expect(fired).toEqual(cronTimes("* * * * *", { afterMs: startMs, untilMs: nowMs, limit: 10_000 }));
      }),
      { numRuns: 20 },
    );
  });
});

describe("fireSchedules(triggers, positions, options, nowMs)", () => {
  const daily = trigger({ kind: "cron", schedule: "45 14 * * 1-5" });
  const open = () => ({ positions: new MemoryTriggerPositions(), dispatcher: recordingDispatcher(), logger });
  const tick = async (options: ReturnType<typeof open>, text: string, active = daily, sinceText = text) =>
    fireSchedules([active], await options.positions.read(), options, {
      nowMs: at(text),
      watchedSinceMs: at(sinceText),
    });

  it("fires nothing of the time before it was active", async () => {
    const options = open();
    await tick(options, "2026-04-10T07:45:10Z");
    expect(options.dispatcher.firings).toEqual([]);
  });

  it("fires as of the scheduled time, under an instance made of it", async () => {
    const options = open();
    await tick(options, "2026-04-10T07:44:59Z");
    await tick(options, "2026-04-10T07:45:00.2Z");
    const timeMs = at("2026-04-10T07:45:00Z");
    expect(options.dispatcher.firings).toEqual([
      {
        workflowId: WORKFLOW,
        nodeId: NODE,
        facts: {
          kind: "cron",
          instance: `cron:n1:${timeMs}`,
          firedAtMs: timeMs,
          payload: { scheduledAtMs: timeMs },
        },
        asOfMs: timeMs,
      },
    ]);
  });

  it("starts one run when several processes watch, and when the clock jumps to and fro", async () => {
    const options = open();
    await tick(options, "2026-04-09T07:00:00Z");
    const asOthersSaw = await options.positions.read();
    await tick(options, "2026-04-09T07:45:00.1Z");
    const nowMs = at("2026-04-09T07:45:00.3Z");
    await fireSchedules([daily], asOthersSaw, options, { nowMs, watchedSinceMs: nowMs });
    await tick(options, "2026-04-09T07:44:50Z");
    await tick(options, "2026-04-09T07:45:01Z");
    await tick(options, "2027-01-05T08:00:00Z");
    await tick(options, "2026-04-09T08:00:00Z");
    await tick(options, "2026-04-10T07:45:00.5Z");
    expect(options.dispatcher.instances.map((instance) => iso([Number(instance.split(":")[2])])[0])).toEqual([
      "2026-04-09T07:45:00.000Z",
      "2027-01-05T07:45:00.000Z",
      "2026-04-10T07:45:00.000Z",
    ]);
  });

  it("fires late, and under every policy, what came while this process watched and was slow", async () => {
    for (const missedRuns of MISSED_RUN_POLICIES) {
      const options = open();
      const often = trigger({ kind: "cron", schedule: "*/5 14 * * 1-5" }, { missedRuns });
      await tick(options, "2026-04-10T07:44:59Z", often);
      await tick(options, "2026-04-10T07:56:30Z", often, "2026-04-10T07:44:59Z");
      expect(iso(options.dispatcher.firings.map(({ facts }) => facts.firedAtMs))).toEqual([
        "2026-04-10T07:45:00.000Z",
        "2026-04-10T07:50:00.000Z",
        "2026-04-10T07:55:00.000Z",
      ]);
    }
  });

  it("keeps a slow start of one workflow from holding up the others", async () => {
    const options = open();
    const others = ["n1", "n2", "n3"].map((nodeId) => ({ ...daily, nodeId: nodeId as NodeId }));
    const look = async (text: string) =>
      fireSchedules(others, await options.positions.read(), options, { nowMs: at(text), watchedSinceMs: at(text) });
    await look("2026-04-10T07:44:59Z");
    const { fire } = options.dispatcher;
    const allAsked = Promise.withResolvers<void>();
    let asked = 0;
    options.dispatcher.fire = async (firing) => {
      if (++asked === others.length) allAsked.resolve();
      await allAsked.promise;
      return fire(firing);
    };
    await look("2026-04-10T07:45:00.2Z");
    const reached = (await options.positions.read()).map(({ position }) => position);
    expect(iso(reached)).toEqual(Array(3).fill("2026-04-10T07:45:00.000Z"));
  });

  it("leaves out a schedule that cannot be read, and deals with the others", async () => {
    const options = open();
    const unreadable = trigger({ kind: "cron", schedule: "every day" });
    const both = [unreadable, { ...daily, nodeId: "n2" as NodeId }];
    for (const text of ["2026-04-10T07:44:59Z", "2026-04-10T07:45:00.2Z", "2026-04-10T07:45:01.2Z"]) {
      const nowMs = at(text);
      await fireSchedules(both, await options.positions.read(), options, { nowMs, watchedSinceMs: nowMs });
    }
    expect(options.dispatcher.firings.map(({ nodeId }) => nodeId)).toEqual(["n2"]);
  });

  it("begins anew with a new revision", async () => {
    const options = open();
    await tick(options, "2026-04-08T00:00:00Z");
    await tick(options, "2026-04-10T08:00:00Z", { ...daily, revision: 2 });
    expect(options.dispatcher.firings).toEqual([]);
  });

  it("fires again what the database did not take, and once", async () => {
    const options = open();
    await tick(options, "2026-04-10T07:44:59Z");
    const fire = options.dispatcher.fire;
    options.dispatcher.fire = async () => {
      throw new WorkbenchError("DATABASE_UNREACHABLE", "away");
    };
    await tick(options, "2026-04-10T07:45:00.2Z");
    options.dispatcher.fire = fire;
    await tick(options, "2026-04-10T07:45:01.2Z");
    await tick(options, "2026-04-10T07:45:02.2Z");
    expect(options.dispatcher.firings).toHaveLength(1);
  });
});

describe("backfill(dispatcher, trigger, range)", () => {
  const daily = trigger({ kind: "cron", schedule: "45 14 * * 1-5" });
  const range = (from: string, to: string) => ({
    fromMs: at(from),
    toMs: at(to),
    mode: "dry-run" as const,
    nowMs: at("2026-05-01T00:00Z"),
  });

  it("starts a run per time of the range, as of that time; asked again, the same runs", async () => {
    const dispatcher = recordingDispatcher();
    const first = await backfill(dispatcher, daily, range("2026-04-09T07:45Z", "2026-04-13T07:45Z"));
    expect(iso(first.map(({ scheduledAtMs }) => scheduledAtMs))).toEqual([
      "2026-04-09T07:45:00.000Z",
      "2026-04-10T07:45:00.000Z",
    ]);
    for (const { facts, asOfMs, mode } of dispatcher.firings) {
      expect({ kind: facts.kind, asOfMs, mode }).toEqual({
        kind: "backfill",
        asOfMs: facts.firedAtMs,
        mode: "dry-run",
      });
    }
    const again = await backfill(dispatcher, daily, range("2026-04-09T07:45Z", "2026-04-13T07:45Z"));
    expect(again.map(({ outcome }) => outcome.kind)).toEqual(["repeated", "repeated"]);
  });

  it.each([
    ["an empty range", range("2026-04-09T00:00Z", "2026-04-09T00:00Z"), daily, "RANGE_INVALID"],
    ["a range that is turned round", range("2026-04-10T00:00Z", "2026-04-09T00:00Z"), daily, "RANGE_INVALID"],
    ["the future", range("2026-04-10T00:00Z", "2026-05-02T00:00Z"), daily, "RANGE_INVALID"],
    [
      `more than ${MOST_BACKFILL_RUNS} times`,
      range("2026-04-01T00:00Z", "2026-04-02T00:00Z"),
      trigger({ kind: "cron", schedule: "* * * * *" }),
      "RANGE_INVALID",
    ],
    [
      "a trigger without a schedule",
      range("2026-04-09T00:00Z", "2026-04-10T00:00Z"),
      trigger({ kind: "incident", severity: "info", contains: "" }),
      "ARGUMENT_INVALID",
    ],
  ])("refuses %s, and starts nothing", async (_what, asked, active, code) => {
    const dispatcher = recordingDispatcher();
    await expect(backfill(dispatcher, active, asked)).rejects.toMatchObject({ code });
    expect(dispatcher.firings).toEqual([]);
  });
});

describe("fireIncidents(triggers, positions, options)", () => {
  const incident = (id: number, more: Partial<Incident> = {}): Incident => ({
    id,
    kind: "feed-silent",
    severity: "error",
    subject: "dnse",
    message: "The feed went silent",
    details: {},
    openedAtMs: at("2026-04-10T03:00Z") + id * MS_PER_MINUTE,
    closedAtMs: undefined,
    resolution: undefined,
    ...more,
  });

  it("fires for those that open from now on and are meant, each once", async () => {
    const all = [incident(1)];
    const incidents = {
      lastId: async () => all.at(-1)?.id ?? 0,
      after: async (id: number) => all.filter((one) => one.id > id),
    };
    const options = { positions: new MemoryTriggerPositions(), dispatcher: recordingDispatcher(), logger, incidents };
    const watching = trigger({ kind: "incident", severity: "warning", contains: "SILENT" });
    const look = async () => fireIncidents([watching], await options.positions.read(), options);
    await look();
    all.push(
      incident(2),
      incident(3, { severity: "warning", message: "A gap" }),
      incident(4, { details: { workflowId: WORKFLOW } }),
      incident(5, { severity: "warning" }),
    );
    await look();
    await look();
    expect(options.dispatcher.firings.map(({ facts }) => facts)).toEqual([
      {
        kind: "incident",
        instance: "incident:2",
        firedAtMs: at("2026-04-10T03:02Z"),
        payload: { title: "The feed went silent", severity: "critical", kind: "feed-silent", subject: "dnse" },
      },
      expect.objectContaining({ instance: "incident:5", payload: expect.objectContaining({ severity: "warning" }) }),
    ]);
  });
});

describe("triggersOf(definition)", () => {
  it("fills in defaults, and leaves out what is disabled or needs nobody who watches", () => {
    const node = (id: string, type: string, parameters: object, isDisabled = false) =>
      ({ id, type, position: { x: 0, y: 0 }, data: { version: 1, parameters, isDisabled } }) as never;
    const settings = { missedRuns: "all" } as WorkflowSettings;
    const nodes = [
      node("a", "trigger.cron", {}),
      node("b", "trigger.price-cross", { symbol: "HPG", level: 27_000 }),
      node("c", "trigger.incident", {}, true),
      node("d", "trigger.manual", {}),
      node("e", "note", {}),
    ];
    expect(triggersOf({ nodes, settings }, { workflowId: WORKFLOW, revision: 3 }, NODE_CATALOGUE)).toEqual([
      {
        workflowId: WORKFLOW,
        revision: 3,
        nodeId: "a",
        missedRuns: "all",
        condition: { kind: "cron", schedule: "45 14 * * 1-5" },
      },
      expect.objectContaining({
        nodeId: "b",
        condition: { kind: "price-cross", symbol: "HPG", level: 27_000, direction: "either" },
      }),
    ]);
  });
});
