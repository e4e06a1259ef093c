import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { epochMs } from "../../src/engine/units/epoch-ms.js";
import type { NodeId, RunId, TriggerInstance, WorkflowId } from "../../src/engine/workflow/workflow-ids.js";
import type { RunHistory, RunStore } from "../../src/server/workflows/run-store.js";
import type { WorkflowStore } from "../../src/server/workflows/workflow-store.js";
import type { EventText } from "../../src/store/queries/workflow-run-events.js";
import type { NewRun, RunLease } from "../../src/store/queries/workflow-runs.js";

export interface WorkflowStores {
  readonly workflows: WorkflowStore;
  readonly runs: RunStore;
  /** The same runs through another process's adapter. */
  readonly otherRuns: RunStore;
  readonly history: RunHistory;
}

export interface WorkflowStoresUnderTest extends WorkflowStores {
  dispose(): Promise<void>;
}

const AT = epochMs(Date.parse("2026-04-13T03:00:00Z"));
const LATER = epochMs(AT + 1_000);
const LONG = { holder: "worker", leaseMs: 60_000, nowMs: AT };
/** A lease that is over as soon as it is given. */
const OVER = { ...LONG, leaseMs: -1 };

const text = (name: string, digest = name) => ({
  definition: `{"name":${JSON.stringify(name)},"z":1,"a":[0.1]}`,
  digest,
  name,
  description: "",
  note: "",
});

export async function storeWorkflow(workflows: WorkflowStore, name = "first"): Promise<WorkflowId> {
  const id = randomUUID() as WorkflowId;
  await workflows.create({ ...text(name), id, webhookToken: randomUUID(), isExample: false, atMs: AT });
  return id;
}

export function newRun(workflowId: WorkflowId, changes: Partial<NewRun> & { readonly instance?: string } = {}): NewRun {
  const { instance = randomUUID(), ...rest } = changes;
  return {
    id: randomUUID() as RunId,
    workflowId,
    revision: 1,
    trigger: { kind: "cron", instance: instance as TriggerInstance, firedAtMs: AT, payload: { a: [1, null, "é"] } },
    rerun: undefined,
    effectScope: `${workflowId}:1:${instance}`,
    mode: "live",
    asOfMs: AT,
    seed: 4_294_967_295,
    principal: "local",
    concurrency: "parallel",
    createdAtMs: AT,
    ...rest,
  };
}

const event = (sequence: number, changes: Partial<EventText> = {}): EventText => ({
  sequence,
  atMs: AT + sequence,
  kind: "step-started",
  nodeId: "n1",
  item: undefined,
  attempt: 1,
  code: undefined,
  payload: `{"sequence":${sequence},"z":"\\u0000","a":-0.1e-7}`,
  ...changes,
});

const end = { status: "succeeded", finishedAtMs: LATER, code: undefined, message: undefined } as const;

