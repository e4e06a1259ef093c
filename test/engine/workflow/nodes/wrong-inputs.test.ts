import { describe, expect, it } from "vitest";
import { isWorkbenchError } from "../../../../src/engine/errors.js";
import type { CandleSeries } from "../../../../src/engine/market-data/candle-columns.js";
import type { JsonValue } from "../../../../src/engine/workflow/json-value.js";
import { NODE_CATALOGUE } from "../../../../src/engine/workflow/node-catalogue.js";
import type { NodeServices } from "../../../../src/engine/workflow/node-services.js";
import type { NodeType, ParameterSpec } from "../../../../src/engine/workflow/node-type.js";
import { PORT_TYPES, type PortType, type PortValue } from "../../../../src/engine/workflow/port-value.js";
import { AS_OF_MS, boolean, number, runNode, series, signal, table, text } from "./run-node.js";

const SAMPLES: Readonly<Record<PortType, readonly PortValue[]>> = {
  number: [number(1), number(0), number(-1e308), number(NaN), number(Infinity)],
  text: [text("HPG"), text(""), text("{{a}} $item ' \" \\ 🙂")],
  boolean: [boolean(true), boolean(false)],
  signal: [signal({ side: "buy", symbol: "HPG" }), signal({ isActive: false, reason: "" })],
  series: [series([3, 1, 2]), series([]), series([NaN, NaN]), series([1])],
  table: [
    table(["time", "symbol", "weight", "value"], [1, "HPG", 0.5, 3], [2, "FPT", 0.5, 1], [3, "VNM", 0, 2]),
    table([]),
    table(["symbol", "weight"], [null, "x"]),
    table(["time", "a"], [1, NaN], [2, 5]),
  ],
  order: [{ type: "order", value: [] }],
};

const COLUMN = Float64Array.of(1, 2, 3);
const CANDLES: CandleSeries = {
  length: 3,
  openedAtMs: COLUMN,
  ...{ open: COLUMN, high: COLUMN, low: COLUMN, close: COLUMN, volume: COLUMN },
};
const EMPTY = { columns: [], rowCount: 0 };
const REPORT = {
  ...{ orderId: "o", idempotencyKey: "k", symbol: "HPG", side: "buy", quantity: 1, state: "filled" },
  ...{ filledQuantity: 1, currency: "VND", atMs: AS_OF_MS },
};

/** Answers everything, with little. */
const SERVICES = {
  marketData: {
    candles: async () => CANDLES,
    quotes: async () => [],
    universe: async () => [],
    phase: async () => "closed",
  },
  portfolio: { positions: async () => ({ cashMinor: 0, currency: "VND", positions: [] }) },
  studies: { exposure: async () => EMPTY, leadLag: async () => undefined },
  documents: { file: async () => EMPTY, query: async () => EMPTY },
  http: { request: async () => ({ status: 200, contentType: "text/plain", text: "not json" }) },
  models: { predict: async () => NaN, news: async () => [] },
  broker: { place: async () => REPORT, cancel: async () => REPORT, close: async () => undefined },
  records: {
    notify: async () => {},
    openIncident: async () => {},
    writeTable: async () => 0,
    remember: async () => {},
  },
} as unknown as NodeServices;

function sampleOf(spec: ParameterSpec): JsonValue {
  if (spec.default !== undefined) return spec.default;
  switch (spec.kind) {
    case "number":
    case "integer":
      return spec.min;
    case "choice":
      return spec.choices[0]!;
    case "expression":
      return "a > 1";
    case "url":
      return "https://example.org/";
    default:
      return "value";
  }
}

const parametersOf = ({ parameters }: NodeType) =>
  Object.fromEntries(parameters.map((spec) => [spec.name, sampleOf(spec)]));

/** A node either gives outputs that fit its ports, or fails with a code and a message: never by accident. */
async function runsOrExplains(type: NodeType, inputs: Readonly<Record<string, PortValue>>): Promise<string> {
  try {
    await runNode(type.id, parametersOf(type), { inputs, services: SERVICES, variables: { value: 1 } });
    return "ran";
  } catch (error) {
    if (!isWorkbenchError(error) || error.code === "WORKFLOW_OUTPUT_INVALID") throw error;
    expect(error.message).toMatch(/^.+/);
    return error.message;
  }
}

const TYPES = NODE_CATALOGUE.types.map((type): [string, NodeType] => [type.id, type]);
const WITH_INPUTS = TYPES.filter(([, { inputs }]) => inputs.length > 0);

describe("every node", () => {
  it.each(TYPES)("%s runs or explains itself with each kind of value it accepts", async (_id, type) => {
    const rounds = Math.max(1, ...type.inputs.flatMap(({ accepts }) => accepts.map((each) => SAMPLES[each].length)));
    for (let round = 0; round < rounds; round++) {
      for (let shift = 0; shift < Math.max(1, ...type.inputs.map(({ accepts }) => accepts.length)); shift++) {
        const inputs = type.inputs.map(({ name, accepts }) => {
          const samples = SAMPLES[accepts[shift % accepts.length]!];
          return [name, samples[round % samples.length]!];
        });
        await runsOrExplains(type, Object.fromEntries(inputs));
      }
    }
  });

  it.each(WITH_INPUTS)("%s runs or explains itself with values of types it does not accept", async (_id, type) => {
    const right = type.inputs.map(({ name, accepts }): [string, PortValue] => [name, SAMPLES[accepts[0]!][0]!]);
    for (const { name, accepts } of type.inputs) {
      for (const wrong of PORT_TYPES.filter((each) => !accepts.includes(each))) {
        await runsOrExplains(type, { ...Object.fromEntries(right), [name]: SAMPLES[wrong][0]! });
      }
    }
  });

  it.each(WITH_INPUTS)("%s names a required input that has no value", async (id, type) => {
    for (const { name, isRequired, whenPruned } of type.inputs) {
      if (!isRequired || whenPruned === "absent" || id === "loop.collect" || id === "table.append") continue;
      const others = type.inputs.filter((port) => port.name !== name);
      const inputs = Object.fromEntries(others.map((port) => [port.name, SAMPLES[port.accepts[0]!][0]!]));
      expect(await runsOrExplains(type, inputs)).toContain(name);
    }
  });
});
