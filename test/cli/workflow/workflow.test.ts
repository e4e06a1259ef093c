import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { WorkflowDefinition } from "../../../src/engine/workflow/workflow-definition.js";
import { captureCommand, captureJson } from "../../support/captured-command.js";
import { aNode, aWorkflow } from "../../support/workflow-graphs.js";

const folder = mkdtempSync(join(tmpdir(), "workflow-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const sound = aWorkflow(
  [
    aNode("t", "trigger.manual"),
    aNode("p", "data.candles", { symbol: "HPG" }),
    aNode("fast", "indicator.sma", { window: 10 }),
    aNode("slow", "indicator.sma", { window: 50 }),
    aNode("cross", "logic.cross-over"),
  ],
  [
    ["t.fired", "p.run"],
    ["p.close", "fast.series"],
    ["p.close", "slow.series"],
    ["fast.series", "cross.a"],
    ["slow.series", "cross.b"],
  ],
);
const broken: WorkflowDefinition = { ...sound, edges: sound.edges.slice(0, 4) };

describe("quantflow workflow validate", () => {
  it("prints exactly whether it is sound, no problems, and the generations", async () => {
    const path = file("sound.json", sound);
    const { stdout, exitCode } = await captureCommand(["workflow", "validate", path, "--json"], {});
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      problems: [],
      generations: [["t"], ["p"], ["fast", "slow"], ["cross"]],
    });
  });

  it("prints each problem with its nodes and edges, and ends with exit code 1", async () => {
    const path = file("broken.json", {
      ...sound,
      edges: [...broken.edges, { ...sound.edges[4], sourceHandle: "gone" }],
    });
    const { stdout, exitCode } = await captureCommand(["workflow", "validate", path, "--json"], {});
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      problems: [
        {
          code: "PORT_UNKNOWN",
          message: 'edge slow.series>cross.b: slow has no output "gone" (accepted: series)',
          nodeIds: ["slow"],
          edgeIds: ["slow.series>cross.b"],
        },
      ],
      generations: [["t"], ["p"], ["fast", "slow"], ["cross"]],
    });
  });

  it("reads what was exported", async () => {
    const path = file("export.json", { kind: "quantflow-workflow", version: 1, exportedAtMs: 0, definition: sound });
    expect(await captureJson(["workflow", "validate", path, "--json"], {})).toMatchObject({ ok: true });
  });

  it.each([
    ["no JSON", "{nodes:", "DEFINITION_INVALID", /^definition: no JSON: /],
    ["no object", "[1, 2]", "DEFINITION_INVALID", /^definition: /],
    ["null", "null", "DEFINITION_INVALID", /^definition: /],
    ["no nodes", "{}", "DEFINITION_INVALID", /^nodes: /],
    [
      "a prototype",
      '{"nodes": [], "__proto__": {"a": 1}}',
      "DEFINITION_INVALID",
      /^__proto__: a key that is not accepted/,
    ],
    ["a later version", '{"schemaVersion": 2, "nodes": []}', "DEFINITION_INVALID", /^schemaVersion: accepted: 1/],
    [
      "a setting that nobody knows",
      '{"nodes": [], "settings": {"sede": 1}}',
      "DEFINITION_INVALID",
      /^settings: .*sede/,
    ],
    ["much nesting", `{"nodes": ${"[".repeat(200)}${"]".repeat(200)}}`, "DEFINITION_TOO_LARGE", /nested too deeply/],
    ["many nodes", JSON.stringify({ nodes: new Array(20_001).fill(0) }), "DEFINITION_TOO_LARGE", /^nodes: 20,001/],
  ])("lists the problem of a file with %s", async (_, text, code, message) => {
    const path = file("odd.json", text);
    const { stdout, exitCode } = await captureCommand(["workflow", "validate", path, "--json"], {});
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ ok: false, problems: [{ code, nodeIds: [], edgeIds: [] }], generations: [] });
    expect(answer.problems[0].message).toMatch(message);
    expect(exitCode).toBe(1);
  });

  it("says it in words without --json", async () => {
    const good = await captureCommand(["workflow", "validate", file("good.json", sound)], {});
    expect(good.stdout).toBe("No problem: 5 nodes in 4 generations.\n");
    const nodes = [...sound.nodes, aNode("x", "data.magic")];
    const bad = await captureCommand(["workflow", "validate", file("bad.json", { ...sound, nodes })], {});
    expect(bad.stdout.split("\n")).toEqual([
      'NODE_TYPE_UNKNOWN: node x: type "data.magic" (accepted: one of the catalogue)',
      "NODE_UNREACHABLE: node x: no path leads to it (accepted: one from the trigger)",
      "2 problems.",
      "",
    ]);
  });

  it("fails on a file that is not there", async () => {
    const { exitCode, stderr } = await captureCommand(
      ["workflow", "validate", join(folder, "none.json"), "--json"],
      {},
    );
    expect([exitCode, stderr.split(":")[0]]).toEqual([1, "FILE_NOT_FOUND"]);
  });
});

describe("quantflow workflow diff", () => {
  const after = {
    ...sound,
    nodes: sound.nodes.map((node) => (node.id === "slow" ? aNode("slow", "indicator.sma", { window: 100 }) : node)),
    edges: broken.edges,
  };

  it("prints the changes as JSON", async () => {
    const paths = [file("before.json", sound), file("after.json", after)];
    expect(await captureJson(["workflow", "diff", ...paths, "--json"], {})).toEqual({
      changes: [
        { kind: "node-changed", nodeId: "slow", field: "parameters.window", before: 50, after: 100 },
        { kind: "edge-removed", edgeId: "slow.series>cross.b", edge: sound.edges[4] },
      ],
    });
  });

  it("prints them in words", async () => {
    const moved = { ...after, nodes: [{ ...after.nodes[0], position: { x: 9, y: 9 } }, ...after.nodes.slice(1)] };
    const paths = [file("before.json", sound), file("after.json", moved)];
    const { stdout } = await captureCommand(["workflow", "diff", ...paths], {});
    expect(stdout).toBe(
      "~ node slow: parameters.window: 50 → 100\n- edge slow.series>cross.b: slow.series to cross.b\n  node t: moved\n",
    );
  });

  it("says so when nothing changed", async () => {
    const path = file("same.json", sound);
    expect((await captureCommand(["workflow", "diff", path, path], {})).stdout).toBe("Nothing changed.\n");
  });

  it("refuses a file that is no workflow", async () => {
    const { exitCode, stderr } = await captureCommand(
      ["workflow", "diff", file("a.json", sound), file("b.json", "{}")],
      {},
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain("WORKFLOW_INVALID: invalid workflow: ");
  });
});
