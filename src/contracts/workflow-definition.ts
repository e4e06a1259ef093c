import { z } from "zod";
import type { JsonValue } from "../engine/workflow/json-value.js";
import { copyPlainJson } from "../engine/workflow/plain-json.js";
import {
  CONCURRENCY_POLICIES,
  DEFAULT_WORKFLOW_SETTINGS,
  MISSED_RUN_POLICIES,
  WORKFLOW_SCHEMA_VERSION,
  type WorkflowDefinition,
} from "../engine/workflow/workflow-definition.js";
import type { EdgeId, NodeId } from "../engine/workflow/workflow-ids.js";
import { VARIABLE_NAME, WORKFLOW_LIMITS } from "../engine/workflow/workflow-limits.js";
import type { WorkflowProblem, WorkflowProblemCode } from "../engine/workflow/workflow-problem.js";

/*
 * A workflow as JSON: that of React Flow, with what it adds while it runs (`selected`, `measured`, `dragging` …) left
 * out, and with defaults where a file written by hand leaves something out.
 */

/** A database takes every character but NUL. */
const storable = (most: number) =>
  z
    .string()
    .max(most, `accepted: at most ${most} characters`)
    .regex(/^[^\0]*$/, "accepted: text without NUL");
const id = z
  .string()
  .regex(/^[^\p{Cc}[\]]{1,200}$/u, "accepted: 1 to 200 characters, no control characters, no [ or ]");
const nodeId = id.transform((text) => text as NodeId);
const edgeId = id.transform((text) => text as EdgeId);
const coordinate = z.number().min(-1e9).max(1e9);
const size = z.number().min(0).max(1e6);
const json = z.custom<JsonValue>((value) => value !== undefined);
const jsonByName = z.record(storable(200), json);
/** React Flow writes null where a node has one port without a name. */
const handle = storable(200)
  .nullish()
  .transform((name) => name ?? "");

/** Fields that may be absent, absent where they are null or undefined. */
type Present<Fields> = { [Name in keyof Fields as null extends Fields[Name] ? never : Name]: Fields[Name] } & {
  [Name in keyof Fields as null extends Fields[Name] ? Name : never]?: NonNullable<Fields[Name]>;
};

function present<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Present<Fields>;
}

const dataSchema = z
  .object({
    version: z.int().min(1).max(1_000_000).default(1),
    label: storable(200).nullish(),
    parameters: jsonByName.default({}),
    isDisabled: z.boolean().nullish(),
    pinned: jsonByName.nullish(),
    timeoutMs: z.int().min(1).max(3_600_000).nullish(),
    retry: z.strictObject({ attempts: z.int().min(1).max(10), backoffMs: z.int().min(0).max(300_000) }).nullish(),
    onError: z.enum(["fail", "prune"]).nullish(),
  })
  .transform(present);

const nodeSchema = z
  .object({
    id: nodeId,
    type: storable(200).min(1),
    position: z.object({ x: coordinate, y: coordinate }).default({ x: 0, y: 0 }),
    parentId: nodeId.nullish(),
    width: size.nullish(),
    height: size.nullish(),
    data: dataSchema.prefault({}),
  })
  .transform(present);

const edgeSchema = z.object({ id: edgeId, source: nodeId, target: nodeId, sourceHandle: handle, targetHandle: handle });

const variable = z.union([z.number(), storable(10_000), z.boolean()], "accepted: a number, a text, true or false");
const { isDeterministic, seed, deadlineMs, parallelNodes, concurrency, missedRuns } = DEFAULT_WORKFLOW_SETTINGS;

const settingsSchema = z
  .strictObject({
    isDeterministic: z.boolean().default(isDeterministic),
    seed: z.int().min(0).max(4_294_967_295).default(seed),
    deadlineMs: z.int().min(1_000).max(86_400_000).default(deadlineMs),
    parallelNodes: z.int().min(1).max(256).default(parallelNodes),
    concurrency: z.enum(CONCURRENCY_POLICIES).default(concurrency),
    missedRuns: z.enum(MISSED_RUN_POLICIES).default(missedRuns),
    riskProfile: storable(100).nullish(),
    variables: z
      .record(z.string().regex(VARIABLE_NAME, "accepted: 1 to 60 letters, digits and _, no digit first"), variable)
      .refine(
        (variables) => Object.keys(variables).length <= WORKFLOW_LIMITS.variables,
        `accepted: at most ${WORKFLOW_LIMITS.variables} variables`,
      )
      .default({}),
  })
  .transform(present);

