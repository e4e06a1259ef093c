import { setTimeout as sleep } from "node:timers/promises";
import type { JsonValue } from "../../src/engine/workflow/json-value.js";
import { inputPort, nodeType, number, outputPort, type SampleNode } from "../engine/workflow/run/sample-nodes.js";

/** Where the effects of test nodes end up; a key that came before changes nothing. */
export interface RecordedEffects {
  place(key: string): Promise<void>;
  tell(what: string): Promise<void>;
}

/** Effects in memory. */
export class MemoryEffects implements RecordedEffects {
  readonly orders = new Set<string>();
  /** Also those whose key came before. */
  readonly placed: string[] = [];
  readonly told: string[] = [];

  async place(key: string): Promise<void> {
    this.placed.push(key);
    this.orders.add(key);
  }

  async tell(what: string): Promise<void> {
    this.told.push(what);
  }
}

const many = { takesMany: true, isRequired: false } as const;
const effectsOf = (context: { readonly services: unknown }) => context.services as RecordedEffects;

/** Nodes that change something, take their time, or give a lot. */
export const EFFECT_NODES: readonly SampleNode[] = [
  {
    type: nodeType("order", {
      category: "action",
      inputs: [inputPort("values", many)],
      outputs: [outputPort("done")],
      effect: "keyed",
      permission: "orders:write",
    }),
    run: async (_, __, context) => {
      await effectsOf(context).place(context.idempotencyKey);
      return { outputs: { done: number(1) } };
    },
    preview: () => ({ outputs: { done: number(0) }, note: "would place an order" }),
  },
  {
    type: nodeType("tell", {
      category: "action",
      inputs: [inputPort("values", many)],
      outputs: [outputPort("done")],
      effect: "unkeyed",
    }),
    run: async (_, __, context) => {
      await effectsOf(context).tell(context.node.id);
      return { outputs: { done: number(1) } };
    },
    preview: () => ({ outputs: { done: number(0) } }),
  },
  {
    type: nodeType("count", { inputs: [inputPort("values", many)], outputs: [outputPort("count")] }),
    run: (_, __, { variables, nodeState }) => {
      const count = Number(variables.count) + 1;
      const before = (nodeState as { runs?: number } | undefined)?.runs ?? 0;
      return {
        outputs: { count: number(count) },
        variables: { count },
        nodeState: { runs: before + 1 } as JsonValue,
      };
    },
  },
  {
    type: nodeType("hang", { inputs: [inputPort("values", many)], outputs: [outputPort("never")] }),
    run: (_, __, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
  },
  {
    type: nodeType("pause", { inputs: [inputPort("values", many)], outputs: [outputPort("value")] }),
    run: async () => {
      await sleep(1);
      return { outputs: { value: number(1) } };
    },
  },
  {
    type: nodeType("many", { inputs: [inputPort("values", many)], outputs: [outputPort("series", "series")] }),
    run: () => {
      const timesMs = Float64Array.from({ length: 20_000 }, (_, i) => 1_776_049_200_000 + i * 60_000);
      const values = timesMs.map((_, i) => (i % 97 === 0 ? Number.NaN : Math.sin(i)));
      return { outputs: { series: { type: "series", value: { timesMs, values, symbol: "HPG", unit: "VND" } } } };
    },
  },
];
