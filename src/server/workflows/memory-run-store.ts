import type { WorkflowId } from "../../engine/workflow/workflow-ids.js";
import { outputDigest } from "../../store/queries/workflow-run-events.js";
import type { RunClaim } from "../../store/queries/workflow-run-leases.js";
import type { NewRun, RunCreation, StoredRun } from "../../store/queries/workflow-runs.js";
import { takenOver } from "./database-run-store.js";
import type { WorkflowMemory } from "./memory-workflow-store.js";
import type { RunHistory, RunStore } from "./run-store.js";

/** A run in memory, with its log. */
export interface MemoryRun {
  run: StoredRun;
  readonly reruns: number;
  fence: number;
  leaseUntilMs: number | undefined;
  readonly events: string[];
}

/** For tests and demonstrations; `nowMs` is what leases are measured on. */
export function memoryRunStore(memory: WorkflowMemory, nowMs: () => number): RunStore {
  const { runs } = memory;
  const unfinished = ({ run }: MemoryRun) => run.status === "queued" || run.status === "running";
  const ofWorkflow = (id: WorkflowId) => [...runs.values()].filter(({ run }) => run.workflowId === id);
  const isBehind = ({ run }: MemoryRun) =>
    run.isExclusive &&
    ofWorkflow(run.workflowId).some(
      (other) => other.run.isExclusive && unfinished(other) && other.run.number < run.number,
    );
  const isLeased = ({ leaseUntilMs }: MemoryRun) => leaseUntilMs !== undefined && leaseUntilMs >= nowMs();
  const isFree = (entry: MemoryRun) => unfinished(entry) && !isLeased(entry) && !isBehind(entry);
  return {
    create: async (run) => created(memory, run),
    async claim(runId, options): Promise<RunClaim> {
      const entry = runs.get(runId);
      if (!entry) return { kind: "unknown" };
      if (!unfinished(entry)) return { kind: "ended" };
      if (isBehind(entry)) return { kind: "waiting" };
      if (isLeased(entry)) return { kind: "held", forMs: entry.leaseUntilMs! - nowMs() };
      entry.fence++;
      entry.leaseUntilMs = nowMs() + options.leaseMs;
      entry.run = { ...entry.run, status: "running", startedAtMs: entry.run.startedAtMs ?? options.nowMs };
      const { workflowId, revision } = entry.run;
      return {
        kind: "claimed",
        run: entry.run,
        lease: { runId, fence: entry.fence },
        hasRevision: memory.revisions.get(workflowId)?.some((stored) => stored.revision === revision) ?? false,
        states: statesOf(memory, workflowId),
      };
    },
    async append({ lease, events, states, end }) {
      const entry = runs.get(lease.runId);
      if (!entry || entry.fence !== lease.fence || entry.run.status !== "running") throw takenOver(lease.runId);
      for (const { payload } of events) entry.events.push(payload);
      const kept = memory.states.get(entry.run.workflowId) ?? new Map();
      for (const state of states) kept.set(`${state.kind} ${state.name}`, state);
      memory.states.set(entry.run.workflowId, kept);
      if (end) entry.run = { ...entry.run, ...end };
    },
    async look(leases, leaseMs) {
      return leases.flatMap(({ runId, fence }) => {
        const entry = runs.get(runId);
        if (!entry) return [];
        const isHeld = entry.fence === fence && entry.run.status === "running";
        if (isHeld && leaseMs !== undefined) entry.leaseUntilMs = nowMs() + leaseMs;
        return [{ runId, isHeld, cancelledBy: entry.run.cancelledBy }];
      });
    },
    async release({ runId, fence }) {
      const entry = runs.get(runId);
      if (entry?.fence === fence) entry.leaseUntilMs = undefined;
    },
    async cancel(runId, { by, nowMs: atMs }) {
      const entry = runs.get(runId);
      if (!entry || !unfinished(entry)) return entry?.run;
      const cancelledBy = entry.run.cancelledBy ?? by;
      entry.run =
        entry.run.status === "queued"
          ? { ...entry.run, cancelledBy, status: "cancelled", finishedAtMs: atMs }
          : { ...entry.run, cancelledBy };
      return entry.run;
    },
    async free({ runIds, limit }) {
      return [...runs.values()]
        .filter(isFree)
        .map(({ run }) => ({ runId: run.id, workflowId: run.workflowId }))
        .filter(({ runId }) => runIds?.includes(runId) ?? true)
        .slice(0, limit);
    },
    async onTurn(workflowIds) {
      const waiting = workflowIds.flatMap((id) =>
        ofWorkflow(id).filter((entry) => entry.run.isExclusive && isFree(entry)),
      );
      return waiting.map(({ run }) => ({ runId: run.id, workflowId: run.workflowId }));
    },
    async keepOutput(bytes) {
      const digest = outputDigest(bytes);
      memory.outputs.set(digest, bytes);
      return digest;
    },
  };
}

