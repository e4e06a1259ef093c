import type { PortValue } from "../port-value.js";
import { type StepKey, stepName } from "../run-event.js";
import { type EndedStep, isEnded, type RunState, type StepState } from "../run-state.js";
import { type EdgeOutcome, edgeValue, gatherInputs, type PrunedInputs, type RunnableInputs } from "../step-inputs.js";
import type { PlannedEdge, PlannedLoop, PlannedNode, WorkflowPlan } from "../workflow-plan.js";
import { gatherLoop, type LoopOutcome } from "./loop-table.js";
import { ReadyQueue } from "./ready-queue.js";

/** A step and its place: nodes stand as in the plan, behind them the bodies of expanded loops, item by item. */
export interface StepSlot {
  readonly index: number;
  readonly planned: PlannedNode;
  readonly key: StepKey;
  readonly name: string;
}

/** What follows for a step without its node being run. */
export type Conclusion =
  | { readonly slot: StepSlot; readonly verdict: PrunedInputs }
  | { readonly slot: StepSlot; readonly loop: LoopOutcome };

export interface ExpandedLoop {
  readonly plan: PlannedLoop;
  readonly items: readonly string[];
  /** Place of the first step of the body. */
  readonly base: number;
  /** Steps of the body that have not ended. */
  open: number;
}

/**
 * What can be done next in a run: kept up to date step by step, at a cost that depends on the edges of the step alone.
 * A node waits until every edge that ends at it has settled; a loop waits for what its body takes from outside, too,
 * so that a body needs no more than its items.
 */
export class RunFrontier {
  readonly slots: StepSlot[];
  readonly #plan: WorkflowPlan;
  readonly #ended: (EndedStep | undefined)[];
  /** Of each step, edges that have not settled. */
  readonly #waiting: number[];
  readonly #verdicts: (RunnableInputs | undefined)[] = [];
  readonly #loopPlans: ReadonlyMap<number, PlannedLoop>;
  readonly #loops = new Map<number, ExpandedLoop>();
  /** Place of each node within the body it is in. */
  readonly #bodyPlace: Int32Array;
  readonly #ready = new ReadyQueue();
  readonly #conclusions: Conclusion[] = [];
  #concluded = 0;

