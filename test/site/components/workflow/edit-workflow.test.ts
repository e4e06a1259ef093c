import { describe, expect, it } from "vitest";
import {
  addNode,
  connect,
  groupNodes,
  moveInto,
  placeNodes,
  removeElements,
  setParameter,
} from "../../../../notebooks/components/workflow/document/edit-workflow.js";
import type { NodeType } from "../../../../notebooks/engine/workflow/node-type.js";
import type { WorkflowDefinition } from "../../../../notebooks/engine/workflow/workflow-definition.js";
import type { NodeId } from "../../../../notebooks/engine/workflow/workflow-ids.js";
import { CATALOGUE, edge, node, smallWorkflow } from "./small-workflow.js";

const ids = ({ nodes }: WorkflowDefinition) => nodes.map(({ id }) => id);
const edges = ({ edges: all }: WorkflowDefinition) =>
  all.map(({ source, sourceHandle, target, targetHandle }) => `${source}.${sourceHandle} ${target}.${targetHandle}`);
const onCanvas = ({ nodes }: WorkflowDefinition, id: string) => {
  const found = nodes.find((each) => each.id === id);
  const parent = nodes.find((each) => each.id === found?.parentId);
  return {
    x: (found?.position.x ?? Number.NaN) + (parent?.position.x ?? 0),
    y: (found?.position.y ?? Number.NaN) + (parent?.position.y ?? 0),
  };
};

describe("editing a workflow", () => {
  it("adds a node of a type with its defaults, under an id that nobody has", () => {
    const type = CATALOGUE.find("indicator.sma", 1) as NodeType;
    const before = { ...smallWorkflow(), nodes: [...smallWorkflow().nodes, node("n6", "note", 0, 0)] };
    const { definition, id } = addNode(before, type, { x: 10, y: 20 });
    expect(ids(before)).not.toContain(id);
    expect(definition.nodes.at(-1)).toMatchObject({ id, type: "indicator.sma", position: { x: 10, y: 20 } });
    const defaults = Object.fromEntries(
      type.parameters.flatMap((spec) => (spec.default === undefined ? [] : [[spec.name, spec.default]])),
    );
    expect(definition.nodes.at(-1)?.data).toEqual({ version: 1, parameters: defaults });
  });

  it("removes nodes with the edges at them, and nothing else", () => {
    const after = removeElements(smallWorkflow(), new Set(["fast"]), new Set(["e1"]));
    expect(ids(after)).toEqual(["start", "candles", "slow"]);
    expect(edges(after)).toEqual(["candles.close slow.series"]);
  });

  it("replaces the edge of an input that takes one, and adds to an input that takes many", () => {
    const connection = { source: "slow", sourceHandle: "series", target: "fast", targetHandle: "series" } as never;
    expect(edges(connect(smallWorkflow(), connection, { takesMany: false }))).toEqual([
      "start.fired candles.run",
      "candles.close slow.series",
      "slow.series fast.series",
    ]);
    expect(edges(connect(smallWorkflow(), connection, { takesMany: true }))).toHaveLength(4);
  });

  it("draws the same edge once", () => {
    const before = smallWorkflow();
    const { id: _, ...same } = edge("x", "candles.close", "fast.series");
    expect(connect(before, same, { takesMany: true })).toBe(before);
  });

  it("sets and unsets a parameter of one node, and shares the others", () => {
    const before = smallWorkflow();
    const after = setParameter(before, "fast", "window", 5);
    expect(after.nodes[2]?.data.parameters).toEqual({ window: 5 });
    expect(after.nodes[3]).toBe(before.nodes[3]);
    expect(setParameter(after, "fast", "window", undefined).nodes[2]?.data.parameters).toEqual({});
  });

  it("keeps places on the canvas when nodes are grouped, taken out, and their group is removed", () => {
    const before = smallWorkflow();
    const { definition: grouped, id } = groupNodes(before, new Set(["fast", "slow"]), () => ({
      width: 200,
      height: 100,
    }));
    const group = grouped.nodes.find((each) => each.id === id);
    expect(group).toMatchObject({ type: "group", position: { x: 496, y: -44 }, width: 248, height: 328 });
    for (const each of ["fast", "slow"]) expect(onCanvas(grouped, each)).toEqual(onCanvas(before, each));
    const out = moveInto(grouped, "fast", undefined);
    expect(onCanvas(out, "fast")).toEqual(onCanvas(before, "fast"));
    const removed = removeElements(out, new Set([id as NodeId]), new Set());
    expect(removed.nodes.some(({ parentId }) => parentId !== undefined)).toBe(false);
    expect(onCanvas(removed, "slow")).toEqual(onCanvas(before, "slow"));
  });

  it("groups nothing when nothing can be grouped", () => {
    const before = smallWorkflow();
    expect(groupNodes(before, new Set(["nobody"]), () => ({ width: 1, height: 1 }))).toEqual({
      definition: before,
      id: undefined,
    });
  });

  it("moves only the nodes that are named", () => {
    const before = smallWorkflow();
    const after = placeNodes(before, new Map([["slow", { position: { x: 1, y: 2 } }]]));
    expect(after.nodes[3]?.position).toEqual({ x: 1, y: 2 });
    expect(after.nodes.slice(0, 3)).toEqual(before.nodes.slice(0, 3));
  });
});
