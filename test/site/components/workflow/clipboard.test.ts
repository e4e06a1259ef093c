import { describe, expect, it } from "vitest";
import { copyNodes, pasteNodes } from "../../../../notebooks/components/workflow/document/clipboard.js";
import { groupNodes } from "../../../../notebooks/components/workflow/document/edit-workflow.js";
import { smallWorkflow } from "./small-workflow.js";

describe("copy and paste on the canvas", () => {
  it("copies nodes with the edges among them, under fresh ids, beside the originals", () => {
    const before = smallWorkflow();
    const text = copyNodes(before, new Set(["candles", "fast"])) as string;
    const pasted = pasteNodes(before, text, { x: 32, y: 32 });
    expect(pasted?.nodeIds).toHaveLength(2);
    const [candles, fast] = pasted?.nodeIds ?? [];
    expect(pasted?.definition.nodes.slice(4)).toMatchObject([
      { id: candles, type: "data.candles", position: { x: 292, y: 32 } },
      { id: fast, type: "indicator.sma", position: { x: 552, y: 32 } },
    ]);
    expect(pasted?.definition.edges.slice(3)).toMatchObject([
      { source: candles, sourceHandle: "close", target: fast, targetHandle: "series" },
    ]);
    const everyId = [...(pasted?.definition.nodes ?? []), ...(pasted?.definition.edges ?? [])].map(({ id }) => id);
    expect(new Set(everyId).size).toBe(everyId.length);
  });

  it("takes along what stands in a container, at the same place within it", () => {
    const { definition, id } = groupNodes(smallWorkflow(), new Set(["fast"]), () => ({ width: 200, height: 100 }));
    const pasted = pasteNodes(definition, copyNodes(definition, new Set([id as string])) as string, { x: 10, y: 0 });
    const [group, inside] = pasted?.definition.nodes.slice(-2).sort((a) => (a.type === "group" ? -1 : 1)) ?? [];
    expect(group?.type).toBe("group");
    expect(inside?.parentId).toBe(group?.id);
    expect(inside?.position).toEqual(definition.nodes.find((node) => node.id === "fast")?.position);
  });

  it.each([
    ["other text", "hello"],
    ["JSON of another kind", '{"kind":"something","nodes":[],"edges":[]}'],
    ["a part whose nodes are none", '{"kind":"quantflow-workflow-part","nodes":[{"id":1}],"edges":[]}'],
    ["null", "null"],
  ])("does not paste %s", (_, text) => {
    expect(pasteNodes(smallWorkflow(), text, { x: 0, y: 0 })).toBeUndefined();
  });

  it("copies nothing when nothing is chosen", () => {
    expect(copyNodes(smallWorkflow(), new Set(["nobody"]))).toBeUndefined();
  });
});
