import { describe, expect, it } from "vitest";
import { EXPRESSION_FUNCTIONS } from "../../src/engine/workflow/expression/expression-functions.js";
import { DEFAULT_WORKFLOW_SETTINGS } from "../../src/engine/workflow/workflow-definition.js";
import { WORKFLOW_LIMITS } from "../../src/engine/workflow/workflow-limits.js";
import { WORKFLOW_PROBLEM_CODES } from "../../src/engine/workflow/workflow-problem.js";
import { readText, sections, tableRows } from "./repository.js";

const described = sections(readText("docs/workflows.md"), 2);

describe("docs/workflows.md", () => {
  it("explains every problem, and no other", () => {
    const codes = tableRows(described.get("Problems")!).map(([code]) => code!.replaceAll("`", ""));
    expect(codes).toEqual([...WORKFLOW_PROBLEM_CODES]);
  });

  it("lists every function of formulas, as the program describes it", () => {
    const rows = tableRows(described.get("Formulas")!).filter(([form]) => /^`\w+\(/.test(form!));
    const expected = Array.from(EXPRESSION_FUNCTIONS.values(), ({ form, gives }) => [`\`${form}\``, gives]);
    expect(rows).toEqual(expected);
  });

  it("gives the defaults of the settings", () => {
    const rows = tableRows(described.get("The definition")!).map(([name, byDefault]) => [name, byDefault]);
    const { variables: _, ...defaults } = DEFAULT_WORKFLOW_SETTINGS;
    for (const [name, value] of Object.entries(defaults)) expect(rows).toContainEqual([`\`${name}\``, String(value)]);
  });

  it("gives the limits of a graph", () => {
    const { nodes, edges } = WORKFLOW_LIMITS;
    const [limits] = [`At most ${nodes.toLocaleString("en-US")} nodes and ${edges.toLocaleString("en-US")} edges`];
    expect(described.get("The definition")).toContain(limits);
  });
});
