import { z } from "zod";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../engine/units/trading-date.js";
import { EDGE_ID_PATTERN, NODE_ID_PATTERN } from "../engine/value-chain/element-ids.js";
import {
  CONFIDENCES,
  EDGE_KINDS,
  NODE_KINDS,
  type ValueChainEdge,
  type ValueChainEdgeId,
  type ValueChainNode,
  type ValueChainNodeId,
} from "../engine/value-chain/value-chain.js";
import type { ValueChainChange } from "../engine/value-chain/value-chain-change.js";

/*
 * The value chain on the wire is the JSON of the engine's types: what is `undefined` there is absent or null here, a
 * date is `YYYY-MM-DD`, an instant is ISO 8601 in UTC.
 */

const nodeId = z
  .string()
  .regex(NODE_ID_PATTERN, "accepted: 1 to 64 of a-z 0-9, words joined by single hyphens")
  .transform((id) => id as ValueChainNodeId);
const edgeId = z
  .string()
  .regex(EDGE_ID_PATTERN, "accepted: 1 to 200 of a-z 0-9, words joined by one or two hyphens")
  .transform((id) => id as ValueChainEdgeId);
const symbol = z
  .string()
  .regex(SYMBOL_PATTERN, "accepted: 1 to 32 of A-Z 0-9 . - _ ^ =")
  .transform((name) => name as InstrumentSymbol);
const date = z.iso.date("accepted: a day as YYYY-MM-DD").transform((day) => day as TradingDate);
const optionalDate = date.nullish().transform((day) => day ?? undefined);

export const valueChainNodeSchema = z.strictObject({
  id: nodeId,
  name: z.string(),
  kind: z.enum(NODE_KINDS),
  sector: z
    .string()
    .nullish()
    .transform((sector) => sector ?? undefined),
  symbol: symbol.nullish().transform((name) => name ?? undefined),
  validFrom: optionalDate,
  validTo: optionalDate,
}) satisfies z.ZodType<ValueChainNode>;

export const valueChainEdgeSchema = z.strictObject({
  id: edgeId,
  sourceId: nodeId,
  targetId: nodeId,
  kind: z.enum(EDGE_KINDS),
  sign: z.literal([-1, 0, 1]),
  confidence: z.enum(CONFIDENCES),
  rationale: z.string(),
  source: z.string(),
  sourceDate: optionalDate,
  validFrom: optionalDate,
  validTo: optionalDate,
}) satisfies z.ZodType<ValueChainEdge>;

/** Answer of `GET /api/value-chain`. */
export const valueChainAnswerSchema = z.object({
  /** The day asked for with `asOf`; null when the answer holds every element, of whatever validity. */
  asOf: date.nullable(),
  /** Number of the last change that the answer knows of; 0 while nothing is stored. */
  revision: z.int().min(0),
  nodes: z.array(valueChainNodeSchema),
  edges: z.array(valueChainEdgeSchema),
});

export type ValueChainAnswer = z.infer<typeof valueChainAnswerSchema>;

export const valueChainChangeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("add-node"), node: valueChainNodeSchema }),
  z.strictObject({ kind: z.literal("change-node"), node: valueChainNodeSchema }),
  z.strictObject({ kind: z.literal("retire-node"), id: nodeId, lastDay: date }),
  z.strictObject({ kind: z.literal("add-edge"), edge: valueChainEdgeSchema }),
  z.strictObject({ kind: z.literal("change-edge"), edge: valueChainEdgeSchema }),
  z.strictObject({ kind: z.literal("retire-edge"), id: edgeId, lastDay: date }),
]) satisfies z.ZodType<ValueChainChange>;

/** The revision of the graph that the editor saw: an element that changed since is not written over. */
const expectedRevision = z.int().min(0);
/** A database takes every character but NUL. */
const storable = z.string().regex(/^[^\0]*$/, "accepted: text without NUL");
const author = storable.trim().min(1).max(100).default("local");
const note = storable.max(1_000).default("");

/** Body of `POST /api/value-chain/changes`. */
export const valueChainChangeRequestSchema = z.strictObject({
  expectedRevision,
  author,
  note,
  change: valueChainChangeSchema,
});

export type ValueChainChangeRequest = z.input<typeof valueChainChangeRequestSchema>;

/** Body of `POST /api/value-chain/undo`; here `expectedRevision` must be the last one. */
export const valueChainUndoRequestSchema = z.strictObject({ expectedRevision, author });

export type ValueChainUndoRequest = z.input<typeof valueChainUndoRequestSchema>;

export const VALUE_CHAIN_FORMATS = ["csv", "json", "graphml"] as const;

export type ValueChainFormat = (typeof VALUE_CHAIN_FORMATS)[number];

/**
 * Body of `POST /api/value-chain/import`: the text of a file, or of two for CSV. `merge` adds and changes what the
 * files name; `replace` removes everything else.
 */
export const valueChainImportRequestSchema = z.discriminatedUnion("format", [
  z.strictObject({
    format: z.literal("csv"),
    /** Absent or null when every node is stored already. */
    nodes: z
      .string()
      .nullish()
      .transform((text) => text ?? undefined),
    edges: z.string(),
    mode: z.enum(["merge", "replace"]).default("merge"),
    expectedRevision,
    author,
    note,
  }),
  z.strictObject({
    format: z.enum(["json", "graphml"]),
    content: z.string(),
    mode: z.enum(["merge", "replace"]).default("merge"),
    expectedRevision,
    author,
    note,
  }),
]);

export type ValueChainImportRequest = z.input<typeof valueChainImportRequestSchema>;

/**
 * Answer of every request that changes the graph: what to put into a graph of the expected revision, and what to take
 * out of it. `revision` is the one before when nothing had to change.
 */
export const valueChainChangedSchema = z.object({
  revision: z.int().min(0),
  nodes: z.array(valueChainNodeSchema),
  edges: z.array(valueChainEdgeSchema),
  removedNodeIds: z.array(nodeId),
  removedEdgeIds: z.array(edgeId),
});

export type ValueChainChanged = z.infer<typeof valueChainChangedSchema>;

/** Answer of `GET /api/value-chain/changes`: the change log, newest first. */
export const valueChainChangeLogSchema = z.object({
  changes: z.array(
    z.object({
      revision: z.int().min(1),
      changedAt: z.iso.datetime(),
      author: z.string(),
      /** A kind of change, or `import`, `seed`, `undo`. */
      kind: z.string(),
      note: z.string(),
      /** Revision that this one took back; null but for `undo`. */
      undoes: z.int().nullable(),
      /** Ids of the nodes and edges it wrote or removed. */
      nodeIds: z.array(z.string()),
      edgeIds: z.array(z.string()),
    }),
  ),
  /** Revision that the next undo would take back; null when there is none. */
  undoable: z.int().nullable(),
});

export type ValueChainChangeLog = z.infer<typeof valueChainChangeLogSchema>;
