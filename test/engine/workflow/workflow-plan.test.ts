import { describe, expect, it } from "vitest";
import { planWorkflow } from "../../../src/engine/workflow/workflow-plan.js";
import { SMALL_CATALOGUE } from "../../support/small-catalogue.js";
import { aNode, aWorkflow } from "../../support/workflow-graphs.js";

const inLoop = { parentId: "l" };
const definition = aWorkflow(
  [
    aNode("show", "table.show"),
    aNode("c", "loop.collect", {}, inLoop),
    aNode("g", "logic.above", { formula: "a > b" }, inLoop),
    aNode("p", "data.prices", { symbol: "$item" }, inLoop),
    aNode("l", "loop.universe", { symbols: ["HPG"] }),
    aNode("note", "note"),
    aNode("q", "data.prices", { symbol: "VNINDEX", count: 7 }),
    aNode("t", "trigger.manual"),
  ],
  [
    ["t.fired", "l.run"],
    ["t.fired", "q.run"],
    ["q.close", "g.b"],
    ["p.close", "g.a"],
    ["g.is", "c.value"],
    ["l.table", "show.table"],
  ],
);

describe("planWorkflow(definition, catalogue)", () => {
  const plan = planWorkflow(definition, SMALL_CATALOGUE);
  const ids = (places: readonly number[]) => places.map((place) => plan.nodes[place]!.node.id);
  const nodeOf = (id: string) => plan.nodes[plan.indexOf.get(id as never)!]!;

  it("puts nodes in the order of dependence, without notes", () => {
    expect(plan.generations.map(ids)).toEqual([["t"], ["l", "q"], ["p"], ["g"], ["c"], ["show"]]);
    expect(plan.nodes.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(ids([plan.trigger])).toEqual(["t"]);
  });

  it("knows the body of a loop and what it collects", () => {
    expect(plan.loops.map(({ index, body, collects }) => [ids([index]), ids(body), ids(collects)])).toEqual([
      [["l"], ["p", "g", "c"], ["c"]],
    ]);
    expect(ids([nodeOf("g").loop])).toEqual(["l"]);
    expect(nodeOf("q").loop).toBe(-1);
  });

  it("gives each input its edges, run among them but for triggers", () => {
    const inputs = (id: string) =>
      nodeOf(id).inputs.map(({ port, edges }) => [port.name, ...edges.map(({ edge }) => edge.id)]);
    expect(inputs("g")).toEqual([["a", "p.close>g.a"], ["b", "q.close>g.b"], ["run"]]);
    expect(inputs("t")).toEqual([]);
    expect(ids(nodeOf("g").predecessors)).toEqual(["q", "p"]);
    expect(nodeOf("t").outgoing.map(({ target }) => ids([target])[0])).toEqual(["l", "q"]);
  });

  it("fills in the defaults of parameters", () => {
    expect(nodeOf("p").parameters).toEqual({ symbol: "$item", count: 100 });
    expect(nodeOf("q").parameters).toEqual({ symbol: "VNINDEX", count: 7 });
  });

  it.each([
    ["an unknown type", aWorkflow([aNode("t", "trigger.manual"), aNode("x", "data.magic")]), "type of node x"],
    ["a dangling edge", aWorkflow([aNode("t", "trigger.manual")], [["t.fired", "x.run"]]), "edge t.fired>x.run"],
    [
      "a cycle",
      aWorkflow([aNode("t", "trigger.manual"), aNode("a", "logic.all")], [["a.is", "a.conditions"]]),
      "cycle",
    ],
    ["no trigger", aWorkflow([aNode("q", "data.prices")]), "0 triggers"],
  ])("refuses %s", (_, broken, problem) => {
    expect(() => planWorkflow(broken, SMALL_CATALOGUE)).toThrow(
      expect.objectContaining({ code: "WORKFLOW_INVALID", message: expect.stringContaining(problem) }),
    );
  });
});
