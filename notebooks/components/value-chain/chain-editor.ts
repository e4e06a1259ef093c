import type { ValueChainChanged, ValueChainChangeRequest } from "../../contracts/value-chain.js";
import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import { askCompanion, type ChangeOutcome, sendChange, undoLastChange } from "./companion.js";

/** The graph with a change put in: elements of the same id are replaced, removed ones taken out, new ones come last. */
export function withChange(chain: ValueChain, changed: ValueChainChanged): ValueChain {
  return {
    nodes: withElements(chain.nodes, changed.nodes, changed.removedNodeIds),
    edges: withElements(chain.edges, changed.edges, changed.removedEdgeIds),
  };
}

function withElements<Element extends { readonly id: string }>(
  elements: readonly Element[],
  written: readonly Element[],
  removed: readonly string[],
): Element[] {
  const writtenById = new Map(written.map((element) => [element.id, element]));
  const gone = new Set(removed);
  const kept = elements.filter(({ id }) => !gone.has(id)).map((element) => writtenById.get(element.id) ?? element);
  const known = new Set(kept.map(({ id }) => id));
  return [...kept, ...written.filter(({ id }) => !known.has(id))];
}

/** The graph that the page shows and, when a workbench answers, may change. */
export class ChainEditor {
  #chain: ValueChain;
  #revision: number | undefined;
  #hasChanged = false;
  readonly #listeners = new Set<() => void>();

  constructor(chain: ValueChain) {
    this.#chain = chain;
    void this.reload();
  }

  get chain(): ValueChain {
    return this.#chain;
  }

  get isEditable(): boolean {
    return this.#revision !== undefined;
  }

  /** Whether this page changed something that could be taken back. */
  get canUndo(): boolean {
    return this.#hasChanged;
  }

  /** Calls `listener` now, and after each change of the graph or of whether it can be changed. */
  follow(listener: () => void): () => void {
    this.#listeners.add(listener);
    listener();
    return () => this.#listeners.delete(listener);
  }

  /** Calls `notify` with the graph now and each time it is another one, as Framework's `Generators.observe` wants. */
  followChain(notify: (chain: ValueChain) => void): () => void {
    let last: ValueChain | undefined;
    return this.follow(() => {
      if (last !== this.#chain) notify(this.#chain);
      last = this.#chain;
    });
  }

  /** Takes the graph as the workbench has it now. */
  async reload(): Promise<void> {
    const answer = await askCompanion();
    if (!answer) return;
    this.#revision = answer.revision;
    const { nodes, edges } = answer;
    if (!isSameChain({ nodes, edges }, this.#chain)) this.#chain = { nodes, edges };
    this.#tell();
  }

  async change(change: ValueChainChangeRequest["change"]): Promise<ChangeOutcome> {
    return this.#take(await sendChange(this.#revision ?? 0, change), true);
  }

  async undo(): Promise<ChangeOutcome> {
    return this.#take(await undoLastChange(this.#revision ?? 0), false);
  }

  #take(outcome: ChangeOutcome, canUndo: boolean): ChangeOutcome {
    if (outcome.kind !== "done") return outcome;
    this.#revision = outcome.changed.revision;
    this.#chain = withChange(this.#chain, outcome.changed);
    this.#hasChanged = canUndo;
    this.#tell();
    return outcome;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Whether two graphs say the same of the same elements, in whatever order their fields stand. */
function isSameChain(first: ValueChain, second: ValueChain): boolean {
  const text = (element: object) => {
    const said = Object.entries(element).filter(([, value]) => value !== undefined && value !== null);
    return JSON.stringify(said.sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const texts = ({ nodes, edges }: ValueChain) => [...nodes, ...edges].map(text).sort().join("\n");
  return texts(first) === texts(second);
}
