import type { WorkflowDefinition, WorkflowNode } from "../../../engine/workflow/workflow-definition.js";
import type { Point } from "./edit-workflow.js";

interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = { beside: 56, below: 24 };

/** Right of a node, in the container that it stands in, where nothing else stands: further down if need be. */
export function placeBeside(
  definition: WorkflowDefinition,
  node: WorkflowNode,
  sizeOf: (id: string) => Size,
  size: Size,
): Point {
  const { x, y } = node.position;
  const wanted = { x: x + sizeOf(node.id).width + GAP.beside, y };
  return freePlace(definition, wanted, node.parentId, sizeOf, size);
}

/** The place that is wanted, or the next one below it where nothing of the same container stands. */
export function freePlace(
  { nodes }: WorkflowDefinition,
  wanted: Point,
  parentId: string | undefined,
  sizeOf: (id: string) => Size,
  { width, height }: Size,
): Point {
  const boxes = nodes
    .filter((node) => node.parentId === parentId && node.type !== "group")
    .map(({ id, position }) => ({ ...position, ...sizeOf(id) }))
    .filter((box) => box.x < wanted.x + width && wanted.x < box.x + box.width)
    .sort((a, b) => a.y - b.y);
  let { y } = wanted;
  for (const box of boxes) {
    if (box.y < y + height && y < box.y + box.height) y = box.y + box.height + GAP.below;
  }
  return { x: wanted.x, y };
}