  /** @param interrupted receives the steps that were at work when the run was cut off, in the order they were begun */
  constructor(plan: WorkflowPlan, state: RunState, interrupted: (slot: StepSlot, step: StepState) => void = () => {}) {
    this.#plan = plan;
    this.slots = plan.nodes.map((planned) => slotOf(planned.index, planned));
    this.#ended = this.slots.map(({ name }) => endedOf(state.steps.get(name)));
    this.#waiting = plan.nodes.map(() => 0);
    this.#loopPlans = new Map(plan.loops.map((loop) => [loop.index, loop]));
    this.#bodyPlace = new Int32Array(plan.nodes.length);
    for (const { body } of plan.loops) for (let i = 0; i < body.length; i++) this.#bodyPlace[body[i]!] = i;
    for (const planned of plan.nodes) {
      for (const { target } of planned.outgoing) {
        const waiter = this.#waiterOf(planned, target);
        if (waiter >= 0 && !this.#ended[planned.index]) this.#waiting[waiter]!++;
      }
    }
    for (const [loopId, items] of state.loopItems) {
      const index = plan.indexOf.get(loopId);
      if (index !== undefined) this.#allocate(index, items, state);
    }
    this.#open(state, interrupted);
  }

  get readyCount(): number {
    return this.#ready.size;
  }

  /** The ready step with the least place; undefined when none is. */
  takeReady(): StepSlot | undefined {
    const index = this.#ready.pop();
    return index === undefined ? undefined : this.slots[index];
  }

  /** The next step that ends without being run; undefined when none does. Its end has to be told by `settle`. */
  takeConclusion(): Conclusion | undefined {
    if (this.#concluded === this.#conclusions.length) {
      this.#conclusions.length = 0;
      this.#concluded = 0;
      return undefined;
    }
    return this.#conclusions[this.#concluded++];
  }

  /** What a step takes; only for one whose edges have settled and that can run, and once. */
  takeInputs(slot: StepSlot): RunnableInputs {
    const verdict = this.#verdicts[slot.index] ?? (this.#verdict(slot) as RunnableInputs);
    this.#verdicts[slot.index] = undefined;
    return verdict;
  }

  /** A step has ended. */
  settle(slot: StepSlot, ended: EndedStep): void {
    if (this.#ended[slot.index]) return;
    this.#ended[slot.index] = ended;
    const { planned } = slot;
    if (slot.key.item === undefined) {
      for (const { target } of planned.outgoing) this.#release(this.#waiterOf(planned, target));
      this.#pruneBody(slot);
      return;
    }
    const loop = this.#loops.get(planned.loop)!;
    const first = slot.index - this.#bodyPlace[planned.index]!;
    for (const { target } of planned.outgoing) {
      if (this.#plan.nodes[target]!.loop === planned.loop) this.#release(first + this.#bodyPlace[target]!);
    }
    if (--loop.open === 0) this.#conclude(loop);
  }

  /** A loop has its items. */
  expand(slot: StepSlot, items: readonly string[], state: RunState): void {
    const loop = this.#allocate(slot.planned.index, items, state);
    this.#openBody(loop, state, () => {});
    if (items.length === 0) this.#pruneBody(slot);
    if (loop.open === 0) this.#conclude(loop);
  }

  /** Which step's edges count the edge from a node to a target; −1 when it is waited for in another way. */
  #waiterOf(source: PlannedNode, target: number): number {
    const { loop } = this.#plan.nodes[target]!;
    if (source.loop >= 0) return -1;
    if (loop < 0) return target;
    return loop === source.index ? -1 : loop;
  }

  #release(index: number): void {
    if (index < 0 || --this.#waiting[index]! > 0 || this.#ended[index]) return;
    this.#decide(this.slots[index]!);
  }

  #decide(slot: StepSlot): void {
    const verdict = this.#verdict(slot);
    if (verdict.kind === "run") {
      this.#verdicts[slot.index] = verdict;
      this.#ready.push(slot.index);
    } else this.#conclusions.push({ slot, verdict });
  }

  #verdict({ index, planned, key }: StepSlot): RunnableInputs | PrunedInputs {
    if (planned.node.data.isDisabled) return { kind: "prune", reason: "disabled", because: planned.node.id };
    if (key.item === undefined) return gatherInputs(planned, ({ source }) => this.#ended[source]);
    const first = index - this.#bodyPlace[planned.index]!;
    return gatherInputs(planned, (edge) => this.#outcomeWithin(planned, first, key.item!, edge));
  }

  /** What an edge brought to a step of a body whose steps for the same item begin at `first`. */
  #outcomeWithin({ loop }: PlannedNode, first: number, item: string, { source, edge }: PlannedEdge): EdgeOutcome {
    if (source === loop) return valueForBody(edge.sourceHandle, item);
    const isInside = this.#plan.nodes[source]!.loop === loop;
    return this.#ended[isInside ? first + this.#bodyPlace[source]! : source];
  }

  #allocate(loopIndex: number, items: readonly string[], state: RunState): ExpandedLoop {
    const plan = this.#loopPlans.get(loopIndex)!;
    const loop: ExpandedLoop = { plan, items, base: this.slots.length, open: items.length * plan.body.length };
    this.#loops.set(loopIndex, loop);
    for (const item of items) {
      const first = this.slots.length;
      for (const index of plan.body) {
        const slot = slotOf(this.slots.length, this.#plan.nodes[index]!, item);
        const ended = endedOf(state.steps.get(slot.name));
        this.slots.push(slot);
        this.#ended.push(ended);
        this.#waiting.push(0);
        if (ended) loop.open--;
      }
      for (const index of plan.body) {
        if (this.#ended[first + this.#bodyPlace[index]!]) continue;
        for (const { target } of this.#plan.nodes[index]!.outgoing) {
          if (this.#plan.nodes[target]!.loop === loopIndex) this.#waiting[first + this.#bodyPlace[target]!]!++;
        }
      }
    }
    return loop;
  }

  #open(state: RunState, interrupted: (slot: StepSlot, step: StepState) => void): void {
    const open = new Map<string, StepSlot>();
    for (const slot of this.slots.slice(0, this.#plan.nodes.length)) {
      if (this.#ended[slot.index]) {
        this.#pruneBody(slot);
        continue;
      }
      const step = state.steps.get(slot.name);
      if (step && step.kind !== "looping") open.set(slot.name, slot);
      else if (!step && slot.planned.loop < 0 && this.#waiting[slot.index] === 0) this.#decide(slot);
    }
    for (const loop of this.#loops.values()) {
      this.#openBody(loop, state, (slot) => open.set(slot.name, slot));
      const slot = this.slots[loop.plan.index]!;
      if (this.#ended[slot.index]) continue;
      if (loop.items.length === 0) this.#pruneBody(slot);
      if (loop.open === 0) this.#conclude(loop);
    }
    if (open.size === 0) return;
    for (const [name, step] of state.steps) {
      const slot = open.get(name);
      if (slot) interrupted(slot, step);
    }
  }

  #openBody({ base, items, plan }: ExpandedLoop, state: RunState, begun: (slot: StepSlot) => void): void {
    for (let index = base; index < base + items.length * plan.body.length; index++) {
      if (this.#ended[index]) continue;
      const slot = this.slots[index]!;
      if (state.steps.has(slot.name)) begun(slot);
      else if (this.#waiting[index] === 0) this.#decide(slot);
    }
  }

  #conclude({ plan, items, base }: ExpandedLoop): void {
    const endedAt = (item: number, node: number) =>
      this.#ended[base + item * plan.body.length + this.#bodyPlace[node]!];
    const columnValue = (item: number, collect: PlannedNode) => {
      const edge = collect.inputs.find(({ port }) => port.name === "value")?.edges[0];
      if (!edge) return undefined;
      const first = base + item * plan.body.length;
      return edgeValue(edge, this.#outcomeWithin(collect, first, items[item]!, edge));
    };
    const loop = gatherLoop(plan, this.#plan, items, endedAt, columnValue);
    this.#conclusions.push({ slot: this.slots[plan.index]!, loop });
  }

  /** Nodes of a body that is never begun end with their loop. */
  #pruneBody(slot: StepSlot): void {
    const plan = this.#loopPlans.get(slot.index);
    if (!plan || (this.#loops.get(slot.index)?.items.length ?? 0) > 0) return;
    const verdict = unbegunBody(slot, this.#ended[slot.index]);
    for (const index of plan.body) {
      if (!this.#ended[index]) this.#conclusions.push({ slot: this.slots[index]!, verdict });
    }
  }
}

function unbegunBody({ planned }: StepSlot, loop: EndedStep | undefined): PrunedInputs {
  const because = planned.node.id;
  if (loop?.kind === "failed") return { kind: "prune", reason: "upstream-failed", because };
  if (loop?.kind === "pruned") return { kind: "prune", reason: "upstream-pruned", because };
  const note = loop?.result.reused ? "the table of the loop was there already" : "the loop has no items";
  return { kind: "prune", reason: "condition-false", because, note };
}

function valueForBody(port: string, item: string): PortValue | undefined {
  if (port === "item") return { type: "text", value: item };
  return port === "run" ? { type: "boolean", value: true } : undefined;
}

function slotOf(index: number, planned: PlannedNode, item?: string): StepSlot {
  const key = item === undefined ? { nodeId: planned.node.id } : { nodeId: planned.node.id, item };
  return { index, planned, key, name: stepName(key) };
}

function endedOf(step: StepState | undefined): EndedStep | undefined {
  return isEnded(step) ? step : undefined;
}
