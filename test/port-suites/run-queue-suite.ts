import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WorkbenchError } from "../../src/engine/errors.js";
import type { RunId, WorkflowId } from "../../src/engine/workflow/workflow-ids.js";
import type { RunQueueTiming } from "../../src/server/workflows/queue/run-jobs.js";
import type { QueuedRun, RunQueue } from "../../src/server/workflows/run-queue.js";

export interface RunQueueUnderTest {
  readonly queue: RunQueue;
  /** Another process's view of it, where there can be one. */
  readonly other?: RunQueue;
  /** What the queue told of runs that failed for the last time. */
  readonly dead: readonly { readonly run: QueuedRun; readonly message: string }[];
  dispose(): Promise<void>;
}

/** No queue asks by itself within a test: what starts was made to start. */
export const SUITE_TIMING: Partial<RunQueueTiming> = { retries: 1, retryDelaySeconds: 1, graceMs: 50, pollMs: 600_000 };

const ONE_WORKFLOW = randomUUID() as WorkflowId;

export function queuedRuns(count: number, workflowId = ONE_WORKFLOW): QueuedRun[] {
  return Array.from({ length: count }, () => ({ runId: randomUUID() as RunId, workflowId }));
}

const places = (parallelRuns: number, parallelRunsPerWorkflow = parallelRuns) => ({
  parallelRuns,
  parallelRunsPerWorkflow,
});

