import { describe, expect, it } from "vitest";
import { parseWorkflow } from "../../src/contracts/workflow-definition.js";
import { DEFAULT_WORKFLOW_SETTINGS } from "../../src/engine/workflow/workflow-definition.js";
import { aNode, anEdge, aWorkflow } from "../support/workflow-graphs.js";

const workflow = aWorkflow(
  [aNode("t", "trigger.manual"), aNode("p", "data.candles", { symbol: "HPG" }, { label: "prices", isDisabled: false })],
  [["t.fired", "p.run"]],
);

/** Problems as `CODE nodes edges: message`. */
function problemsOf(value: unknown): string[] {
  const parsed = parseWorkflow(value);
  if (parsed.isValid) return [];
  return parsed.problems.map(
    ({ code, message, nodeIds, edgeIds }) => `${code} ${[...nodeIds, ...edgeIds]}: ${message}`,
  );
}

function cyclic(): unknown {
  const nodes: unknown[] = [];
  nodes.push(nodes);
  return { nodes };
}

describe("parseWorkflow(value)", () => {
  it("gives back a definition as it is", () => {
    expect(parseWorkflow(JSON.parse(JSON.stringify(workflow)))).toEqual({ isValid: true, definition: workflow });
  });

  it("leaves out what React Flow adds while it runs", () => {
    const drawn = {
      ...workflow,
      nodes: workflow.nodes.map((node) => ({
        ...node,
        selected: true,
        dragging: false,
        measured: { width: 150, height: 40 },
        positionAbsolute: { x: 1, y: 1 },
        style: { color: "red" },
      })),
      edges: workflow.edges.map((edge) => ({ ...edge, selected: false, animated: true, markerEnd: "arrow" })),
    };
    expect(parseWorkflow(drawn)).toEqual({ isValid: true, definition: workflow });
  });

  it("fills in what a file written by hand leaves out, and takes null for it", () => {
    const parsed = parseWorkflow({
      nodes: [{ id: "t", type: "trigger.manual", parentId: null, data: { label: null, retry: null } }],
      settings: { riskProfile: null },
    });
    expect(parsed).toEqual({
      isValid: true,
      definition: {
        schemaVersion: 1,
        name: "Untitled workflow",
        description: "",
        nodes: [{ id: "t", type: "trigger.manual", position: { x: 0, y: 0 }, data: { version: 1, parameters: {} } }],
        edges: [],
        viewport: { x: 0, y: 0, zoom: 1 },
        settings: DEFAULT_WORKFLOW_SETTINGS,
      },
    });
  });

  it("takes an edge without handles, for validation to speak of", () => {
    const edges = [{ ...anEdge("t.fired", "p.run"), sourceHandle: null, targetHandle: undefined }];
    const parsed = parseWorkflow({ ...workflow, edges });
    expect(parsed.isValid && parsed.definition.edges[0]).toMatchObject({ sourceHandle: "", targetHandle: "" });
  });

  it.each<[string, unknown, string]>([
    ["undefined", undefined, "DEFINITION_INVALID : definition: a undefined (accepted: what JSON can say)"],
    ["a function", () => 1, "DEFINITION_INVALID : definition: a function (accepted: what JSON can say)"],
    ["a number", 5, "DEFINITION_INVALID : definition: "],
    ["no nodes", {}, "DEFINITION_INVALID : nodes: "],
    [
      "not a number",
      { nodes: [{ position: { x: NaN } }] },
      "DEFINITION_INVALID : nodes[0].position.x: NaN (accepted: a finite number)",
    ],
    [
      "a date",
      { nodes: [new Date(0)] },
      "DEFINITION_INVALID : nodes[0]: an object of a class (accepted: a plain object)",
    ],
    ["a large integer", { nodes: [1n] }, "DEFINITION_INVALID : nodes[0]: a bigint (accepted: what JSON can say)"],
    ["a cycle", cyclic(), "DEFINITION_TOO_LARGE : nodes[0][0]"],
    [
      "a sparse list",
      { nodes: [], edges: new Array(2 ** 32 - 1) },
      "DEFINITION_TOO_LARGE : edges: too much of it (accepted: at most 2,000,000 values in all)",
    ],
    [
      "a long text",
      { nodes: [], description: "x".repeat(16_000_001) },
      "DEFINITION_TOO_LARGE : description: too much of it",
    ],
    [
      "many edges",
      { nodes: [], edges: new Array(100_001).fill(1) },
      "DEFINITION_TOO_LARGE : edges: 100,001 (accepted: at most 100,000)",
    ],
    [
      "a key of prototypes",
      JSON.parse('{"nodes": [{"data": {"parameters": {"__proto__": 1}}}]}'),
      "DEFINITION_INVALID : nodes[0].data.parameters.__proto__: a key",
    ],
    ["a NUL", { ...workflow, name: "a\0b" }, "DEFINITION_INVALID : name: accepted: text without NUL"],
    ["a node without an id", { nodes: [{ type: "x" }] }, "DEFINITION_INVALID : nodes[0].id: "],
    [
      "an id that steps could not be told by",
      { nodes: [{ id: "a[b]", type: "x" }] },
      "DEFINITION_INVALID a[b]: nodes[0].id: accepted: 1 to 200 characters",
    ],
    [
      "a version that is none",
      { nodes: [aNode("n", "x", {}, { version: 0 })] },
      "DEFINITION_INVALID n: nodes[0].data.version: ",
    ],
    [
      "too many attempts",
      { nodes: [aNode("n", "x", {}, { retry: { attempts: 11, backoffMs: 1 } })] },
      "DEFINITION_INVALID n: nodes[0].data.retry.attempts: ",
    ],
    [
      "an edge without a source",
      { nodes: [], edges: [{ id: "e", target: "n" }] },
      "DEFINITION_INVALID e: edges[0].source: ",
    ],
    [
      "a setting out of range",
      { nodes: [], settings: { parallelNodes: 0 } },
      "DEFINITION_INVALID : settings.parallelNodes: ",
    ],
    ["a setting that nobody knows", { nodes: [], settings: { sede: 1 } }, "DEFINITION_INVALID : settings: "],
    [
      "a variable that formulas could not name",
      { nodes: [], settings: { variables: { "a b": 1 } } },
      "DEFINITION_INVALID : settings.variables.a b: ",
    ],
    [
      "a variable that is a list",
      { nodes: [], settings: { variables: { a: [] } } },
      "DEFINITION_INVALID : settings.variables.a: accepted: a number, a text, true or false",
    ],
    [
      "many variables",
      { nodes: [], settings: { variables: Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`v${i}`, i])) } },
      "DEFINITION_INVALID : settings.variables: accepted: at most 1000 variables",
    ],
    [
      "a later schema",
      { nodes: [], schemaVersion: 2 },
      "DEFINITION_INVALID : schemaVersion: accepted: 1; a later version needs a later program",
    ],
  ])("refuses %s", (_, value, problem) => {
    const problems = problemsOf(value);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it("refuses what cannot even be looked at", () => {
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new TypeError("no");
        },
      },
    );
    expect(problemsOf({ nodes: [hostile] })).toEqual(["DEFINITION_INVALID : nodes[0]: unreadable (accepted: JSON)"]);
  });

  it("names every problem at once", () => {
    const problems = problemsOf({
      nodes: [{ id: "a" }, { id: "b", type: "x", position: 1 }],
      edges: [{ id: "e" }],
      name: 1,
    });
    expect(problems.map((problem) => problem.split(": ")[0])).toEqual([
      "DEFINITION_INVALID ",
      "DEFINITION_INVALID a",
      "DEFINITION_INVALID b",
      "DEFINITION_INVALID e",
      "DEFINITION_INVALID e",
    ]);
  });
});
