import type { EpochMs } from "../../../../src/engine/units/epoch-ms.js";
import type { NodeHandler, StepContext } from "../../../../src/engine/workflow/node-handler.js";
import { inputPort, nodeType, number, outputPort, type SampleNode } from "./sample-nodes.js";

/** A broker for tests: the same key is the same order. Another side that knows no keys counts calls. */
export class MemoryBroker {
  readonly orders = new Map<string, { readonly quantity: number; readonly id: string }>();
  /** How often each key was asked for. */
  readonly asked = new Map<string, number>();
  /** What came in without a key. */
  readonly posts: string[] = [];

  place(key: string, quantity: number) {
    this.asked.set(key, (this.asked.get(key) ?? 0) + 1);
    const known = this.orders.get(key) ?? { quantity, id: `order-${key}` };
    this.orders.set(key, known);
    return known;
  }
}

const values = inputPort("values", { takesMany: true, isRequired: false });

/** `order` (keyed) and `post` (without key), which answer late, and what they would do. */
export function orderNodes(broker: MemoryBroker): readonly SampleNode[] {
  const report = (id: string, key: string, quantity: number, state: "filled" | "dry-run", atMs: EpochMs) => ({
    outputs: {
      order: {
        type: "order" as const,
        value: [
          {
            orderId: id,
            idempotencyKey: key,
            symbol: "HPG",
            side: "buy" as const,
            quantity,
            state,
            filledQuantity: state === "filled" ? quantity : 0,
            currency: "VND",
            atMs,
          },
        ],
      },
    },
  });
  const place: NodeHandler = async (_, inputs, { idempotencyKey, asOfMs }: StepContext) => {
    await Promise.resolve();
    const [first] = inputs.values ?? [];
    const quantity = first?.value.type === "number" ? first.value.value : 100;
    const { id } = broker.place(idempotencyKey, quantity);
    await new Promise((resolve) => setImmediate(resolve));
    return report(id, idempotencyKey, quantity, "filled", asOfMs);
  };
  return [
    {
      type: nodeType("order", {
        category: "action",
        effect: "keyed",
        permission: "orders:write",
        inputs: [values],
        outputs: [outputPort("order", "order")],
      }),
      run: place,
      preview: (_, __, { idempotencyKey, asOfMs }) => report("none", idempotencyKey, 100, "dry-run", asOfMs),
    },
    {
      type: nodeType("post", {
        category: "action",
        effect: "unkeyed",
        permission: "http:request",
        inputs: [values],
        outputs: [outputPort("status")],
      }),
      run: async (_, __, { idempotencyKey }) => {
        broker.posts.push(idempotencyKey);
        await new Promise((resolve) => setImmediate(resolve));
        return { outputs: { status: number(200) } };
      },
      preview: () => ({ outputs: { status: number(Number.NaN) } }),
    },
  ];
}
