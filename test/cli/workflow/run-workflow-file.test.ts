import { describe, expect, it } from "vitest";
import { runWorkflowFile } from "../../../src/cli/workflow/run-workflow-file.js";
import type { NodeServices } from "../../../src/engine/workflow/node-services.js";
import { MemoryEffects } from "../../support/workflow-effect-nodes.js";
import { aNode, aWorkflow } from "../../support/workflow-graphs.js";

const AT = Date.parse("2026-04-13T03:00:00Z");
const workflow = aWorkflow(
  [
    aNode("t", "trigger.manual"),
    aNode("a", "value.number", { value: 20 }),
    aNode("tell", "action.notify", { title: "noon", text: "{{a}}" }),
  ],
  [
    ["t.fired", "a.run"],
    ["a.value", "tell.a"],
  ],
  { riskProfile: "small" },
);

const run = (mode: "live" | "dry-run", notices: unknown[], { isAllowed = true } = {}) =>
  runWorkflowFile({
    definition: workflow,
    mode,
    asOfMs: AT,
    seed: 7,
    nodeServices: { records: { notify: async (notice: unknown) => notices.push(notice) } } as unknown as NodeServices,
    permissions: { mayUse: () => isAllowed },
    nowMs: () => AT,
    signal: new AbortController().signal,
  });

describe("runWorkflowFile(run)", () => {
  it("only says what actions would do, unless it is live", async () => {
    const notices: unknown[] = [];
    const { run: dry, steps } = await run("dry-run", notices);
    expect(dry).toMatchObject({ status: "succeeded", mode: "dry-run", asOfMs: AT, seed: 7 });
    expect(steps.map(({ stepName, state }) => [stepName, state])).toEqual([
      ["t", "succeeded"],
      ["a", "succeeded"],
      ["tell", "succeeded"],
    ]);
    expect(notices).toEqual([]);
    await run("live", notices);
    expect(notices).toEqual([expect.objectContaining({ title: "noon" })]);
  });

  it("does nothing that it has no permission for", async () => {
    const notices: unknown[] = [];
    const { run: refused } = await run("live", notices, { isAllowed: false });
    expect(refused).toMatchObject({ status: "failed", code: "WORKFLOW_PERMISSION_LOST" });
    expect(notices).toEqual([]);
  });

  it("refuses what cannot run, with every problem", async () => {
    const broken = runWorkflowFile({
      definition: aWorkflow([aNode("a", "value.number", { value: 20 })]),
      mode: "dry-run",
      asOfMs: undefined,
      seed: undefined,
      nodeServices: new MemoryEffects() as unknown as NodeServices,
      permissions: { mayUse: () => true },
      nowMs: () => AT,
      signal: new AbortController().signal,
    });
    await expect(broken).rejects.toMatchObject({ code: "WORKFLOW_INVALID", details: { problems: expect.any(Array) } });
  });
});
