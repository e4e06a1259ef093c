import type { z } from "zod";
import {
  type LeadLagScreen,
  type LeadLagStudy,
  leadLagScreenSchema,
  leadLagStudySchema,
  type StudyParameters,
  type StudyRunFacts,
  studyParametersSchema,
} from "../../contracts/lead-lag-study.js";
import { WorkbenchError } from "../../engine/errors.js";
import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import type { DatabaseSession, Row, SqlParameter } from "../database.js";

export type PairParameters = Extract<StudyParameters, { kind: "pair" }>;
export type ScreenParameters = Extract<StudyParameters, { kind: "screen" }>;

/** A study or a screen as it was made. */
export type StoredStudy = { readonly createdAtMs: EpochMs } & (
  | { readonly kind: "pair"; readonly parameters: PairParameters; readonly result: LeadLagStudy }
  | { readonly kind: "screen"; readonly parameters: ScreenParameters; readonly result: LeadLagScreen }
);

/** What a list of studies shows of one; what a screen does not have is null. */
export interface StudySummary {
  readonly id: number;
  readonly kind: "pair" | "screen";
  readonly createdAtMs: EpochMs;
  readonly source: string | null;
  readonly target: string | null;
  readonly verdict: string | null;
  readonly lag: number | null;
  readonly p: number | null;
  readonly q: number | null;
  readonly heldOutIc: number | null;
  readonly tested: number;
  readonly declared: number | null;
  readonly engine: string;
  readonly seed: number;
  readonly dataset: string;
  readonly watermark: string;
  readonly codeVersion: string;
}

/** Keeps a study and returns its number. Nothing that pages show changes. */
export async function storeStudy(
  session: DatabaseSession,
  parameters: PairParameters,
  { result, createdAtMs }: { result: LeadLagStudy; createdAtMs: EpochMs },
): Promise<number> {
  const { source, target, verdict, p, q, heldOutIc } = result;
  return insert(session, "lead_lag_studies", {
    ...sharedColumns(parameters, result, createdAtMs),
    source,
    target,
    verdict: verdict.kind,
    lag: verdict.lag,
    p,
    q,
    held_out_ic: heldOutIc,
  });
}

/** Keeps a screen and returns its number, of the same count as those of studies. */
export async function storeScreen(
  session: DatabaseSession,
  parameters: ScreenParameters,
  { result, createdAtMs }: { result: LeadLagScreen; createdAtMs: EpochMs },
): Promise<number> {
  const { tested, refused, declared } = result;
  return insert(session, "lead_lag_screens", {
    ...sharedColumns(parameters, result, createdAtMs),
    tested,
    refused,
    declared,
  });
}

/** The newest studies and screens, newest first; with a source or target, studies of those alone. */
export async function listStudies(
  session: DatabaseSession,
  { source, target, limit }: { source?: string | undefined; target?: string | undefined; limit: number },
): Promise<StudySummary[]> {
  const rows = await session.query<{ created_at: Date; seed: string } & Omit<StudySummary, "createdAtMs" | "seed">>(
    `SELECT * FROM (
       SELECT id, 'pair' AS kind, created_at, source, target, verdict, lag, p, q, held_out_ic AS "heldOutIc",
              1 AS tested, NULL::integer AS declared, engine, seed, dataset, watermark, code_version AS "codeVersion"
         FROM lead_lag_studies
        WHERE ($1::text IS NULL OR source = $1) AND ($2::text IS NULL OR target = $2)
       UNION ALL
       SELECT id, 'screen', created_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
              tested, declared, engine, seed, dataset, watermark, code_version
         FROM lead_lag_screens
        WHERE $1::text IS NULL AND $2::text IS NULL
     ) listed
     ORDER BY id DESC LIMIT $3`,
    [source ?? null, target ?? null, limit],
  );
  return rows.map(({ created_at, seed, ...row }) => ({
    ...row,
    createdAtMs: epochMs(created_at.getTime()),
    seed: Number(seed),
  }));
}

/** A study or screen by its number; `undefined` when there is none. @throws STUDY_INVALID */
export async function readStudy(session: DatabaseSession, id: number): Promise<StoredStudy | undefined> {
  const [row] = await session.query<{ created_at: Date; parameters: string; result: string }>(
    `SELECT created_at, parameters::text, result::text FROM lead_lag_studies WHERE id = $1
     UNION ALL
     SELECT created_at, parameters::text, result::text FROM lead_lag_screens WHERE id = $1`,
    [id],
  );
  if (row === undefined) return undefined;
  const parameters = parsed(id, studyParametersSchema, row.parameters);
  const createdAtMs = epochMs(row.created_at.getTime());
  return parameters.kind === "pair"
    ? {
        kind: "pair",
        createdAtMs,
        parameters,
        result: { ...parsed(id, leadLagStudySchema, row.result), studyId: id },
      }
    : {
        kind: "screen",
        createdAtMs,
        parameters,
        result: { ...parsed(id, leadLagScreenSchema, row.result), studyId: id },
      };
}

function parsed<T>(id: number, schema: z.ZodType<T>, json: string): T {
  const { data, error, success } = schema.safeParse(JSON.parse(json));
  if (success) return data;
  const [issue] = error.issues;
  throw new WorkbenchError(
    "STUDY_INVALID",
    `invalid study ${id}: ${issue?.path.join(".")}: ${issue?.message} (accepted: a study as this version stores it)`,
    { cause: error, details: { id } },
  );
}

function sharedColumns(
  parameters: StudyParameters,
  result: StudyRunFacts,
  createdAtMs: EpochMs,
): Record<string, SqlParameter> {
  return {
    created_at: new Date(createdAtMs).toISOString(),
    parameters: JSON.stringify(parameters),
    watermark: result.watermark,
    code_version: result.codeVersion,
    seed: result.seed,
    engine: result.engine,
    dataset: result.dataset,
    result: JSON.stringify(result),
  };
}

async function insert(
  session: DatabaseSession,
  table: string,
  columns: Readonly<Record<string, SqlParameter>>,
): Promise<number> {
  const names = Object.keys(columns);
  const [row] = await session.query<Row & { id: number }>(
    `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map((_, i) => `$${i + 1}`).join(", ")}) RETURNING id`,
    Object.values(columns),
  );
  return row!.id;
}
