import type { JsonValue } from "./json-value.js";
import { isSameJson } from "./validation/same-json.js";
import type { WorkflowDefinition, WorkflowEdge, WorkflowNode } from "./workflow-definition.js";
import type { EdgeId, NodeId } from "./workflow-ids.js";

/** One difference between two revisions. Elements are matched by id. */
export type WorkflowChange =
  | { readonly kind: "node-added" | "node-removed"; readonly nodeId: NodeId; readonly node: WorkflowNode }
  /** `field` is `type`, `version`, `parentId`, `parameters.window` and the like. */
  | ({ readonly kind: "node-changed"; readonly nodeId: NodeId } & FieldChange)
  /** Drawn elsewhere or in another size: it means the same. */
  | { readonly kind: "node-moved"; readonly nodeId: NodeId }
  | { readonly kind: "edge-added" | "edge-removed"; readonly edgeId: EdgeId; readonly edge: WorkflowEdge }
  | ({ readonly kind: "edge-changed"; readonly edgeId: EdgeId } & FieldChange)
  /** `name`, `description`, or a setting such as `settings.seed` or `settings.variables.limit`. */
  | ({ readonly kind: "setting-changed" } & FieldChange)
  /** Nodes or edges are listed in another order, which inputs that take many and runs without waiting heed. */
  | { readonly kind: "order-changed"; readonly of: "nodes" | "edges" };

export interface FieldChange {
  readonly field: string;
  /** Absent where there was none. */
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/** Whether a change is about the drawing alone and leaves what runs as it was. */
export function isMove({ kind }: WorkflowChange): boolean {
  return kind === "node-moved";
}

/**
 * What changed from one definition to another: settings, nodes in the order of `after` with those removed at the end, edges
 * likewise, then nodes that only moved. Nothing for definitions that differ in the viewport alone.
 */
export function compareWorkflows(before: WorkflowDefinition, after: WorkflowDefinition): WorkflowChange[] {
  const moves: WorkflowChange[] = [];
  return [
    ...settingChanges(before, after),
    ...elementChanges<WorkflowNode, WorkflowChange>(before.nodes, after.nodes, {
      added: (node) => ({ kind: "node-added", nodeId: node.id, node }),
      removed: (node) => ({ kind: "node-removed", nodeId: node.id, node }),
      changed: (former, node) => {
        if (!isSameJson(drawing(former), drawing(node))) moves.push({ kind: "node-moved", nodeId: node.id });
        return fieldChanges(nodeFields(former), nodeFields(node)).map((change) => ({
          kind: "node-changed",
          nodeId: node.id,
          ...change,
        }));
      },
    }),
    ...orderChange("nodes", before.nodes, after.nodes),
    ...elementChanges<WorkflowEdge, WorkflowChange>(before.edges, after.edges, {
      added: (edge) => ({ kind: "edge-added", edgeId: edge.id, edge }),
      removed: (edge) => ({ kind: "edge-removed", edgeId: edge.id, edge }),
      changed: (former, edge) =>
        fieldChanges(edgeFields(former), edgeFields(edge)).map((change) => ({
          kind: "edge-changed",
          edgeId: edge.id,
          ...change,
        })),
    }),
    ...orderChange("edges", before.edges, after.edges),
    ...moves,
  ];
}

function settingChanges(before: WorkflowDefinition, after: WorkflowDefinition): WorkflowChange[] {
  return fieldChanges(settingFields(before), settingFields(after)).map((change) => ({
    kind: "setting-changed",
    ...change,
  }));
}

function elementChanges<Element extends { readonly id: string }, Change>(
  before: readonly Element[],
  after: readonly Element[],
  as: {
    readonly added: (element: Element) => Change;
    readonly removed: (element: Element) => Change;
    readonly changed: (former: Element, element: Element) => readonly Change[];
  },
): Change[] {
  const [former, latter] = [byKey(before), byKey(after)];
  return [
    ...Array.from(latter, ([key, element]) => {
      const earlier = former.get(key);
      return earlier ? as.changed(earlier, element) : [as.added(element)];
    }).flat(),
    ...Array.from(former).flatMap(([key, element]) => (latter.has(key) ? [] : [as.removed(element)])),
  ];
}

/** Elements by id; of a draft in which an id occurs again, the second by the id and 2, and so on. */
function byKey<Element extends { readonly id: string }>(elements: readonly Element[]): Map<string, Element> {
  const counts = new Map<string, number>();
  return new Map(
    elements.map((element) => {
      const count = (counts.get(element.id) ?? 0) + 1;
      counts.set(element.id, count);
      return [count === 1 ? element.id : JSON.stringify([element.id, count]), element];
    }),
  );
}

function orderChange(
  of: "nodes" | "edges",
  before: readonly { readonly id: string }[],
  after: readonly { readonly id: string }[],
): WorkflowChange[] {
  const [former, latter] = [new Set(before.map(({ id }) => id)), new Set(after.map(({ id }) => id))];
  const kept = [...latter].filter((id) => former.has(id));
  const keptBefore = [...former].filter((id) => latter.has(id));
  return kept.every((id, i) => id === keptBefore[i]) ? [] : [{ kind: "order-changed", of }];
}

type Fields = ReadonlyMap<string, JsonValue>;

function fieldChanges(before: Fields, after: Fields): FieldChange[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return Array.from(
    names,
    (field): FieldChange => ({ field, ...side("before", before.get(field)), ...side("after", after.get(field)) }),
  ).filter(({ before, after }) => !isSameJson(before, after));
}

function side<Side extends string>(name: Side, value: JsonValue | undefined): { readonly [Name in Side]?: JsonValue } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Name in Side]?: JsonValue });
}

function settingFields({ name, description, settings }: WorkflowDefinition): Fields {
  const { variables, ...rest } = settings;
  return fieldsOf({ name, description }, named("settings", rest), named("settings.variables", variables));
}

function nodeFields({ type, parentId, data }: WorkflowNode): Fields {
  const { parameters, pinned = {}, retry, ...rest } = data;
  const policy = retry as Readonly<Record<string, JsonValue>> | undefined;
  return fieldsOf(
    { type, parentId },
    rest,
    named("retry", policy ?? {}),
    named("parameters", parameters),
    named("pinned", pinned),
  );
}

function edgeFields({ source, sourceHandle, target, targetHandle }: WorkflowEdge): Fields {
  return fieldsOf({ source, sourceHandle, target, targetHandle });
}

function drawing({ position, width, height }: WorkflowNode): JsonValue {
  return [position.x, position.y, width ?? null, height ?? null];
}

function named(prefix: string, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value]));
}

function fieldsOf(...parts: readonly Readonly<Record<string, unknown>>[]): Fields {
  const entries = parts.flatMap((part) => Object.entries(part));
  return new Map(entries.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
}