export const workflowDefinitionSchema = z.object({
  schemaVersion: z
    .literal(WORKFLOW_SCHEMA_VERSION, `accepted: ${WORKFLOW_SCHEMA_VERSION}; a later version needs a later program`)
    .default(WORKFLOW_SCHEMA_VERSION),
  name: storable(200).default("Untitled workflow"),
  description: storable(10_000).default(""),
  nodes: z.array(nodeSchema),
  edges: z.array(edgeSchema).default([]),
  viewport: z
    .object({ x: coordinate, y: coordinate, zoom: z.number().positive().max(1_000) })
    .default({ x: 0, y: 0, zoom: 1 }),
  settings: settingsSchema.prefault({}),
}) satisfies z.ZodType<WorkflowDefinition>;

export type ParsedWorkflow =
  | { readonly isValid: true; readonly definition: WorkflowDefinition }
  | { readonly isValid: false; readonly problems: readonly WorkflowProblem[] };

/** Problems that are told of one definition; more of them say nothing new. */
const MOST_PROBLEMS = 1_000;
const LONGEST_KEY_SHOWN = 200;

/**
 * Reads a workflow out of anything at all: of JSON its definition, with defaults filled in and what only an editor needs
 * left out; of anything else every reason why it is none. Whether the workflow can run is for `validateWorkflow` to say.
 */
export function parseWorkflow(value: unknown): ParsedWorkflow {
  const copied = copyPlainJson(value, WORKFLOW_LIMITS);
  if (!copied.isPlain) {
    const { isTooLarge, path, problem } = copied;
    return refused(isTooLarge ? "DEFINITION_TOO_LARGE" : "DEFINITION_INVALID", `${placeOf(path)}: ${problem}`);
  }
  const json = copied.value as { readonly nodes?: unknown; readonly edges?: unknown } | null;
  for (const list of ["nodes", "edges"] as const) {
    const elements = json?.[list];
    if (!Array.isArray(elements) || elements.length <= WORKFLOW_LIMITS[list]) continue;
    const [found, most] = [elements.length, WORKFLOW_LIMITS[list]].map((count) => count.toLocaleString("en-US"));
    return refused("DEFINITION_TOO_LARGE", `${list}: ${found} (accepted: at most ${most})`);
  }
  const parsed = workflowDefinitionSchema.safeParse(json);
  if (parsed.success) return { isValid: true, definition: parsed.data };
  const problems = parsed.error.issues.slice(0, MOST_PROBLEMS).map((issue): WorkflowProblem => {
    const [list, index] = issue.path;
    const id = idAt(list === "nodes" || list === "edges" ? json?.[list] : undefined, index);
    return {
      code: "DEFINITION_INVALID",
      message: `${placeOf(issue.path)}: ${issue.message}`,
      nodeIds: list === "nodes" && id !== undefined ? [id as NodeId] : [],
      edgeIds: list === "edges" && id !== undefined ? [id as EdgeId] : [],
    };
  });
  return { isValid: false, problems };
}

function refused(code: WorkflowProblemCode, message: string): ParsedWorkflow {
  return { isValid: false, problems: [{ code, message, nodeIds: [], edgeIds: [] }] };
}

function idAt(elements: unknown, index: PropertyKey | undefined): string | undefined {
  const element: unknown = Array.isArray(elements) && typeof index === "number" ? elements[index] : undefined;
  const id = typeof element === "object" && element !== null ? (element as { readonly id?: unknown }).id : undefined;
  return typeof id === "string" ? id.slice(0, LONGEST_KEY_SHOWN) : undefined;
}

/** `nodes[3].data.version`; `definition` for the whole. */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key).slice(0, LONGEST_KEY_SHOWN)}`))
    .join("");
  return place === "" ? "definition" : place.replace(/^\./, "");
}
