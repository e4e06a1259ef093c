import type { EdgeKind, ValueChain } from "../../engine/value-chain/value-chain.js";
import { MOST_LAYERED_EDGES } from "./layered-layout.js";
import type { LayoutRequest } from "./layout-worker.js";
import type { LayoutGraph, Positions } from "./positions.js";

export const LAYOUTS = [
  { value: "force", label: "Forces" },
  { value: "layers", label: "Layers" },
] as const;

export type LayoutName = (typeof LAYOUTS)[number]["value"];

export function isLayoutName(text: string): boolean {
  return LAYOUTS.some(({ value }) => value === text);
}

/** Says who is alike, not who depends on whom: layers would put one of two competitors behind the other. */
const UNLAYERED_KIND: EdgeKind = "competitor-of";

/** The layout that is drawn: a graph too large for layers is drawn by forces. */
export function feasibleLayout(chain: ValueChain, wanted: LayoutName): LayoutName {
  return chain.edges.length > MOST_LAYERED_EDGES ? "force" : wanted;
}

/** A graph as the layouts take it; edges whose ends are not among the nodes are left out. */
export function layoutGraph(chain: ValueChain, layout: LayoutName): LayoutGraph {
  const indexes = new Map(chain.nodes.map(({ id }, index) => [id, index]));
  const edges = chain.edges
    .filter(({ kind }) => layout === "force" || kind !== UNLAYERED_KIND)
    .map(({ sourceId, targetId }) => [indexes.get(sourceId), indexes.get(targetId)] as const)
    .filter((ends): ends is readonly [number, number] => ends[0] !== undefined && ends[1] !== undefined);
  return {
    ids: chain.nodes.map(({ id }) => id),
    sources: Int32Array.from(edges, ([source]) => source),
    targets: Int32Array.from(edges, ([, target]) => target),
  };
}

/** Lays graphs out in a worker, so that the page answers meanwhile; a graph asked for again is not computed again. */
export class LayoutWorker {
  #worker: Worker | undefined;
  #count = 0;
  readonly #waiting = new Map<number, { resolve(positions: Positions): void; reject(error: Error): void }>();
  readonly #known = new Map<string, Promise<Positions>>();

  layout(chain: ValueChain, wanted: LayoutName): Promise<Positions> {
    const layout = feasibleLayout(chain, wanted);
    const key = [layout, ...chain.nodes.map(({ id }) => id), ...chain.edges.map(({ id }) => id)].join(" ");
    const known = this.#known.get(key) ?? this.#compute({ layout, graph: layoutGraph(chain, layout) });
    this.#known.set(key, known);
    return known;
  }

  #compute(question: Omit<LayoutRequest, "number">): Promise<Positions> {
    const request: LayoutRequest = { ...question, number: this.#count++ };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.number, { resolve, reject });
      this.#running().postMessage(request);
    });
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(import.meta.resolve("./layout-worker.js"), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<{ number: number; positions: Positions }>) => {
      this.#waiting.get(data.number)?.resolve(data.positions);
      this.#waiting.delete(data.number);
    });
    worker.addEventListener("error", ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the layout failed: ${message}`));
      this.#waiting.clear();
    });
    this.#worker = worker;
    return worker;
  }
}
