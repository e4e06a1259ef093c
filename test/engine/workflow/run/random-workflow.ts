import fc from "fast-check";
import type { WorkflowSketch } from "./sample-run.js";

const NODES = [
  { type: "add", input: "values", output: "sum" },
  { type: "add", input: "values", output: "sum" },
  { type: "gate", input: "values", output: "sum" },
  { type: "above", input: "value", output: "value" },
  { type: "random", input: "run", output: "value" },
  { type: "fail", input: "values", output: "sum" },
] as const;

const drawnNode = fc.record({
  kind: fc.nat(NODES.length - 1),
  /** Which of the nodes before feed it. */
  sources: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 3 }),
  isDisabled: fc.boolean(),
  onError: fc.constantFrom("fail" as const, "prune" as const),
  limit: fc.integer({ min: 0, max: 4 }),
});

/**
 * Workflows of up to fifteen nodes without cycles: sums, gates, conditions, random numbers, failures, disabled nodes,
 * and at the end of some of them a loop over up to four symbols.
 */
export const randomSketch: fc.Arbitrary<WorkflowSketch> = fc
  .record({
    nodes: fc.array(drawnNode, { minLength: 1, maxLength: 12 }),
    symbols: fc.option(fc.subarray(["HPG", "VNM", "FPT", "ACB"], { minLength: 0 })),
    parallelNodes: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ nodes: drawn, symbols, parallelNodes }) => {
    const nodes: Record<string, WorkflowSketch["nodes"][string]> = { start: { type: "start" } };
    const edges: string[] = [];
    const outputs = ["start.value"];
    drawn.forEach(({ kind, sources, isDisabled, onError, limit }, i) => {
      const { type, input, output } = NODES[kind]!;
      const id = `n${i}`;
      nodes[id] = {
        type,
        onError,
        isDisabled: isDisabled && i % 4 === 3,
        ...(type === "above" ? { parameters: { limit } } : {}),
      };
      const from = type === "above" || type === "random" ? sources.slice(0, 1) : sources;
      const places = [...new Set(from.map((source) => source % outputs.length))];
      if (type === "random") {
        nodes[`c${i}`] = { type: "above", parameters: { limit } };
        edges.push(`${outputs[places[0]!]} > c${i}.value`, `c${i}.yes > ${id}.run`);
      } else {
        for (const place of places) edges.push(`${outputs[place]} > ${id}.${input}`);
      }
      outputs.push(`${id}.${output}`);
    });
    if (symbols) {
      nodes.loop = { type: "loop.universe", parameters: { symbols } };
      nodes.length = { type: "length", inside: "loop" };
      nodes.sum = { type: "add", inside: "loop" };
      nodes.collect = { type: "loop.collect", inside: "loop" };
      edges.push(
        "start.value > loop.values",
        "loop.item > length.text",
        "length.value > sum.values",
        `${outputs.at(-1)} > sum.values`,
        "sum.sum > collect.value",
      );
    }
    return { nodes, edges, settings: { isDeterministic: true, parallelNodes } };
  });
