import { describe, expect, it } from "vitest";
import { replayRun } from "../../../../src/engine/workflow/run-reducer.js";
import { endOf } from "./end-of-run.js";
import { DyingJournal } from "./memory-journal.js";
import { MemoryBroker, orderNodes } from "./order-nodes.js";
import { beginRun, inShort, runSketch, START, type WorkflowSketch } from "./sample-run.js";
import { turn } from "./virtual-clock.js";

/** Orders side by side, behind a condition that is false, and one per item of a loop. */
const WITH_ORDERS: WorkflowSketch = {
  nodes: {
    start: { type: "start" },
    a: { type: "add" },
    first: { type: "order" },
    second: { type: "order" },
    third: { type: "order" },
    no: { type: "above", parameters: { limit: 5 } },
    never: { type: "order" },
    loop: { type: "loop.universe", parameters: { symbols: ["HPG", "VNM"] } },
    length: { type: "length", inside: "loop" },
    each: { type: "order", inside: "loop" },
    collect: { type: "loop.collect", inside: "loop" },
  },
  edges: [
    "start.value > a.values",
    "a.sum > first.values",
    "a.sum > second.values",
    "start.value > no.value",
    "no.value > never.values",
    "a.sum > third.values",
    "start.value > loop.values",
    "loop.item > length.text",
    "length.value > each.values",
    "length.value > collect.value",
  ],
};

const KEYS = ["first", "second", "third", "each[HPG]", "each[VNM]"]
  .map((name) => `${START.effectScope}:${name}`)
  .sort();

const WITH_POST: WorkflowSketch = {
  nodes: { start: { type: "start" }, post: { type: "post" }, order: { type: "order" }, end: { type: "gate" } },
  edges: ["start.value > post.values", "post.status > order.values", "post.status > end.values"],
};

async function dyingRun(sketch: WorkflowSketch, broker: MemoryBroker, lives: number, beforeEffects: boolean) {
  const journal = new DyingJournal(lives, beforeEffects);
  beginRun(sketch, { nodes: orderNodes(broker), journal });
  for (let i = 0; i < 20; i++) await turn();
  return journal.kept();
}

const MOMENTS = [
  { when: "before it learns that the last event is durable", beforeEffects: true },
  { when: "after that, with what it then does outside done", beforeEffects: false },
];
const MODES = [true, false].flatMap((isDeterministic) => MOMENTS.map((moment) => ({ ...moment, isDeterministic })));

describe("a worker that is killed", () => {
  it.each(MODES)("$when, leaves one order per action (deterministic: $isDeterministic)", async (mode) => {
    const { beforeEffects, isDeterministic } = mode;
    const sketch = { ...WITH_ORDERS, settings: { isDeterministic, parallelNodes: 3 } };
    const whole = await runSketch(sketch, { nodes: orderNodes(new MemoryBroker()) });
    const total = whole.journal.events.length;
    expect(total).toBeGreaterThan(25);
    let repeated = 0;
    for (let kept = 1; kept <= total; kept++) {
      const broker = new MemoryBroker();
      const events = await dyingRun(sketch, broker, kept, beforeEffects);
      expect(events.length).toBe(kept);
      const resumed = await runSketch(sketch, { nodes: orderNodes(broker), events });
      expect([...broker.orders.keys()].sort()).toEqual(KEYS);
      expect(endOf(resumed.state)).toEqual(endOf(whole.state));
      repeated += [...broker.asked.values()].filter((times) => times > 1).length;
    }
    if (!beforeEffects) expect(repeated).toBeGreaterThan(0);
  });

  it("every few events, still leaves one order per action", async () => {
    const sketch = { ...WITH_ORDERS, settings: { parallelNodes: 2 } };
    const broker = new MemoryBroker();
    const whole = await runSketch(sketch, { nodes: orderNodes(new MemoryBroker()) });
    let events = await dyingRun(sketch, broker, 4, false);
    let lives = 1;
    for (; events.at(-1)?.kind !== "run-finished" && lives < 30; lives++) {
      const journal = new DyingJournal(4, false);
      beginRun(sketch, { nodes: orderNodes(broker), journal, events });
      for (let i = 0; i < 20; i++) await turn();
      events = [...events, ...journal.kept()];
    }
    expect(lives).toBeGreaterThan(8);
    expect([...broker.orders.keys()].sort()).toEqual(KEYS);
    expect(endOf(replayRun(events))).toEqual(endOf(whole.state));
  });

  it.each(MOMENTS)("$when, never repeats what has no key", async ({ beforeEffects }) => {
    const whole = await runSketch(WITH_POST, { nodes: orderNodes(new MemoryBroker()) });
    const names = inShort(whole.journal.events);
    const intended = names.indexOf("effect-intended post");
    for (let kept = 1; kept <= names.length; kept++) {
      const broker = new MemoryBroker();
      const events = await dyingRun(WITH_POST, broker, kept, beforeEffects);
      const { state } = await runSketch(WITH_POST, { nodes: orderNodes(broker), events });
      const isCutOffWithin = kept > intended && kept <= names.indexOf("step-succeeded post");
      expect(broker.posts.length).toBe(isCutOffWithin && beforeEffects && kept === intended + 1 ? 0 : 1);
      expect(state.steps.get("post")).toMatchObject(
        isCutOffWithin ? { kind: "failed", code: "WORKFLOW_EFFECT_UNCERTAIN" } : { kind: "succeeded" },
      );
      expect(state.steps.get("order")).toMatchObject(
        isCutOffWithin ? { kind: "pruned", reason: "upstream-failed" } : { kind: "succeeded" },
      );
    }
  });
});

describe("a trigger that is delivered twice", () => {
  it("asks for the same orders with the same keys", async () => {
    const broker = new MemoryBroker();
    const runs = [1, 2].map(() => runSketch(WITH_ORDERS, { nodes: orderNodes(broker) }));
    await Promise.all(runs);
    expect([...broker.orders.keys()].sort()).toEqual(KEYS);
    expect([...broker.asked.values()]).toEqual(KEYS.map(() => 2));
  });
});
