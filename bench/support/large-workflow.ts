import { seededRandom } from "../../src/engine/statistics/seeded-random.js";
import type { JsonValue } from "../../src/engine/workflow/json-value.js";
import { DEFAULT_WORKFLOW_SETTINGS, type WorkflowDefinition } from "../../src/engine/workflow/workflow-definition.js";

interface Sketch {
  readonly type: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** Ports, each with how many edges and what of. */
  readonly inputs: readonly (readonly [port: string, edges: number, from: "series" | "signal" | "start"])[];
  readonly gives?: readonly [kind: "series" | "signal", port: string];
}

/**
 * An invented workflow without problems: of a hundred nodes some ten read candles, forty average them, twenty-five
 * compute formulas, each another one, ten look for crossings, ten combine signals and five send messages. Edges come from
 * nodes before, mostly near ones.
 */
export function largeWorkflow(nodeCount: number, seed: number): WorkflowDefinition {
  const random = seededRandom(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const sources = { start: [["n0", "fired"]], series: [] as string[][], signal: [] as string[][] };
  const nodes: object[] = [nodeOf("n0", { type: "trigger.manual", parameters: {}, inputs: [] })];
  const edges: object[] = [];

  for (let i = 1; i < nodeCount; i++) {
    const id = `n${i}`;
    const sketch = sketchOf(i < 10 ? i : 10 + upTo(90), upTo);
    nodes.push(nodeOf(id, sketch));
    for (const [port, count, kind] of sketch.inputs) {
      const from = sources[kind];
      const chosen = new Set<string[]>();
      for (let k = 0; k < count; k++)
        chosen.add(from[Math.max(0, from.length - 1 - upTo(Math.min(from.length, 300)))]!);
      for (const [source, sourceHandle] of chosen) {
        edges.push({ id: `e${edges.length}`, source, sourceHandle, target: id, targetHandle: port });
      }
    }
    if (sketch.gives) sources[sketch.gives[0]].push([id, sketch.gives[1]]);
  }
  return {
    schemaVersion: 1,
    name: "large",
    description: "",
    nodes: nodes as unknown as WorkflowDefinition["nodes"],
    edges: edges as unknown as WorkflowDefinition["edges"],
    viewport: { x: 0, y: 0, zoom: 1 },
    settings: { ...DEFAULT_WORKFLOW_SETTINGS, variables: { limit: 1 } },
  };
}

/** `nth` below 10 gives what later nodes need; the rest decide by chance. */
function sketchOf(nth: number, upTo: (most: number) => number): Sketch {
  const series = ["series", "series"] as const;
  if (nth < 5 || (nth >= 10 && nth < 19)) {
    const parameters = { symbol: `S${upTo(1_000)}`, interval: "1d", count: 100 + upTo(400) };
    return { type: "data.candles", parameters, inputs: [["run", 1, "start"]], gives: ["series", "close"] };
  }
  if (nth < 55 && nth >= 10) {
    const type = nth < 35 ? "indicator.sma" : "indicator.ema";
    return { type, parameters: { window: 2 + upTo(200) }, inputs: [["series", 1, "series"]], gives: series };
  }
  if (nth >= 55 && nth < 80) {
    const formula = `(a - b) / max(b, ${upTo(1_000) / 10}) * vars.limit`;
    const inputs = [
      ["a", 1, "series"],
      ["b", 1, "series"],
    ] as const;
    return { type: "series.formula", parameters: { formula }, inputs, gives: series };
  }
  if (nth < 10 || nth < 88) {
    const inputs = [
      ["a", 1, "series"],
      ["b", 1, "series"],
    ] as const;
    return { type: "logic.cross-over", parameters: {}, inputs, gives: ["signal", "signal"] };
  }
  if (nth < 95) {
    return { type: "logic.and", parameters: {}, inputs: [["conditions", 3, "signal"]], gives: ["signal", "result"] };
  }
  const parameters = { title: `Crossing ${upTo(1_000)}`, text: "above {{vars.limit}}", severity: "info" };
  return { type: "action.notify", parameters, inputs: [["run", 1, "signal"]] };
}

function nodeOf(id: string, { type, parameters }: Sketch): object {
  return { id, type, position: { x: 0, y: 0 }, data: { version: 1, parameters } };
}
