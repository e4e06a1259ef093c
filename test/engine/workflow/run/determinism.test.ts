import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextSteps } from "../../../../src/engine/workflow/next-steps.js";
import { reduceRun, replayRun } from "../../../../src/engine/workflow/run-reducer.js";
import { NO_EVENTS_YET } from "../../../../src/engine/workflow/run-state.js";
import { endOf } from "./end-of-run.js";
import { randomSketch } from "./random-workflow.js";
import { beginRun, runSketch, type WorkflowSketch } from "./sample-run.js";
import { scrambledAnswers } from "./scrambled-answers.js";
import { VirtualClock } from "./virtual-clock.js";

/** Every question moves it on: events differ as soon as it is asked more or less often. */
class CountingClock extends VirtualClock {
  #asked = 0;
  override nowMs(): number {
    return super.nowMs() + this.#asked++ * 0.001;
  }
}

async function linesWith(sketch: WorkflowSketch, seed: number): Promise<string[]> {
  const { nodes, answerUntil } = scrambledAnswers(seed);
  const { journal, finished } = beginRun(sketch, { nodes, clock: new CountingClock() });
  await answerUntil(finished);
  return journal.lines;
}

describe("a deterministic workflow", () => {
  it("gives the same events, to the byte, in whatever order its nodes answer", async () => {
    await fc.assert(
      fc.asyncProperty(randomSketch, fc.nat(), fc.nat(), async (sketch, one, other) => {
        expect(await linesWith(sketch, one)).toEqual(await linesWith(sketch, other));
      }),
      { numRuns: 60 },
    );
  });

  it("ends in the same state as one whose events are written as they come", async () => {
    await fc.assert(
      fc.asyncProperty(randomSketch, fc.nat(), async (sketch, seed) => {
        const inOrder = await runSketch(sketch);
        const { nodes, answerUntil } = scrambledAnswers(seed);
        const asTheyCome = { ...sketch, settings: { ...sketch.settings, isDeterministic: false } };
        const state = await answerUntil(beginRun(asTheyCome, { nodes }).finished);
        const { message: _, ...first } = endOf(inOrder.state);
        const { message: __, ...second } = endOf(state);
        expect(second).toEqual(first);
      }),
      { numRuns: 60 },
    );
  });

  it("changes its random numbers with the seed, the node and the item alone", async () => {
    const sketch: WorkflowSketch = {
      nodes: { start: { type: "start" }, a: { type: "random" }, b: { type: "random" } },
      edges: ["start.fired > a.run", "start.fired > b.run"],
    };
    const numbersOf = async (seed: number) => {
      const { state } = await runSketch(sketch, { start: { seed } });
      return ["a", "b"].map((name) => {
        const step = state.steps.get(name);
        const value = step?.kind === "succeeded" ? step.result.outputs.value : undefined;
        return value?.type === "number" ? value.value : Number.NaN;
      });
    };
    const first = await numbersOf(1);
    expect(await numbersOf(1)).toEqual(first);
    expect(new Set([...first, ...(await numbersOf(2))]).size).toBe(4);
  });
});

describe("a run's events", () => {
  it("give the same state one by one and all at once, and never change a former state", async () => {
    await fc.assert(
      fc.asyncProperty(randomSketch, async (sketch) => {
        const { journal, state } = await runSketch(sketch);
        let oneByOne = NO_EVENTS_YET;
        for (const event of journal.events) {
          const before = structuredClone({ ...oneByOne });
          const after = reduceRun(oneByOne, event);
          expect(oneByOne).toEqual(before);
          oneByOne = after;
        }
        expect(oneByOne).toEqual(replayRun(journal.events));
        expect(oneByOne).toEqual({ ...state });
      }),
      { numRuns: 40 },
    );
  });

  it("say at each of them what is next: what a run does is what nextSteps names", async () => {
    await fc.assert(
      fc.asyncProperty(randomSketch, async (sketch) => {
        const { journal, plan } = await runSketch(sketch);
        let state = NO_EVENTS_YET;
        for (const event of journal.events) {
          const next = nextSteps(plan, state);
          if (event.kind === "step-started") {
            expect(next.start[0]).toEqual({ nodeId: event.nodeId, ...(event.item ? { item: event.item } : {}) });
          }
          if (event.kind === "step-pruned") {
            const { nodeId, reason, because } = event;
            expect(next.prune).toContainEqual(expect.objectContaining({ nodeId, reason, because }));
          }
          expect(next.isFinished).toBe(event.kind === "run-finished" || event.kind === "run-started");
          state = reduceRun(state, event);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("come without gaps", async () => {
    const { journal } = await runSketch({ nodes: { start: { type: "start" } }, edges: [] });
    expect(() => replayRun(journal.events.slice(1))).toThrow("invalid run event: sequence 1 (accepted: 0)");
    expect(() => replayRun([...journal.events, journal.events[0]!])).toThrow("invalid run event: sequence 0");
  });
});

describe("a run that is cut off", () => {
  it.each([true, false])(
    "ends as it would have, taken up after any event (deterministic: %s)",
    async (isDeterministic) => {
      await fc.assert(
        fc.asyncProperty(randomSketch, fc.nat(), async (drawn, seed) => {
          const sketch = { ...drawn, settings: { ...drawn.settings, isDeterministic } };
          const whole = await runSketch(sketch);
          for (let kept = 1; kept < whole.journal.events.length; kept++) {
            const { nodes, answerUntil } = scrambledAnswers(seed + kept);
            const events = whole.journal.events.slice(0, kept);
            const resumed = await answerUntil(beginRun(sketch, { nodes, events }).finished);
            const ends = [whole.state, resumed].map((state) => ({
              ...endOf(state),
              // Which failure came first is a matter of chance where order is.
              ...(isDeterministic ? {} : { message: "" }),
            }));
            expect(ends[1]).toEqual(ends[0]);
          }
        }),
        { numRuns: 20 },
      );
    },
  );
});
