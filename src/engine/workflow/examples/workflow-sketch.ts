import type { JsonValue } from "../json-value.js";
import {
  DEFAULT_WORKFLOW_SETTINGS,
  WORKFLOW_SCHEMA_VERSION,
  type WorkflowDefinition,
  type WorkflowEdge,
  type WorkflowNode,
  type WorkflowSettings,
} from "../workflow-definition.js";
import type { EdgeId, NodeId } from "../workflow-ids.js";

/** A workflow in the form in which a person writes one down. */
export interface WorkflowSketch {
  readonly name: string;
  readonly description: string;
  readonly settings?: Partial<WorkflowSettings>;
  /** By id. */
  readonly nodes: Readonly<Record<string, NodeSketch>>;
  /** As `from.port > to.port`. */
  readonly edges: readonly string[];
  readonly notes: readonly NoteSketch[];
}

interface NodeSketch {
  readonly type: string;
  /** Column and row on the canvas, within a loop from its corner. */
  readonly at: readonly [column: number, row: number];
  readonly label?: string;
  readonly parameters?: Readonly<Record<string, JsonValue>>;
  /** The loop around it. */
  readonly inside?: string;
  /** Columns and rows that a loop takes. */
  readonly spans?: readonly [columns: number, rows: number];
}

interface NoteSketch {
  readonly at: readonly [column: number, row: number];
  readonly text: string;
}

const COLUMN_WIDTH = 280;
/** More than a card with five ports and four parameters takes. */
const ROW_HEIGHT = 260;
/** Room for the title of a loop above its first row. */
const LOOP_MARGIN = 64;
const NOTE_WIDTH = 520;
const NOTE_HEIGHT = 160;

/** The definition that a sketch stands for, with nodes on a grid of the canvas. */
export function workflowOfSketch(sketch: WorkflowSketch): WorkflowDefinition {
  const { name, description, settings } = sketch;
  const nodes = Object.entries(sketch.nodes).map(([id, node]) => nodeOfSketch(id, node));
  return {
    schemaVersion: WORKFLOW_SCHEMA_VERSION,
    name,
    description,
    nodes: [...sketch.notes.map(noteOfSketch), ...nodes],
    edges: sketch.edges.map(edgeOfSketch),
    viewport: { x: 0, y: 0, zoom: 0.75 },
    settings: { ...DEFAULT_WORKFLOW_SETTINGS, riskProfile: "default", ...settings },
  };
}

function nodeOfSketch(id: string, { type, at, label, parameters = {}, inside, spans }: NodeSketch): WorkflowNode {
  const margin = inside === undefined ? 0 : LOOP_MARGIN;
  return {
    id: id as NodeId,
    type,
    position: { x: at[0] * COLUMN_WIDTH + margin, y: at[1] * ROW_HEIGHT + margin },
    ...(inside === undefined ? {} : { parentId: inside as NodeId }),
    ...(spans === undefined
      ? {}
      : { width: spans[0] * COLUMN_WIDTH + LOOP_MARGIN, height: spans[1] * ROW_HEIGHT + LOOP_MARGIN }),
    data: { version: 1, ...(label === undefined ? {} : { label }), parameters },
  };
}

/** The text of a note is its parameter `text`. */
function noteOfSketch({ at, text }: NoteSketch, place: number): WorkflowNode {
  return {
    id: `note${place + 1}` as NodeId,
    type: "note",
    position: { x: at[0] * COLUMN_WIDTH, y: at[1] * ROW_HEIGHT },
    width: NOTE_WIDTH,
    height: NOTE_HEIGHT,
    data: { version: 1, parameters: { text } },
  };
}

function edgeOfSketch(text: string, place: number): WorkflowEdge {
  const [source, sourceHandle, target, targetHandle] = text.split(/[.>]/).map((part) => part.trim());
  return {
    id: `e${place + 1}` as EdgeId,
    source: source as NodeId,
    target: target as NodeId,
    sourceHandle: sourceHandle!,
    targetHandle: targetHandle!,
  };
}
