import { type RequestHandler, Router } from "express";
import { z } from "zod";
import {
  VALUE_CHAIN_FORMATS,
  type ValueChainAnswer,
  type ValueChainChanged,
  type ValueChainChangeLog,
  type ValueChainFormat,
  valueChainChangeRequestSchema,
  valueChainImportRequestSchema,
  valueChainUndoRequestSchema,
} from "../contracts/value-chain.js";
import { epochMs } from "../engine/units/epoch-ms.js";
import type { TradingDate } from "../engine/units/trading-date.js";
import type { ValueChain } from "../engine/value-chain/value-chain.js";
import { valueChainAsOf } from "../engine/value-chain/value-chain-as-of.js";
import { changeValueChain } from "../import/value-chain/edit-value-chain.js";
import { importValueChain } from "../import/value-chain/import-value-chain.js";
import { readGraphml } from "../import/value-chain/read-graphml.js";
import { undoValueChain } from "../import/value-chain/undo-value-chain.js";
import { readValueChainCsv, writeEdgesCsv, writeNodesCsv } from "../import/value-chain/value-chain-csv.js";
import type { ValueChainFile } from "../import/value-chain/value-chain-file.js";
import { readValueChainJson, writeValueChainJson } from "../import/value-chain/value-chain-json.js";
import { writeGraphml } from "../import/value-chain/write-graphml.js";
import type { Database } from "../store/database.js";
import { readDataVersion } from "../store/queries/data-version.js";
import { listRevisions, undoableRevision } from "../store/queries/value-chain-changes.js";
import { readValueChain } from "../store/queries/value-chain-queries.js";
import { jsonBody, requireShape } from "./json-body.js";
import { ownPageOnly } from "./own-page-only.js";

const LARGEST_CHANGE_BYTES = 64 * 1024;
const LARGEST_IMPORT_BYTES = 10 * 1024 * 1024;

const day = z.iso
  .date("accepted: a day as YYYY-MM-DD")
  .transform((date) => date as TradingDate)
  .optional();
const graphQuery = z.strictObject({
  asOf: day,
  knownAt: z.iso.datetime({ offset: true, error: "accepted: an instant such as 2026-11-21T00:00:00Z" }).optional(),
});
const logQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(50) });
const exportQuery = z.strictObject({
  format: z.enum(VALUE_CHAIN_FORMATS),
  part: z.enum(["nodes", "edges"]).default("edges"),
  asOf: day,
});

const CONTENT_TYPES: Readonly<Record<ValueChainFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json; charset=utf-8",
  graphml: "application/xml; charset=utf-8",
};

export interface ValueChainDependencies {
  readonly database: Database;
  readonly nowMs: () => number;
}

/** `/api/value-chain`: the graph, its log, and changes of it. docs/value-chain.md describes each route. */
export function valueChainRoutes({ database, nowMs }: ValueChainDependencies): Router {
  const router = Router();
  router.get("/api/value-chain", async (request, response) => {
    const { asOf, knownAt } = requireShape(graphQuery, request.query);
    const { watermark } = await readDataVersion(database);
    response.set("Cache-Control", "no-cache").set("ETag", `"${watermark}/${asOf ?? ""}/${knownAt ?? ""}"`);
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    const knownAtMs = knownAt === undefined ? undefined : epochMs(Date.parse(knownAt));
    const { chain, revision } = await readValueChain(database, { knownAtMs });
    const answer: ValueChainAnswer = { asOf: asOf ?? null, revision, ...graphOn(chain, asOf) };
    response.json(answer);
  });

  router.get("/api/value-chain/changes", async (request, response) => {
    const { limit } = requireShape(logQuery, request.query);
    const revisions = await listRevisions(database, { limit });
    const log: ValueChainChangeLog = {
      changes: revisions.map(({ changedAtMs, undoes, nodeIds, edgeIds, ...rest }) => ({
        ...rest,
        changedAt: new Date(changedAtMs).toISOString(),
        undoes: undoes ?? null,
        nodeIds: [...nodeIds],
        edgeIds: [...edgeIds],
      })),
      undoable: (await undoableRevision(database)) ?? null,
    };
    response.set("Cache-Control", "no-store").json(log);
  });

  router.get("/api/value-chain/export", async (request, response) => {
    const { format, part, asOf } = requireShape(exportQuery, request.query);
    const { chain } = await readValueChain(database);
    const name = format === "csv" ? `value-chain-${part}.csv` : `value-chain.${format}`;
    response
      .set("Cache-Control", "no-store")
      .set("Content-Disposition", `attachment; filename="${name}"`)
      .type(CONTENT_TYPES[format])
      .send(fileText(graphOn(chain, asOf), format, part));
  });

  const changes = (path: string, limitBytes: number, change: (body: unknown) => Promise<ValueChainChanged>) => {
    const answer: RequestHandler = async (request, response) => {
      response.set("Cache-Control", "no-store").json(await change(request.body));
    };
    router.post(path, ownPageOnly, jsonBody(limitBytes), answer);
  };
  const now = () => epochMs(nowMs());

  changes("/api/value-chain/changes", LARGEST_CHANGE_BYTES, (body) => {
    const { change, ...facts } = requireShape(valueChainChangeRequestSchema, body);
    return changeValueChain(database, change, { ...facts, changedAtMs: now() }) as Promise<ValueChainChanged>;
  });

  changes("/api/value-chain/undo", LARGEST_CHANGE_BYTES, (body) => {
    const facts = requireShape(valueChainUndoRequestSchema, body);
    return undoValueChain(database, { ...facts, note: "", changedAtMs: now() }) as Promise<ValueChainChanged>;
  });

  changes("/api/value-chain/import", LARGEST_IMPORT_BYTES, (body) => {
    const request = requireShape(valueChainImportRequestSchema, body);
    const { mode, author, note, expectedRevision } = request;
    const facts = { mode, author, note, expectedRevision, changedAtMs: now() };
    return importValueChain(database, fileOf(request), facts) as Promise<ValueChainChanged>;
  });

  return router;
}

function graphOn(chain: ValueChain, asOf: TradingDate | undefined): Pick<ValueChainAnswer, "nodes" | "edges"> {
  const { nodes, edges } = asOf === undefined ? chain : valueChainAsOf(chain, asOf);
  return { nodes: [...nodes], edges: [...edges] };
}

function fileText(chain: ValueChain, format: ValueChainFormat, part: "nodes" | "edges"): string {
  if (format === "json") return writeValueChainJson(chain);
  if (format === "graphml") return writeGraphml(chain);
  return part === "nodes" ? writeNodesCsv(chain) : writeEdgesCsv(chain);
}

function fileOf(request: z.infer<typeof valueChainImportRequestSchema>): ValueChainFile {
  if (request.format === "csv") {
    const { nodes, edges } = request;
    return readValueChainCsv({
      nodes: nodes === undefined ? undefined : { name: "nodes", text: nodes },
      edges: { name: "edges", text: edges },
    });
  }
  const file = { name: request.format === "json" ? "JSON" : "GraphML", text: request.content };
  return request.format === "json" ? readValueChainJson(file) : readGraphml(file);
}
