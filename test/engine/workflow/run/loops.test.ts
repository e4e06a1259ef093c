import { describe, expect, it } from "vitest";
import { inputPort, nodeType, number, outputPort, type SampleNode } from "./sample-nodes.js";
import { inShort, runSketch, type WorkflowSketch } from "./sample-run.js";

const odd: SampleNode = {
  type: nodeType("odd", {
    inputs: [inputPort("text", { accepts: ["text"] })],
    outputs: [outputPort("yes", "boolean"), outputPort("value")],
  }),
  run: (_, { text }) => {
    const symbol = String(text![0]!.value.value);
    if (symbol === "BAD") throw new Error("BAD has no price");
    const yes = symbol.length % 2 === 1;
    return { outputs: { yes: { type: "boolean", value: yes }, ...(yes ? { value: number(symbol.length) } : {}) } };
  },
};

function loopOver(symbols: readonly string[], onError: "fail" | "prune" = "fail"): WorkflowSketch {
  return {
    nodes: {
      start: { type: "start" },
      loop: { type: "loop.universe", parameters: { symbols } },
      odd: { type: "odd", inside: "loop", onError },
      sum: { type: "add", inside: "loop" },
      isOdd: { type: "loop.collect", inside: "loop", parameters: { column: "odd" } },
      total: { type: "loop.collect", inside: "loop", parameters: { column: "total" } },
    },
    edges: [
      "start.fired > loop.run",
      "loop.item > odd.text",
      "odd.value > sum.values",
      "start.value > sum.values",
      "odd.yes > isOdd.value",
      "sum.sum > total.value",
    ],
  };
}

function tableOf(step: unknown) {
  const { result } = step as {
    result: { outputs: { table: { value: { columns: { name: string; cells: unknown[] }[] } } } };
  };
  return Object.fromEntries(result.outputs.table.value.columns.map(({ name, cells }) => [name, cells]));
}

