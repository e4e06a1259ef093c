import { describe, expect, it } from "vitest";
import { parseWorkflow } from "../../../../src/contracts/workflow-definition.js";
import { compareWorkflows } from "../../../../src/engine/workflow/compare-workflows.js";
import { validateWorkflow } from "../../../../src/engine/workflow/validate-workflow.js";
import type { WorkflowDefinition } from "../../../../src/engine/workflow/workflow-definition.js";
import { planWorkflow } from "../../../../src/engine/workflow/workflow-plan.js";
import { WORKFLOW_PROBLEM_CODES, type WorkflowProblem } from "../../../../src/engine/workflow/workflow-problem.js";
import { SMALL_CATALOGUE } from "../../../support/small-catalogue.js";
import { aNode, aWorkflow } from "../../../support/workflow-graphs.js";
import { mutatedWorkflow } from "../../../support/workflow-mutations.js";

const MUTANTS = 10_000;

const inLoop = { parentId: "l" };
const SOUND: readonly WorkflowDefinition[] = [
  aWorkflow([aNode("t", "trigger.manual")]),
  aWorkflow(
    [
      aNode("t", "trigger.cron", { schedule: "0 9 * * *" }),
      aNode("p", "data.prices", { symbol: "HPG", count: 50 }),
      aNode("s", "series.average", { window: 5 }, { version: 2, retry: { attempts: 2, backoffMs: 100 } }),
      aNode("g", "logic.above", { formula: "a > b * vars.limit" }),
      aNode("h", "logic.above", { formula: "a" }, { pinned: { is: { type: "boolean", value: true } } }),
      aNode("all", "logic.all"),
      aNode("o", "action.order", { side: "sell" }, { isDisabled: true }),
      aNode("m", "action.tell", { text: "limit {{vars.limit}}" }, { timeoutMs: 5_000, onError: "prune" }),
      aNode("note", "note"),
    ],
    [
      ["t.fired", "p.run"],
      ["p.close", "s.series"],
      ["p.close", "g.a"],
      ["s.series", "g.b"],
      ["p.close", "h.a"],
      ["g.is", "all.conditions"],
      ["h.is", "all.conditions"],
      ["all.is", "o.signal"],
      ["all.is", "m.run"],
    ],
    { riskProfile: "default", variables: { limit: 2, name: "a", isOn: true } },
  ),
  aWorkflow(
    [
      aNode("t", "trigger.manual"),
      aNode("group", "group"),
      aNode("l", "loop.universe", { symbols: ["HPG", "FPT"] }, { parentId: "group" }),
      aNode("p", "data.prices", { symbol: "$item" }, inLoop),
      aNode("g", "logic.above", { formula: "a" }, inLoop),
      aNode("c", "loop.collect", { column: "above" }, inLoop),
      aNode("d", "loop.collect", { column: "name" }, inLoop),
      aNode("show", "table.show"),
    ],
    [
      ["t.fired", "l.run"],
      ["p.close", "g.a"],
      ["g.is", "c.value"],
      ["l.item", "d.value"],
      ["l.table", "show.table"],
    ],
  ),
];

/** Problems of an unknown code, without a message, or about what the definition does not have. */
function misstated(problems: readonly WorkflowProblem[], definition?: WorkflowDefinition): WorkflowProblem[] {
  const nodes = definition && new Set(definition.nodes.map(({ id }) => id));
  const edges = definition && new Set(definition.edges.map(({ id }) => id));
  return problems.filter(
    ({ code, message, nodeIds, edgeIds }) =>
      !WORKFLOW_PROBLEM_CODES.includes(code) ||
      message === "" ||
      (nodes && nodeIds.some((id) => !nodes.has(id))) ||
      (edges && edgeIds.some((id) => !edges.has(id))),
  );
}

describe("a mutated workflow", () => {
  it("begins as one without problems", () => {
    for (const definition of SOUND) {
      expect(validateWorkflow(definition, SMALL_CATALOGUE)).toMatchObject({ ok: true, problems: [] });
      expect(parseWorkflow(definition)).toEqual({ isValid: true, definition });
    }
  });

  it(`gets a list of problems or a plan, never an exception: ${MUTANTS} of them`, () => {
    const outcomes = { refused: 0, withProblems: 0, sound: 0 };
    for (let seed = 1; seed <= MUTANTS; seed++) {
      const original = SOUND[seed % SOUND.length]!;
      const parsed = parseWorkflow(mutatedWorkflow(original, seed));
      if (!parsed.isValid) {
        expect(parsed.problems.length, `seed ${seed}`).toBeGreaterThan(0);
        expect(misstated(parsed.problems), `seed ${seed}`).toEqual([]);
        outcomes.refused++;
        continue;
      }
      const { definition } = parsed;
      const { ok, problems, generations } = validateWorkflow(definition, SMALL_CATALOGUE);
      expect(ok, `seed ${seed}`).toBe(problems.length === 0);
      expect(misstated(problems, definition), `seed ${seed}`).toEqual([]);
      expect(compareWorkflows(definition, definition), `seed ${seed}`).toEqual([]);
      expect(() => compareWorkflows(original, definition), `seed ${seed}`).not.toThrow();
      if (!ok) {
        outcomes.withProblems++;
        continue;
      }
      const plan = planWorkflow(definition, SMALL_CATALOGUE);
      expect(plan.generations.map((places) => places.map((place) => plan.nodes[place]!.node.id))).toEqual(generations);
      for (const { index, predecessors, loop } of plan.nodes) {
        expect(Math.max(-1, loop, ...predecessors), `seed ${seed}`).toBeLessThan(index);
      }
      outcomes.sound++;
    }
    // Each way out is taken by many, so that none is tried in vain.
    for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(MUTANTS / 50);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  }, 120_000);
});
