import type {
  NodeHandler,
  NodeImplementation,
  NodeImplementations,
} from "../../../../src/engine/workflow/node-handler.js";
import { implementationKey } from "../../../../src/engine/workflow/node-handler.js";
import type { InputPort, NodeCatalogue, NodeType, OutputPort } from "../../../../src/engine/workflow/node-type.js";
import type { PortType, PortValue } from "../../../../src/engine/workflow/port-value.js";
import { COLLECT_TYPE, LOOP_TYPE } from "../../../../src/engine/workflow/workflow-graph.js";

export function inputPort(name: string, options: Partial<InputPort> = {}): InputPort {
  return {
    name,
    label: name,
    accepts: ["number"],
    isRequired: true,
    takesMany: false,
    whenPruned: "prune",
    help: "",
    ...options,
  };
}

export function outputPort(name: string, type: PortType = "number"): OutputPort {
  return { name, label: name, type, help: "" };
}

export function nodeType(id: string, options: Partial<NodeType> = {}): NodeType {
  return {
    id,
    version: 1,
    category: "transform",
    label: id,
    summary: "",
    details: "",
    inputs: [],
    outputs: [],
    parameters: [],
    isDeterministic: true,
    effect: "none",
    timeoutMs: 10_000,
    ...options,
  };
}

/** A node for tests: its type and what it does. */
export interface SampleNode {
  readonly type: NodeType;
  readonly run: NodeHandler;
  readonly preview?: NodeHandler;
}

export function number(value: number): PortValue {
  return { type: "number", value };
}

export function truth(value: boolean): PortValue {
  return { type: "boolean", value };
}

function numberAt(inputs: Parameters<NodeHandler>[1], port: string): number[] {
  return (inputs[port] ?? []).map(({ value }) => (value.type === "number" ? value.value : Number.NaN));
}

const many = { takesMany: true, isRequired: false } as const;

/** Nodes that compute with numbers; enough to draw every shape of graph. */
export const SAMPLE_NODES: readonly SampleNode[] = [
  {
    type: nodeType("start", { category: "trigger", outputs: [outputPort("fired", "signal"), outputPort("value")] }),
    run: () => ({
      outputs: { fired: { type: "signal", value: { isActive: true, reason: "started" } }, value: number(1) },
    }),
  },
  {
    type: nodeType("add", {
      inputs: [inputPort("values", many)],
      outputs: [outputPort("sum")],
      parameters: [{ kind: "number", name: "plus", label: "", help: "", min: -1e9, max: 1e9, default: 1 }],
    }),
    run: ({ plus }, inputs) => ({
      outputs: { sum: number(numberAt(inputs, "values").reduce((sum, value) => sum + value, plus as number)) },
    }),
  },
  {
    type: nodeType("gate", {
      inputs: [inputPort("values", { ...many, whenPruned: "absent" })],
      outputs: [outputPort("sum"), outputPort("missing")],
    }),
    run: (_, inputs, { prunedInputs }) => ({
      outputs: {
        sum: number(numberAt(inputs, "values").reduce((sum, value) => sum + value, 0)),
        missing: number(prunedInputs("values")),
      },
    }),
  },
  {
    type: nodeType("above", {
      category: "logic",
      inputs: [inputPort("value")],
      outputs: [outputPort("yes", "boolean"), outputPort("value")],
      parameters: [{ kind: "number", name: "limit", label: "", help: "", min: -1e9, max: 1e9, default: 0 }],
    }),
    run: ({ limit }, inputs) => {
      const [value = Number.NaN] = numberAt(inputs, "value");
      const yes = value > (limit as number);
      return {
        outputs: { yes: truth(yes), ...(yes ? { value: number(value) } : {}) },
        ...(yes ? {} : { note: `${value} is not above ${limit}` }),
      };
    },
  },
  {
    type: nodeType("random", { outputs: [outputPort("value")] }),
    run: (_, __, { random }) => ({ outputs: { value: number(random() + random()) } }),
  },
  {
    type: nodeType("fail", {
      inputs: [inputPort("values", many)],
      outputs: [outputPort("sum")],
    }),
    run: () => {
      throw new Error("it always fails");
    },
  },
  {
    type: nodeType(LOOP_TYPE, {
      category: "loop",
      inputs: [inputPort("values", many)],
      outputs: [outputPort("item", "text"), outputPort("table", "table")],
      parameters: [{ kind: "symbols", name: "symbols", label: "", help: "", maxItems: 100, default: [] }],
    }),
    run: ({ symbols }) => ({ outputs: {}, items: symbols as string[] }),
  },
  {
    type: nodeType("length", {
      inputs: [inputPort("text", { accepts: ["text"] }), inputPort("plus", { isRequired: false })],
      outputs: [outputPort("value")],
    }),
    run: (_, { text }, __) => {
      const [first] = text!;
      return { outputs: { value: number(first!.value.type === "text" ? first!.value.value.length : 0) } };
    },
  },
  {
    type: nodeType(COLLECT_TYPE, {
      category: "loop",
      inputs: [inputPort("value", { accepts: ["number", "boolean", "text", "signal"] })],
      parameters: [{ kind: "text", name: "column", label: "", help: "", maxLength: 60, default: "value" }],
    }),
    run: () => ({ outputs: {} }),
  },
];

export function catalogueOf(nodes: readonly SampleNode[]): NodeCatalogue {
  const types = nodes.map(({ type }) => type);
  return {
    types,
    find: (id, version) => types.find((type) => type.id === id && type.version === version),
    versions: (id) => types.filter((type) => type.id === id).map((type) => type.version),
  };
}

export function implementationsOf(nodes: readonly SampleNode[]): NodeImplementations {
  return new Map(
    nodes.map(({ type, run, preview }): [string, NodeImplementation] => [
      implementationKey(type.id, type.version),
      preview ? { run, preview } : { run },
    ]),
  );
}
