import { useReactFlow } from "npm:@xyflow/react";
import { useCallback, useRef } from "npm:react";
import type { WorkflowNode } from "../../../engine/workflow/workflow-definition.js";
import { LOOP_TYPE } from "../../../engine/workflow/workflow-graph.js";
import type { NodeId } from "../../../engine/workflow/workflow-ids.js";
import type { WorkflowProblem } from "../../../engine/workflow/workflow-problem.js";
import { autoLayout } from "../document/auto-layout.js";
import { copyNodes, pasteNodes } from "../document/clipboard.js";
import { addNode, addNote, groupNodes, type Point, placeNodes, removeElements } from "../document/edit-workflow.js";
import { freePlace, placeBeside } from "../document/free-place.js";
import type { WorkflowEditor } from "../document/workflow-editor.js";
import type { Selection } from "./workflow-canvas.js";

/** What a card takes before it is measured. */
const NEW_CARD = { width: 204, height: 120 };

interface CanvasEditsOptions {
  readonly editor: WorkflowEditor;
  readonly selection: Selection;
  /** Chooses nodes and edges, as soon as they are drawn. */
  readonly choose: (nodeIds: readonly string[], edgeIds?: readonly string[]) => void;
  readonly say: (text: string) => void;
}

/** What can be done on the canvas, whether by key, button or mouse. */
export function useCanvasEdits({ editor, selection, choose, say }: CanvasEditsOptions) {
  const flow = useReactFlow();
  const copied = useRef<string | undefined>(undefined);
  const sizeOf = (id: string) => {
    const node = flow.getNode(id);
    return {
      width: node?.measured?.width ?? node?.width ?? 200,
      height: node?.measured?.height ?? node?.height ?? 110,
    };
  };
  /** Beside the chosen node, else in sight; never on another node. */
  const nextPlace = (): { readonly position: Point; readonly parentId?: NodeId } => {
    const chosenId = selection.nodeIds.size === 1 ? [...selection.nodeIds][0] : undefined;
    const chosen = editor.definition.nodes.find(({ id }) => id === chosenId);
    if (chosen !== undefined && !isFrame(chosen)) {
      const position = placeBeside(editor.definition, chosen, sizeOf, NEW_CARD);
      return chosen.parentId === undefined ? { position } : { position, parentId: chosen.parentId };
    }
    const box = document.querySelector(".flow-canvas")?.getBoundingClientRect();
    const { x, y } = flow.screenToFlowPosition(
      box ? { x: box.x + box.width / 3, y: box.y + box.height / 3 } : { x: 0, y: 0 },
    );
    return { position: freePlace(editor.definition, { x, y }, undefined, sizeOf, NEW_CARD) };
  };
  const bringIntoSight = (place: Point) => {
    const box = document.querySelector(".flow-canvas")?.getBoundingClientRect();
    const { x, y, zoom } = flow.getViewport();
    const [left, top] = [place.x * zoom + x, place.y * zoom + y];
    const [right, bottom] = [left + NEW_CARD.width * zoom, top + NEW_CARD.height * zoom];
    if (box === undefined || (left >= 0 && top >= 0 && right <= box.width && bottom <= box.height)) return;
    void flow.setCenter(place.x + NEW_CARD.width / 2, place.y + NEW_CARD.height / 2, { zoom, duration: motionMs() });
  };
  const addType = useCallback(
    (typeId: string, position: Point, parentId?: NodeId) => {
      const type = editor.catalogue.find(typeId, Math.max(...editor.catalogue.versions(typeId)));
      if (type === undefined) return;
      editor.change((all) => {
        const added = addNode(all, type, snapped(position), parentId);
        choose([added.id]);
        return added.definition;
      });
    },
    [editor, choose],
  );
  const paste = (text: string | undefined) => {
    const pasted = text === undefined ? undefined : pasteNodes(editor.definition, text, { x: 32, y: 32 });
    if (pasted === undefined) {
      say("Nothing to paste: copy nodes first.");
      return;
    }
    editor.change(() => pasted.definition);
    choose(pasted.nodeIds);
  };
  const copy = () => {
    const text = copyNodes(editor.definition, selection.nodeIds);
    if (text === undefined) return;
    copied.current = text;
    void navigator.clipboard?.writeText(text).catch(() => undefined);
  };
  const fit = () => void flow.fitView({ duration: motionMs(), maxZoom: 1, padding: 0.12 });
  return {
    addType,
    addTypeInSight: (typeId: string) => {
      const { position, parentId } = nextPlace();
      addType(typeId, position, parentId);
      const parent = editor.definition.nodes.find(({ id }) => id === parentId);
      bringIntoSight({ x: position.x + (parent?.position.x ?? 0), y: position.y + (parent?.position.y ?? 0) });
    },
    addNoteInSight: () =>
      editor.change((all) => {
        const added = addNote(all, snapped(nextPlace().position), "");
        choose([added.id]);
        return added.definition;
      }),
    copy,
    cut: () => {
      copy();
      editor.change((all) => removeElements(all, selection.nodeIds, selection.edgeIds));
    },
    /** From the clipboard, or what was copied here where the browser does not let it be read. */
    paste: () =>
      void Promise.resolve(navigator.clipboard?.readText())
        .catch(() => undefined)
        .then((text) => paste(text?.includes("quantflow-workflow-part") ? text : copied.current)),
    duplicate: () => paste(copyNodes(editor.definition, selection.nodeIds)),
    selectAll: () => choose(editor.definition.nodes.map(({ id }) => id)),
    group: () =>
      editor.change((all) => {
        const grouped = groupNodes(all, selection.nodeIds, sizeOf);
        if (grouped.id) choose([grouped.id]);
        return grouped.definition;
      }),
    layout: () => {
      editor.change((all) => placeNodes(all, autoLayout(all, sizeOf)));
      requestAnimationFrame(() => requestAnimationFrame(fit));
    },
    fit,
    /** Chooses what a problem is about, and brings it into sight. */
    show: ({ nodeIds, edgeIds }: WorkflowProblem) => {
      choose(nodeIds, edgeIds);
      const ends = editor.definition.edges
        .filter(({ id }) => edgeIds.includes(id))
        .flatMap(({ source, target }) => [source, target]);
      const nodes = [...nodeIds, ...ends].map((id) => ({ id }));
      if (nodes.length > 0) void flow.fitView({ nodes, duration: motionMs(), maxZoom: 1.2, padding: 0.4 });
    },
  };
}

/** How long the view takes to move, for those who want to see it move. */
function motionMs(): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200;
}

function isFrame({ type }: WorkflowNode): boolean {
  return type === "group" || type === LOOP_TYPE;
}

function snapped({ x, y }: Point): Point {
  return { x: Math.round(x / 4) * 4, y: Math.round(y / 4) * 4 };
}