/** Executes nothing before it is told to go on. */
function gate() {
  const started: RunId[] = [];
  const waiting: (() => void)[] = [];
  return {
    started,
    execute: async ({ runId }: QueuedRun) => {
      started.push(runId);
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    /** Ends the run that has been at work longest. */
    next: () => waiting.shift()!(),
    get atWork() {
      return waiting.length;
    },
  };
}

/** What every queue of runs keeps. */
export function runQueueSuite(
  name: string,
  open: (timing: Partial<RunQueueTiming>) => Promise<RunQueueUnderTest>,
): void {
  describe(name, () => {
    let opened: RunQueueUnderTest;
    let queue: RunQueue;
    const openWith = async (timing: Partial<RunQueueTiming>) => {
      opened = await open({ ...SUITE_TIMING, ...timing });
      queue = opened.queue;
    };
    const reopen = async (timing: Partial<RunQueueTiming>) => {
      await opened.dispose();
      await openWith(timing);
    };
    beforeEach(() => openWith({}));
    afterEach(() => opened.dispose());
    const until = (condition: () => void) => vi.waitFor(condition, { timeout: 30_000, interval: 5 });

    it("brings every run to a worker once", async () => {
      const runs = queuedRuns(300);
      const executed: RunId[] = [];
      const execute = async ({ runId }: QueuedRun) => void executed.push(runId);
      await queue.work(execute, places(8));
      if (opened.other) await opened.other.work(execute, places(8));
      await queue.enqueue(runs);
      await until(() => expect(executed.length).toBeGreaterThanOrEqual(runs.length));
      expect(executed.toSorted()).toEqual(runs.map(({ runId }) => runId).toSorted());
    });

    it("begins with those that have waited longest", async () => {
      const runs = queuedRuns(5);
      for (const run of runs) await queue.enqueue([run]);
      const { started, execute, next } = gate();
      await queue.work(execute, places(1));
      for (let count = 1; count <= runs.length; count++) {
        await until(() => expect(started).toHaveLength(count));
        next();
      }
      expect(started).toEqual(runs.map(({ runId }) => runId));
    });

    it("queues nothing twice, neither what waits nor what is at work", async () => {
      const [run] = queuedRuns(1) as [QueuedRun];
      await queue.enqueue([run, run]);
      await queue.enqueue([run]);
      const { started, execute, next } = gate();
      await queue.work(execute, places(4));
      await until(() => expect(started).toEqual([run.runId]));
      await queue.enqueue([run]);
      const [later] = queuedRuns(1) as [QueuedRun];
      await queue.enqueue([later]);
      await until(() => expect(started).toEqual([run.runId, later.runId]));
      next();
      next();
    });

    it("keeps to the places of a worker, in all and per workflow", async () => {
      const workflows = [randomUUID(), randomUUID(), randomUUID()] as WorkflowId[];
      await queue.enqueue(workflows.flatMap((workflowId) => queuedRuns(10, workflowId)));
      const atWork: WorkflowId[] = [];
      const waiting: (() => void)[] = [];
      let executed = 0;
      await queue.work(
        async ({ workflowId }) => {
          atWork.push(workflowId);
          await new Promise<void>((resolve) => waiting.push(resolve));
          atWork.splice(atWork.indexOf(workflowId), 1);
          executed++;
        },
        places(5, 2),
      );
      while (executed < 30) {
        const places = Math.min(5, 30 - executed);
        await until(() => expect(atWork.length).toBeGreaterThanOrEqual(Math.min(places, 2)));
        expect(atWork.length).toBeLessThanOrEqual(5);
        for (const workflowId of workflows) {
          expect(atWork.filter((other) => other === workflowId).length).toBeLessThanOrEqual(2);
        }
        const before = executed;
        waiting.shift()!();
        await until(() => expect(executed).toBe(before + 1));
      }
    });

    for (const [all, perWorkflow] of [
      [1, 1],
      [4, 2],
      [4, 4],
    ] as const) {
      it(`lets a backlog of 1,000 delay another workflow by one batch at most (${all} places, ${perWorkflow} per workflow)`, async () => {
        const busy = queuedRuns(1_000);
        const [other] = queuedRuns(1, randomUUID() as WorkflowId) as [QueuedRun];
        await queue.enqueue(busy);
        const work = gate();
        await queue.work(work.execute, places(all, perWorkflow));
        await until(() => expect(work.started.length).toBe(perWorkflow));
        await queue.enqueue([other]);
        const startedBefore = work.started.length;
        while (!work.started.includes(other.runId)) {
          const started = work.started.length;
          if (work.atWork === all) work.next();
          await until(() => expect(work.started.length).toBeGreaterThan(started));
        }
        expect(work.started.indexOf(other.runId) - startedBefore).toBeLessThanOrEqual(perWorkflow);
      });
    }

    it("withdraws what waits, and nothing that is at work or unknown", async () => {
      const [first, second, unknown] = queuedRuns(3) as [QueuedRun, QueuedRun, QueuedRun];
      await queue.enqueue([first, second]);
      expect(await queue.withdraw(second.runId)).toBe(true);
      const { started, execute, next } = gate();
      await queue.work(execute, places(4));
      await until(() => expect(started).toEqual([first.runId]));
      expect(await queue.withdraw(first.runId)).toBe(false);
      expect(await queue.withdraw(second.runId)).toBe(false);
      expect(await queue.withdraw(unknown.runId)).toBe(false);
      next();
    });

    it("tries a failed run again, then counts it as dead and tells of it", async () => {
      await reopen({ pollMs: 50 });
      const [run] = queuedRuns(1) as [QueuedRun];
      let attempts = 0;
      await queue.work(async () => {
        attempts++;
        throw new Error(`attempt ${attempts} broke`);
      }, places(1));
      await queue.enqueue([run]);
      await until(() => expect(opened.dead).toEqual([{ run, message: "attempt 2 broke" }]));
      expect(attempts).toBe(2);
      await queue.enqueue([run]);
      expect(await queue.withdraw(run.runId)).toBe(true);
    });

    it("counts no attempt that failed because the database was away", async () => {
      await reopen({ pollMs: 50, retries: 0 });
      let attempts = 0;
      await queue.work(async () => {
        attempts++;
        if (attempts <= 2) throw new WorkbenchError("DATABASE_UNREACHABLE", "the database is away");
      }, places(1));
      const [run, next] = queuedRuns(2) as [QueuedRun, QueuedRun];
      await queue.enqueue([run]);
      await until(() => expect(attempts).toBe(3));
      await queue.enqueue([next]);
      await until(() => expect(attempts).toBe(4));
      expect(opened.dead).toEqual([]);
    });

    it("interrupts what is at work when its worker stops, and gives it to the next", async () => {
      const runs = queuedRuns(3);
      await queue.enqueue(runs);
      const interrupted: RunId[] = [];
      const worker = await queue.work(
        async ({ runId }, signal) => {
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
          interrupted.push(runId);
          throw signal.reason;
        },
        places(2, 1),
      );
      await worker.stop();
      const executed: RunId[] = [];
      await queue.work(async ({ runId }) => void executed.push(runId), places(2));
      await until(() => expect(executed.toSorted()).toEqual(runs.map(({ runId }) => runId).toSorted()));
      expect(opened.dead).toEqual([]);
    });
  });
}
