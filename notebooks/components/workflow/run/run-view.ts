import type {
  PortPreview,
  RunAnswer,
  RunEventMessage,
  RunSummary,
  StepSummary,
} from "../../../contracts/workflow-api.js";

/** A run as the canvas shows it: what is known of it and of each of its steps. */
export interface RunView {
  readonly run: RunSummary;
  /** By step name: `n3`, or `n3[HPG]` within a loop. */
  readonly steps: ReadonlyMap<string, StepView>;
  readonly nextSequence: number;
}

export type StepView = Pick<
  StepSummary,
  | "nodeId"
  | "item"
  | "state"
  | "attempts"
  | "durationMs"
  | "code"
  | "message"
  | "pruneReason"
  | "because"
  | "note"
  | "reused"
> & {
  readonly startedAtMs: number | null;
  readonly inputs: Readonly<Record<string, readonly PortPreview[]>>;
  readonly outputs: Readonly<Record<string, PortPreview>>;
};

/** What the server says of a run at once. Events from `nextSequence` on carry it further. */
export function runViewOf({ run, steps }: RunAnswer): RunView {
  return {
    run,
    steps: new Map(
      steps.map(({ stepName, inputsPreview, outputsPreview, ...step }) => [
        stepName,
        { ...step, inputs: inputsPreview, outputs: outputsPreview },
      ]),
    ),
    nextSequence: 0,
  };
}

/** The view after these events; events that were seen before change nothing. */
export function withEvents(view: RunView, events: readonly RunEventMessage[]): RunView {
  const news = events.filter(({ sequence }) => sequence >= view.nextSequence);
  if (news.length === 0) return view;
  const steps = new Map(view.steps);
  let { run } = view;
  for (const event of news) {
    run = runAfter(run, event);
    if (event.nodeId === undefined) continue;
    const name = event.item === undefined ? event.nodeId : `${event.nodeId}[${event.item}]`;
    steps.set(name, stepAfter(steps.get(name) ?? newStep(event), event));
  }
  return { run, steps, nextSequence: (news.at(-1)?.sequence ?? 0) + 1 };
}

function runAfter(run: RunSummary, event: RunEventMessage): RunSummary {
  if (event.kind === "run-started") return { ...run, status: "running", startedAtMs: event.atMs };
  if (event.kind === "cancel-requested") return { ...run, isCancelRequested: true };
  if (event.kind !== "run-finished") return run;
  return {
    ...run,
    status: event.status ?? run.status,
    finishedAtMs: event.atMs,
    message: event.message ?? run.message,
  };
}

function newStep({ nodeId = "", item }: RunEventMessage): StepView {
  return {
    nodeId,
    item: item ?? null,
    state: "waiting",
    attempts: 0,
    startedAtMs: null,
    durationMs: null,
    code: null,
    message: null,
    pruneReason: null,
    because: null,
    note: null,
    reused: null,
    inputs: {},
    outputs: {},
  };
}

function stepAfter(step: StepView, event: RunEventMessage): StepView {
  const ended = step.startedAtMs === null ? null : Math.max(0, event.atMs - step.startedAtMs);
  switch (event.kind) {
    case "step-started":
      return {
        ...step,
        state: "running",
        attempts: event.attempt ?? step.attempts + 1,
        startedAtMs: step.startedAtMs ?? event.atMs,
      };
    case "attempt-failed":
      return { ...step, state: "retrying", code: event.code ?? null, message: event.message ?? null };
    case "step-failed":
      return { ...step, state: "failed", code: event.code ?? null, message: event.message ?? null, durationMs: ended };
    case "step-pruned":
      return {
        ...step,
        state: "pruned",
        pruneReason: event.reason ?? null,
        because: event.because ?? null,
        note: event.note ?? null,
      };
    case "step-succeeded":
      return {
        ...step,
        state: "succeeded",
        code: null,
        message: null,
        durationMs: ended,
        reused: event.reused ?? null,
        note: event.note ?? null,
        outputs: event.outputs ?? {},
      };
    default:
      return step;
  }
}

/** What a node's card shows: its one step, or the worst of a loop's items with how many there are. */
export interface NodeRunState {
  readonly step: StepView;
  readonly items: number;
  readonly failedItems: number;
}

const WORST_FIRST = ["failed", "running", "retrying", "waiting", "succeeded", "pruned"] as const;

/** By node id. */
export function nodeRunStates({ steps }: RunView): ReadonlyMap<string, NodeRunState> {
  const states = new Map<string, NodeRunState>();
  for (const step of steps.values()) {
    const known = states.get(step.nodeId);
    const isWorse = known === undefined || WORST_FIRST.indexOf(step.state) < WORST_FIRST.indexOf(known.step.state);
    states.set(step.nodeId, {
      step: isWorse ? step : known.step,
      items: (known?.items ?? 0) + (step.item === null ? 0 : 1),
      failedItems: (known?.failedItems ?? 0) + (step.item !== null && step.state === "failed" ? 1 : 0),
    });
  }
  return states;
}

export function isOver({ status }: Pick<RunSummary, "status">): boolean {
  return status !== "queued" && status !== "running";
}