/** What the stores of workflows and runs keep, whatever is beneath. */
export function workflowStoresSuite(name: string, open: () => Promise<WorkflowStoresUnderTest>): void {
  describe(name, () => {
    let stores: WorkflowStoresUnderTest;
    beforeAll(async () => {
      stores = await open();
    });
    afterAll(() => stores?.dispose());

    const create = async (run: NewRun) => {
      expect(await stores.runs.create(run)).toEqual({ kind: "created", runId: run.id });
      return run.id;
    };
    const claim = async (runId: RunId, options = LONG): Promise<RunLease> => {
      const claim = await stores.runs.claim(runId, options);
      if (claim.kind !== "claimed") throw new Error(`the run is ${claim.kind}`);
      return claim.lease;
    };
    const finish = (lease: RunLease) => stores.runs.append({ lease, events: [], states: [], end });
    const statusOf = async (runId: RunId) => (await stores.history.run(runId))!.status;

    describe("WorkflowStore", () => {
      it("keeps every revision byte for byte", async () => {
        const id = await storeWorkflow(stores.workflows);
        expect(await stores.workflows.save(id, text("second"), { baseRevision: 1, atMs: LATER })).toBe(2);
        expect(await stores.workflows.revision(id, 1)).toEqual({
          revision: 1,
          definition: text("first").definition,
          digest: "first",
          note: "",
          createdAtMs: AT,
        });
        expect((await stores.workflows.revisions(id)).map(({ revision }) => revision)).toEqual([2, 1]);
        expect(await stores.workflows.workflows([id])).toMatchObject([
          { name: "second", latestRevision: 2, activeRevision: undefined, createdAtMs: AT, updatedAtMs: LATER },
        ]);
      });

      it("makes no revision of what is the latest already", async () => {
        const id = await storeWorkflow(stores.workflows);
        expect(await stores.workflows.save(id, text("first"), { baseRevision: 1, atMs: LATER })).toBe(1);
        expect(await stores.workflows.revisions(id)).toHaveLength(1);
      });

      it("does not write over what somebody else saved", async () => {
        const id = await storeWorkflow(stores.workflows);
        await stores.workflows.save(id, text("theirs"), { baseRevision: 1, atMs: LATER });
        await expect(stores.workflows.save(id, text("mine"), { baseRevision: 1, atMs: LATER })).rejects.toMatchObject({
          code: "WORKFLOW_CHANGED",
        });
        expect((await stores.workflows.workflows([id]))[0]).toMatchObject({ name: "theirs", latestRevision: 2 });
      });

      it("lets one of two who save at the same time win", async () => {
        const id = await storeWorkflow(stores.workflows);
        const saved = await Promise.allSettled(
          ["a", "b"].map((name) => stores.workflows.save(id, text(name), { baseRevision: 1, atMs: LATER })),
        );
        expect(saved.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      });

      it("activates revisions that are there, and none", async () => {
        const id = await storeWorkflow(stores.workflows);
        await stores.workflows.activate(id, 1, LATER);
        expect((await stores.workflows.workflows([id]))[0]!.activeRevision).toBe(1);
        await expect(stores.workflows.activate(id, 2, LATER)).rejects.toMatchObject({ code: "NOT_FOUND" });
        await stores.workflows.activate(id, undefined, LATER);
        expect((await stores.workflows.workflows([id]))[0]!.activeRevision).toBeUndefined();
      });

      it("finds a workflow by the token of its webhook", async () => {
        const id = await storeWorkflow(stores.workflows);
        const [workflow] = await stores.workflows.workflows([id]);
        expect((await stores.workflows.byWebhookToken(workflow!.webhookToken))?.id).toBe(id);
        expect(await stores.workflows.byWebhookToken("another")).toBeUndefined();
      });

      it("deletes no workflow whose run has not ended, and starts no run of a deleted one", async () => {
        const id = await storeWorkflow(stores.workflows);
        const runId = await create(newRun(id));
        await expect(stores.workflows.archive(id, LATER)).rejects.toMatchObject({ code: "WORKFLOW_RUNNING" });
        await finish(await claim(runId));
        await stores.workflows.archive(id, LATER);
        expect(await stores.workflows.workflows([id])).toEqual([]);
        expect(await stores.runs.create(newRun(id))).toEqual({ kind: "unknown-workflow" });
        expect(await stores.runs.create(newRun(id, { concurrency: "queue" }))).toEqual({ kind: "unknown-workflow" });
        expect(await statusOf(runId)).toBe("succeeded");
        await expect(stores.workflows.archive(id, LATER)).rejects.toMatchObject({ code: "NOT_FOUND" });
      });
    });

    describe("RunStore.create", () => {
      it("gives back a run as it was asked for", async () => {
        const id = await storeWorkflow(stores.workflows);
        const { concurrency: _, ...asked } = newRun(id);
        await create({ ...asked, concurrency: "queue" });
        expect(await stores.history.run(asked.id)).toEqual({
          ...asked,
          number: expect.any(Number),
          workflowName: "first",
          isExclusive: true,
          status: "queued",
          startedAtMs: undefined,
          finishedAtMs: undefined,
          cancelledBy: undefined,
          code: undefined,
          message: undefined,
        });
      });

      it.each(["parallel", "queue", "skip"] as const)(
        "gives an occurrence one run, however often two processes bring it: %s",
        async (concurrency) => {
          const id = await storeWorkflow(stores.workflows);
          const delivered = Array.from({ length: 10 }, (_, i) =>
            (i % 2 ? stores.runs : stores.otherRuns).create(newRun(id, { instance: "cron:n1:1", concurrency })),
          );
          const outcomes = await Promise.all(delivered);
          expect(outcomes.filter(({ kind }) => kind === "created")).toHaveLength(1);
          expect(outcomes.filter(({ kind }) => kind === "repeated")).toHaveLength(9);
          expect(new Set(outcomes.map((outcome) => "runId" in outcome && outcome.runId)).size).toBe(1);
          expect(await stores.history.list(id, { before: undefined, limit: 10 })).toHaveLength(1);
        },
      );

      it("skips while a run has not ended, for one of many at the same time", async () => {
        const id = await storeWorkflow(stores.workflows);
        const outcomes = await Promise.all(
          Array.from({ length: 8 }, (_, i) =>
            (i % 2 ? stores.runs : stores.otherRuns).create(newRun(id, { concurrency: "skip" })),
          ),
        );
        const first = outcomes.find((outcome) => outcome.kind === "created")!;
        expect(outcomes.filter(({ kind }) => kind === "skipped")).toEqual(
          Array(7).fill({ kind: "skipped", because: first.runId }),
        );
        await finish(await claim(first.runId));
        await create(newRun(id, { concurrency: "skip" }));
      });

      it("numbers the reruns of an occurrence", async () => {
        const id = await storeWorkflow(stores.workflows);
        const first = await create(newRun(id, { instance: "manual:1" }));
        const rerun = { of: first, from: { nodeId: "n2" as NodeId } };
        const again = await Promise.all(
          [stores.runs, stores.otherRuns].map((runs) => runs.create(newRun(id, { instance: "manual:1", rerun }))),
        );
        expect(again.map(({ kind }) => kind)).toEqual(["created", "created"]);
        const [last] = await stores.history.list(id, { before: undefined, limit: 1 });
        expect(last!.rerun).toEqual(rerun);
      });
    });

    describe("RunStore.claim", () => {
      it("gives a run to one of many, and to the next when the lease is over", async () => {
        const id = await storeWorkflow(stores.workflows);
        const runId = await create(newRun(id));
        const claims = await Promise.all(
          [stores.runs, stores.otherRuns, stores.runs].map((runs) => runs.claim(runId, LONG)),
        );
        expect(claims.map(({ kind }) => kind).sort()).toEqual(["claimed", "held", "held"]);
        expect(claims.find(({ kind }) => kind === "claimed")).toMatchObject({
          run: { status: "running", startedAtMs: AT },
          lease: { runId, fence: 1 },
          hasRevision: true,
          states: { variables: {}, nodeStates: {} },
        });
        await stores.runs.look([{ runId, fence: 1 }], -1);
        expect(await stores.otherRuns.claim(runId, { ...LONG, nowMs: LATER })).toMatchObject({
          kind: "claimed",
          run: { startedAtMs: AT },
          lease: { fence: 2 },
        });
      });

      it("gives a run back at once when its worker releases it", async () => {
        const runId = await create(newRun(await storeWorkflow(stores.workflows)));
        const lease = await claim(runId);
        expect(await stores.otherRuns.claim(runId, LONG)).toEqual({ kind: "held", forMs: expect.any(Number) });
        await stores.runs.release(lease);
        expect(await stores.otherRuns.claim(runId, LONG)).toMatchObject({ kind: "claimed", lease: { fence: 2 } });
      });

      it("lets runs that exclude one another work one after another", async () => {
        const id = await storeWorkflow(stores.workflows);
        const concurrency = "queue";
        const first = await create(newRun(id, { concurrency }));
        const second = await create(newRun(id, { concurrency }));
        const beside = await create(newRun(id));
        expect(await stores.runs.claim(second, LONG)).toEqual({ kind: "waiting" });
        const runIds = [first, second, beside];
        const free = async () => (await stores.runs.free({ runIds, limit: 10 })).map(({ runId }) => runId);
        const onTurn = async () => (await stores.runs.onTurn([id])).map(({ runId }) => runId);
        expect(await free()).toEqual([first, beside]);
        expect(await onTurn()).toEqual([first]);
        const lease = await claim(first);
        expect(await free()).toEqual([beside]);
        expect(await onTurn()).toEqual([]);
        await finish(lease);
        expect(await free()).toEqual([second, beside]);
        expect(await onTurn()).toEqual([second]);
        await claim(second);
      });

      it("tells that a run has ended, or never was", async () => {
        const runId = await create(newRun(await storeWorkflow(stores.workflows)));
        await finish(await claim(runId));
        expect(await stores.runs.claim(runId, LONG)).toEqual({ kind: "ended" });
        expect(await stores.runs.claim(randomUUID() as RunId, LONG)).toEqual({ kind: "unknown" });
      });
    });

    describe("RunStore.append", () => {
      it("keeps events byte for byte, in their order", async () => {
        const runId = await create(newRun(await storeWorkflow(stores.workflows)));
        const lease = await claim(runId);
        await stores.runs.append({ lease, events: [event(0), event(1, { item: "HPG" })], states: [], end: undefined });
        await stores.runs.append({ lease, events: [event(2, { code: "INTERNAL" })], states: [], end });
        expect(await stores.history.events(runId, { from: 0, limit: 10 })).toEqual(
          [0, 1, 2].map((sequence) => event(sequence).payload),
        );
        expect(await stores.history.events(runId, { from: 1, limit: 1 })).toEqual([event(1).payload]);
        expect(await stores.history.run(runId)).toMatchObject({ status: "succeeded", finishedAtMs: LATER });
      });

      it("takes nothing from a worker whose run another one has", async () => {
        const id = await storeWorkflow(stores.workflows);
        const runId = await create(newRun(id));
        const stale = await claim(runId, OVER);
        const lease = await claim(runId, LONG);
        const state = { kind: "variable", name: "seen", value: "1" } as const;
        const both = await Promise.allSettled([
          stores.runs.append({ lease: stale, events: [event(0, { payload: "0" })], states: [state], end }),
          stores.runs.append({ lease, events: [event(0)], states: [], end: undefined }),
        ]);
        expect(both).toEqual([
          { status: "rejected", reason: expect.objectContaining({ code: "WORKFLOW_RUN_TAKEN_OVER" }) },
          { status: "fulfilled", value: undefined },
        ]);
        expect(await stores.history.events(runId, { from: 0, limit: 10 })).toEqual([event(0).payload]);
        expect(await statusOf(runId)).toBe("running");
        expect(await stores.runs.look([stale, lease])).toEqual(
          expect.arrayContaining([
            { runId, isHeld: false, cancelledBy: undefined },
            { runId, isHeld: true, cancelledBy: undefined },
          ]),
        );
      });

      it("takes nothing after the end", async () => {
        const runId = await create(newRun(await storeWorkflow(stores.workflows)));
        const lease = await claim(runId);
        await finish(lease);
        await expect(
          stores.runs.append({ lease, events: [event(0)], states: [], end: undefined }),
        ).rejects.toMatchObject({ code: "WORKFLOW_RUN_TAKEN_OVER" });
      });

      it("leaves states for the next run with the events that set them, of many the last", async () => {
        const id = await storeWorkflow(stores.workflows);
        const [one, two, next] = [await create(newRun(id)), await create(newRun(id)), await create(newRun(id))];
        const leases = [await claim(one), await claim(two)];
        const set = (lease: RunLease, value: string) =>
          stores.runs.append({
            lease,
            events: [event(0)],
            states: [
              { kind: "variable", name: "stop", value: "0" },
              { kind: "variable", name: "stop", value },
              { kind: "node", name: "n3[HPG]", value: '{"high":27.5}' },
            ],
            end: undefined,
          });
        await Promise.all([set(leases[0]!, "26.5"), set(leases[1]!, '"flat"')]);
        expect(await stores.runs.claim(next, LONG)).toMatchObject({
          states: { variables: { stop: expect.toBeOneOf([26.5, "flat"]) }, nodeStates: { "n3[HPG]": { high: 27.5 } } },
        });
      });

      it("takes the entries of many runs at a time", async () => {
        const id = await storeWorkflow(stores.workflows);
        const ids = await Promise.all(Array.from({ length: 60 }, () => create(newRun(id))));
        const leases = await Promise.all(ids.map((runId) => claim(runId)));
        await Promise.all(
          leases.map((lease) => stores.runs.append({ lease, events: [event(0), event(1)], states: [], end })),
        );
        const logs = await Promise.all(ids.map((runId) => stores.history.events(runId, { from: 0, limit: 10 })));
        expect(logs).toEqual(ids.map(() => [event(0).payload, event(1).payload]));
      });
    });

    describe("RunStore.cancel", () => {
      it("ends a run at once that nobody began", async () => {
        const runId = await create(newRun(await storeWorkflow(stores.workflows)));
        expect(await stores.runs.cancel(runId, { by: "ana", nowMs: LATER })).toMatchObject({
          status: "cancelled",
          cancelledBy: "ana",
          finishedAtMs: LATER,
        });
        expect(await stores.runs.claim(runId, LONG)).toEqual({ kind: "ended" });
      });

      it("tells the worker of any other, and changes nothing of one that has ended", async () => {
        const runId = await create(newRun(await storeWorkflow(stores.workflows)));
        const lease = await claim(runId);
        expect(await stores.otherRuns.cancel(runId, { by: "ana", nowMs: LATER })).toMatchObject({ status: "running" });
        expect(await stores.runs.look([lease])).toEqual([{ runId, isHeld: true, cancelledBy: "ana" }]);
        await finish(lease);
        expect(await stores.runs.cancel(runId, { by: "bob", nowMs: LATER })).toMatchObject({
          status: "succeeded",
          cancelledBy: "ana",
        });
        expect(await stores.runs.cancel(randomUUID() as RunId, { by: "ana", nowMs: LATER })).toBeUndefined();
      });
    });

    describe("RunHistory", () => {
      it("lists runs of a workflow in pages, and the last of each", async () => {
        const id = await storeWorkflow(stores.workflows);
        const ids = [await create(newRun(id)), await create(newRun(id)), await create(newRun(id))];
        const first = await stores.history.list(id, { before: undefined, limit: 2 });
        expect(first.map((run) => run.id)).toEqual([ids[2], ids[1]]);
        const rest = await stores.history.list(id, { before: first[1]!.number, limit: 2 });
        expect(rest.map((run) => run.id)).toEqual([ids[0]]);
        expect((await stores.history.lastRuns()).find((run) => run.workflowId === id)?.id).toBe(ids[2]);
        expect(await stores.history.lastNumber()).toBe(first[0]!.number);
        const since = await stores.history.since({ after: first[1]!.number, ids: [ids[0]!], limit: 10 });
        expect(since.map((run) => run.id)).toEqual([ids[0], ids[2]]);
      });

      it("gives back kept outputs, each kept once", async () => {
        const bytes = Uint8Array.from({ length: 1_000 }, (_, i) => i);
        const digest = await stores.runs.keepOutput(bytes);
        expect(digest).toMatch(/^[0-9a-f]{64}$/);
        expect(await stores.runs.keepOutput(bytes)).toBe(digest);
        expect(Uint8Array.from((await stores.history.output(digest))!)).toEqual(bytes);
        expect(await stores.history.output("0")).toBeUndefined();
      });
    });
  });
}
