import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunId, WorkflowId } from "../../../../src/engine/workflow/workflow-ids.js";
import { FairTurns } from "../../../../src/server/workflows/queue/fair-turns.js";
import type { QueuedRun } from "../../../../src/server/workflows/run-queue.js";

/** A queue that gives what is oldest, leaving out some workflows, and how often it was asked. */
function queueOf(backlog: readonly string[]) {
  const runs = backlog.map(
    (workflow, at): QueuedRun => ({ runId: `${at}` as RunId, workflowId: workflow as WorkflowId }),
  );
  let asked = 0;
  return {
    put: (workflow: string) => runs.push({ runId: `${workflow}-late` as RunId, workflowId: workflow as WorkflowId }),
    take: ({ limit, leavingOut }: { limit: number; leavingOut: readonly WorkflowId[] }) => {
      asked++;
      const taken = runs.filter(({ workflowId }) => !leavingOut.includes(workflowId)).slice(0, limit);
      for (const run of taken) runs.splice(runs.indexOf(run), 1);
      return taken;
    },
    get asked() {
      return asked;
    },
    get left() {
      return runs.length;
    },
  };
}

/** Takes and starts until there is no place or nothing to take. */
function fill(turns: FairTurns, queue: ReturnType<typeof queueOf>): QueuedRun[] {
  const started: QueuedRun[] = [];
  for (;;) {
    for (let run = turns.start(); run; run = turns.start()) started.push(run);
    const take = turns.nextTake();
    if (!take) return started;
    turns.took(queue.take(take), take);
  }
}

const places = (parallelRuns: number, parallelRunsPerWorkflow: number) => ({ parallelRuns, parallelRunsPerWorkflow });

describe("FairTurns", () => {
  it("goes round: one place, three backlogs, each in turn", () => {
    const queue = queueOf("AAAABBBBCCCC".split(""));
    const turns = new FairTurns(places(1, 1));
    const order: string[] = [];
    for (let count = 0; count < 12; count++) {
      const [run] = fill(turns, queue) as [QueuedRun];
      order.push(run.workflowId);
      turns.ended(run, { tookMs: 5 });
    }
    expect(order.join("")).toBe("ABCABCABCABC");
  });

  it("asks for a batch at a time, not for every run of a backlog", () => {
    const queue = queueOf(Array.from({ length: 800 }, () => "A"));
    const turns = new FairTurns(places(8, 8));
    let atWork = fill(turns, queue);
    while (atWork.length > 0) {
      const [run, ...others] = atWork as [QueuedRun, ...QueuedRun[]];
      turns.ended(run, { tookMs: 5 });
      atWork = [...others, ...fill(turns, queue)];
    }
    expect(queue.left).toBe(0);
    expect(queue.asked).toBeLessThan(800 / 4);
  });

  it("leaves long runs that it has no place for to other workers", () => {
    const queue = queueOf(Array.from({ length: 20 }, () => "A"));
    const turns = new FairTurns(places(8, 4));
    const [first] = fill(turns, queue) as [QueuedRun];
    turns.ended(first, { tookMs: 60_000 });
    const take = turns.nextTake()!;
    expect(take.limit).toBe(4);
    const taken = queue.take(take);
    turns.took(taken, take);
    expect(turns.start()).toBe(taken[0]);
    expect(turns.surplus()).toEqual(taken.slice(1).map(({ runId }) => runId));
    expect(turns.waiting).toEqual([]);
  });

  it("asks an empty queue once until it may have more", () => {
    const queue = queueOf([]);
    const turns = new FairTurns(places(4, 2));
    fill(turns, queue);
    fill(turns, queue);
    expect(queue.asked).toBe(1);
    queue.put("A");
    turns.mayHaveMore();
    expect(fill(turns, queue)).toHaveLength(1);
  });

  it("does not take an answer for empty that was asked for before something was put in", () => {
    const turns = new FairTurns(places(4, 2));
    const take = turns.nextTake()!;
    turns.mayHaveMore();
    turns.took([], take);
    expect(turns.nextTake()).toBeDefined();
  });

  it("starts everything, each once, within its places, whatever the backlog", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("A", "B", "C", "D"), { maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        (backlog, all, perWorkflow) => {
          const queue = queueOf(backlog);
          const turns = new FairTurns(places(all, perWorkflow));
          const atWork: QueuedRun[] = fill(turns, queue);
          const ended: RunId[] = [];
          while (atWork.length > 0) {
            expect(atWork.length).toBeLessThanOrEqual(all);
            for (const name of "ABCD") {
              expect(atWork.filter(({ workflowId }) => workflowId === name).length).toBeLessThanOrEqual(perWorkflow);
            }
            const run = atWork.shift()!;
            turns.ended(run, { tookMs: 5 });
            ended.push(run.runId);
            atWork.push(...fill(turns, queue));
          }
          expect(ended.toSorted()).toEqual(backlog.map((_, at) => `${at}`).toSorted());
        },
      ),
    );
  });
});