export function memoryRunHistory({ runs, workflows, outputs }: WorkflowMemory): RunHistory {
  const all = () => [...runs.values()].map(({ run }) => run);
  return {
    run: async (runId) => runs.get(runId)?.run,
    list: async (workflowId, { before, limit }) =>
      all()
        .filter((run) => run.workflowId === workflowId && (before === undefined || run.number < before))
        .reverse()
        .slice(0, limit),
    lastRuns: async () =>
      [...workflows.keys()].flatMap((id) => all().findLast(({ workflowId }) => workflowId === id) ?? []),
    since: async ({ after, ids, limit }) =>
      all()
        .filter(({ id, number }) => number > after || ids.includes(id))
        .slice(0, limit),
    lastNumber: async () => runs.size,
    events: async (runId, { from, limit }) => (runs.get(runId)?.events ?? []).slice(from, from + limit),
    output: async (digest) => outputs.get(digest),
  };
}

function created({ runs, workflows }: WorkflowMemory, asked: NewRun): RunCreation {
  const workflow = workflows.get(asked.workflowId);
  if (!workflow) return { kind: "unknown-workflow" };
  const ofOccurrence = [...runs.values()].filter(
    ({ run }) => run.workflowId === asked.workflowId && run.trigger.instance === asked.trigger.instance,
  );
  const isRerun = asked.rerun !== undefined;
  const same = isRerun ? undefined : ofOccurrence.find(({ reruns }) => reruns === 0);
  if (same) return { kind: "repeated", runId: same.run.id };
  const busy = [...runs.values()].find(
    ({ run }) =>
      run.workflowId === asked.workflowId && run.isExclusive && (run.status === "queued" || run.status === "running"),
  );
  if (asked.concurrency === "skip" && !isRerun && busy) return { kind: "skipped", because: busy.run.id };
  const { concurrency, ...facts } = asked;
  const run: StoredRun = {
    ...facts,
    number: runs.size + 1,
    workflowName: workflow.name,
    isExclusive: concurrency !== "parallel",
    status: "queued",
    startedAtMs: undefined,
    finishedAtMs: undefined,
    cancelledBy: undefined,
    code: undefined,
    message: undefined,
  };
  const reruns = isRerun ? Math.max(0, ...ofOccurrence.map((other) => other.reruns)) + 1 : 0;
  runs.set(run.id, { run, reruns, fence: 0, leaseUntilMs: undefined, events: [] });
  return { kind: "created", runId: run.id };
}

function statesOf({ states }: WorkflowMemory, workflowId: WorkflowId) {
  const kept = [...(states.get(workflowId)?.values() ?? [])];
  const ofKind = (wanted: string) =>
    Object.fromEntries(kept.filter(({ kind }) => kind === wanted).map(({ name, value }) => [name, JSON.parse(value)]));
  return { variables: ofKind("variable"), nodeStates: ofKind("node") };
}
