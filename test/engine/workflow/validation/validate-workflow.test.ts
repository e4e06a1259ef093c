import { describe, expect, it } from "vitest";
import { validateWorkflow } from "../../../../src/engine/workflow/validate-workflow.js";
import type { WorkflowDefinition } from "../../../../src/engine/workflow/workflow-definition.js";
import { WORKFLOW_PROBLEM_CODES } from "../../../../src/engine/workflow/workflow-problem.js";
import { SMALL_CATALOGUE } from "../../../support/small-catalogue.js";
import { aNode, anEdge, aWorkflow } from "../../../support/workflow-graphs.js";
import { GRAPH_CASES, SOUND, withNode } from "./graph-cases.js";
import { LOOP_CASES } from "./loop-cases.js";

const CASES = [...GRAPH_CASES, ...LOOP_CASES];
const start = aNode("t", "trigger.manual");
const inLoop = { parentId: "l" };

/** Problems as `CODE nodes | edges: message`. */
function problemsOf(definition: WorkflowDefinition): string[] {
  return validateWorkflow(definition, SMALL_CATALOGUE).problems.map(
    ({ code, message, nodeIds, edgeIds }) => `${code} ${nodeIds.join(",")} | ${edgeIds.join(",")}: ${message}`,
  );
}

describe("validateWorkflow(definition, catalogue)", () => {
  it("has nothing to say against a sound workflow, and orders it", () => {
    expect(validateWorkflow(SOUND, SMALL_CATALOGUE)).toEqual({
      ok: true,
      problems: [],
      generations: [["t"], ["p"], ["s"], ["g"], ["o"]],
    });
  });

  it.each(CASES)("finds %s", (_, definition, expected) => {
    const found = problemsOf(definition);
    expect(found).toHaveLength(expected.length);
    for (const [i, problem] of expected.entries()) expect(found[i]).toContain(problem);
  });

  it("finds each kind of problem in some case above, but for those of reading", () => {
    const found = new Set(CASES.flatMap(([, definition]) => problemsOf(definition).map((text) => text.split(" ")[0])));
    expect(WORKFLOW_PROBLEM_CODES.filter((code) => !found.has(code))).toEqual(["DEFINITION_TOO_LARGE"]);
  });

  it("finds problems of every kind at once", () => {
    const definition = aWorkflow(
      [
        start,
        aNode("u", "trigger.cron", { schedule: "every day" }),
        aNode("a", "logic.all"),
        aNode("b", "logic.all"),
        aNode("x", "data.magic"),
        aNode("o", "action.order", { side: "hold" }),
        aNode("w", "data.web", { url: "ftp://example.com" }),
      ],
      [
        ["a.is", "b.conditions"],
        ["b.is", "a.conditions"],
        ["t.fired", "gone.run"],
        ["w.text", "o.signal"],
      ],
    );
    const codes = new Set(validateWorkflow(definition, SMALL_CATALOGUE).problems.map(({ code }) => code));
    expect([...codes].sort()).toEqual([
      "CYCLE",
      "EDGE_DANGLING",
      "NODE_TYPE_UNKNOWN",
      "NODE_UNREACHABLE",
      "NOT_DETERMINISTIC",
      "PARAMETER_INVALID",
      "PORT_TYPE_MISMATCH",
      "RISK_PROFILE_MISSING",
      "TRIGGER_AMBIGUOUS",
    ]);
  });

  it("tells the first ten thousand problems of a graph that has more", () => {
    const nodes = Array.from({ length: 10_001 }, (_, i) => aNode(`x${i}`, "data.magic"));
    const { ok, problems } = validateWorkflow(aWorkflow(nodes), SMALL_CATALOGUE);
    expect([ok, problems.length]).toEqual([false, 10_000]);
  });

  it("orders a loop before its body, and what takes its table after the whole body", () => {
    const definition = aWorkflow(
      [
        aNode("after", "table.show"),
        aNode("c", "loop.collect", {}, inLoop),
        aNode("g", "logic.above", { formula: "a" }, inLoop),
        aNode("p", "data.prices", { symbol: "$item" }, inLoop),
        aNode("l", "loop.universe"),
        aNode("beside", "data.prices", { symbol: "HPG" }),
        start,
        aNode("n", "note"),
      ],
      [
        ["t.fired", "l.run"],
        ["t.fired", "beside.run"],
        ["p.close", "g.a"],
        ["g.is", "c.value"],
        ["l.table", "after.table"],
      ],
    );
    expect(validateWorkflow(definition, SMALL_CATALOGUE)).toEqual({
      ok: true,
      problems: [],
      generations: [["t"], ["l", "beside"], ["p"], ["g"], ["c"], ["after"]],
    });
  });

  it("orders what is before a cycle, and nothing behind it", () => {
    const definition = aWorkflow(
      [start, aNode("a", "logic.all"), aNode("b", "logic.all"), aNode("c", "logic.all")],
      [
        ["t.fired", "a.conditions"],
        ["a.is", "b.conditions"],
        ["b.is", "b.run"],
        ["b.is", "c.conditions"],
      ],
    );
    expect(validateWorkflow(definition, SMALL_CATALOGUE).generations).toEqual([["t"], ["a"]]);
  });

  it.each([
    [
      "takes what is pinned for what is not deterministic",
      aNode("x", "data.web", { url: "https://example.com/" }, { pinned: {} }),
    ],
    ["takes a boolean for a signal", aNode("x", "logic.all")],
  ])("%s", (_, node) => {
    const definition = withNode(node);
    const edges = node.type === "logic.all" ? [...definition.edges, anEdge("g.is", "x.conditions")] : definition.edges;
    expect(problemsOf({ ...definition, edges })).toEqual([]);
  });
});
