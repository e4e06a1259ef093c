import { describe, expect, it } from "vitest";
import {
  isOver,
  nodeRunStates,
  runViewOf,
  withEvents,
} from "../../../../notebooks/components/workflow/run/run-view.js";
import type { RunAnswer, RunEventMessage } from "../../../../notebooks/contracts/workflow-api.js";

const answer: RunAnswer = {
  run: {
    id: "r1",
    workflowId: "w1",
    workflowName: "Two averages",
    revision: 3,
    status: "queued",
    mode: "live",
    trigger: { kind: "manual", instance: "manual:1", firedAtMs: 1_000 },
    asOfMs: 1_000,
    seed: 1,
    principal: "local",
    rerunOf: null,
    createdAtMs: 1_000,
    startedAtMs: null,
    finishedAtMs: null,
    isCancelRequested: false,
    code: null,
    message: null,
  },
  steps: [],
};

const events: readonly RunEventMessage[] = [
  { sequence: 0, atMs: 1_010, kind: "run-started" },
  { sequence: 1, atMs: 1_011, kind: "step-started", nodeId: "a", attempt: 1 },
  {
    sequence: 2,
    atMs: 1_020,
    kind: "attempt-failed",
    nodeId: "a",
    attempt: 1,
    code: "HTTP",
    message: "no answer",
    retryAtMs: 1_030,
  },
  { sequence: 3, atMs: 1_030, kind: "step-started", nodeId: "a", attempt: 2 },
  {
    sequence: 4,
    atMs: 1_050,
    kind: "step-succeeded",
    nodeId: "a",
    attempt: 2,
    outputs: { out: { type: "number", value: 7 } },
  },
  { sequence: 5, atMs: 1_051, kind: "step-pruned", nodeId: "b", reason: "condition-false", because: "a" },
  { sequence: 6, atMs: 1_052, kind: "step-failed", nodeId: "c", item: "HPG", attempt: 1, code: "X", message: "broken" },
  { sequence: 7, atMs: 1_053, kind: "step-succeeded", nodeId: "c", item: "VCB", attempt: 1, outputs: {} },
  { sequence: 8, atMs: 1_060, kind: "run-finished", status: "failed", message: "c[HPG] failed" },
];

describe("a run on the canvas", () => {
  it("is what its events say", () => {
    const view = withEvents(runViewOf(answer), events);
    expect(view.run).toMatchObject({
      status: "failed",
      startedAtMs: 1_010,
      finishedAtMs: 1_060,
      message: "c[HPG] failed",
    });
    expect(view.steps.get("a")).toMatchObject({
      state: "succeeded",
      attempts: 2,
      durationMs: 39,
      code: null,
      outputs: { out: { value: 7 } },
    });
    expect(view.steps.get("b")).toMatchObject({ state: "pruned", pruneReason: "condition-false", because: "a" });
    expect(isOver(view.run)).toBe(true);
  });

  it("is the same however its events are cut, and when some come twice", () => {
    const whole = withEvents(runViewOf(answer), events);
    for (let cut = 0; cut <= events.length; cut++) {
      const parts = withEvents(withEvents(runViewOf(answer), events.slice(0, cut)), events.slice(Math.max(0, cut - 2)));
      expect(parts).toEqual(whole);
    }
  });

  it("shows the worst item of a loop, with how many there are", () => {
    const states = nodeRunStates(withEvents(runViewOf(answer), events));
    expect(states.get("c")).toMatchObject({ items: 2, failedItems: 1, step: { item: "HPG", state: "failed" } });
    expect(states.get("a")).toMatchObject({ items: 0, step: { state: "succeeded" } });
  });
});