describe("a loop", () => {
  it("runs its body once per item, each once, and gathers a table", async () => {
    const { state, journal } = await runSketch(loopOver(["HPG", "VNM", "HPG", "FUEVFVND"]), { nodes: [odd] });
    expect(state.status).toBe("succeeded");
    expect(state.loopItems.get("loop" as never)).toEqual(["HPG", "VNM", "FUEVFVND"]);
    expect(tableOf(state.steps.get("loop"))).toEqual({
      symbol: ["HPG", "VNM", "FUEVFVND"],
      odd: [true, true, false],
      total: [5, 5, 2],
    });
    expect(inShort(journal.events).filter((event) => event.startsWith("step-started odd"))).toEqual([
      "step-started odd[HPG]",
      "step-started odd[VNM]",
      "step-started odd[FUEVFVND]",
    ]);
  });

  it("leaves cells empty where a column was pruned, and rows out where every column was", async () => {
    const sketch = loopOver(["HPG", "VN30"]);
    const withoutStart = { ...sketch, edges: sketch.edges.filter((edge) => edge !== "start.value > sum.values") };
    const { state } = await runSketch(withoutStart, { nodes: [odd] });
    expect(tableOf(state.steps.get("loop"))).toEqual({ symbol: ["HPG", "VN30"], odd: [true, false], total: [4, null] });
    const noFlag = {
      ...withoutStart,
      nodes: { ...withoutStart.nodes },
      edges: withoutStart.edges.filter((edge) => !edge.includes("isOdd")),
    };
    delete (noFlag.nodes as Record<string, unknown>).isOdd;
    const { state: totals } = await runSketch(noFlag, { nodes: [odd] });
    expect(tableOf(totals.steps.get("loop"))).toEqual({ symbol: ["HPG"], total: [4] });
  });

  it("fails when an item fails, so that a part is not taken for the whole", async () => {
    const { state } = await runSketch(loopOver(["HPG", "BAD", "VNM"]), { nodes: [odd] });
    expect(state.steps.get("total[HPG]")).toMatchObject({ kind: "succeeded" });
    expect(state.steps.get("isOdd[BAD]")).toMatchObject({ kind: "pruned", reason: "upstream-failed", because: "odd" });
    expect(state.steps.get("loop")).toMatchObject({
      kind: "failed",
      message: "1 of 3 items failed, first BAD at odd: BAD has no price",
    });
    expect(state).toMatchObject({
      status: "failed",
      message: "loop: 1 of 3 items failed, first BAD at odd: BAD has no price",
    });
  });

  it("goes on without an item whose node may fail", async () => {
    const sketch = loopOver(["HPG", "BAD"], "prune");
    const { state } = await runSketch(
      { ...sketch, edges: sketch.edges.filter((edge) => edge !== "start.value > sum.values") },
      { nodes: [odd] },
    );
    expect(state.status).toBe("succeeded");
    expect(tableOf(state.steps.get("loop"))).toEqual({ symbol: ["HPG"], odd: [true], total: [4] });
  });

  it("without items gives a table without rows", async () => {
    const { state } = await runSketch(loopOver([]), { nodes: [odd] });
    expect(tableOf(state.steps.get("loop"))).toEqual({ symbol: [], odd: [], total: [] });
    expect(state.steps.get("odd")).toMatchObject({
      kind: "pruned",
      reason: "condition-false",
      note: "the loop has no items",
    });
  });

  it.each([
    { what: "fails", node: { type: "fail" }, port: "sum", reason: "upstream-failed" },
    { what: "is pruned", node: { type: "add", isDisabled: true }, port: "sum", reason: "upstream-pruned" },
  ])("whose upstream $what ends with its body", async ({ node, port, reason }) => {
    const sketch = loopOver(["HPG"]);
    const { state } = await runSketch(
      {
        nodes: { ...sketch.nodes, before: node },
        edges: [...sketch.edges, "start.value > before.values", `before.${port} > loop.values`],
      },
      { nodes: [odd] },
    );
    expect(state.steps.get("loop")).toMatchObject({ kind: "pruned", reason });
    expect(state.steps.get("odd")).toMatchObject({ kind: "pruned", reason: "upstream-pruned", because: "loop" });
    expect(state.steps.get("total")).toMatchObject({ kind: "pruned" });
  });

  it("puts the item into symbols, texts and formulas", async () => {
    const seen: unknown[] = [];
    const text = { label: "", help: "", maxLength: 100 };
    const says: SampleNode = {
      type: nodeType("says", {
        inputs: [inputPort("a", { isRequired: false })],
        parameters: [
          { kind: "symbol", name: "symbol", label: "", help: "" },
          { kind: "symbols", name: "symbols", label: "", help: "", maxItems: 5 },
          { kind: "text", name: "text", ...text },
          { kind: "template", name: "template", ...text, names: ["a"] },
          { kind: "expression", name: "expression", ...text, names: ["a"] },
        ],
      }),
      run: (parameters) => {
        seen.push(parameters);
        return { outputs: {} };
      },
    };
    const parameters = {
      symbol: "$item",
      symbols: ["$item", "VNINDEX"],
      text: "on $item",
      template: "$item: {{item}} has {{a * 2}} of {{vars.most}}",
      expression: "a > 1",
    };
    await runSketch(
      {
        nodes: {
          start: { type: "start" },
          loop: { type: "loop.universe", parameters: { symbols: ["HPG"] } },
          says: { type: "says", inside: "loop", parameters },
        },
        edges: ["start.fired > loop.run", "start.value > says.a"],
      },
      { nodes: [says], start: { variables: { most: 7 } } },
    );
    expect(seen).toEqual([
      {
        symbol: "HPG",
        symbols: ["HPG", "VNINDEX"],
        text: "on HPG",
        template: "HPG: HPG has 2 of 7",
        expression: "a > 1",
      },
    ]);
  });

  it("fails the step whose formula cannot be computed", async () => {
    const says: SampleNode = {
      type: nodeType("says", {
        inputs: [inputPort("a", { isRequired: false, whenPruned: "absent" })],
        parameters: [{ kind: "template", name: "text", label: "", help: "", maxLength: 100, names: ["a"] }],
      }),
      run: () => ({ outputs: {} }),
    };
    const { state } = await runSketch(
      {
        nodes: { start: { type: "start" }, says: { type: "says", parameters: { text: "{{a + 1}}" } } },
        edges: ["start.fired > says.run"],
      },
      { nodes: [says] },
    );
    expect(state.steps.get("says")).toMatchObject({
      code: "EXPRESSION_FAILED",
      message: "formula failed: a has no value",
    });
  });
});
