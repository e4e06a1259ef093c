import { z } from "zod";
import { TRIGGER_KINDS } from "../engine/workflow/run-event.js";

/** `waiting` for a worker; `retrying` after a failed attempt; `working`; `dead` after the last attempt failed. */
export const RUN_JOB_STATES = ["waiting", "retrying", "working", "dead"] as const;

export const JOBS_LIMIT = { default: 100, most: 500 } as const;

const instant = z.number().int();

/** What `GET /api/jobs` takes. `cursor` is the `nextCursor` of the page before. */
export const jobsQuerySchema = z.strictObject({
  state: z.enum(RUN_JOB_STATES).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,19}_[0-9a-f-]{36}$/, "accepted: the nextCursor of a page")
    .optional(),
  limit: z.coerce.number().int().min(1).max(JOBS_LIMIT.most).default(JOBS_LIMIT.default),
});

/** A run in the queue, under its own id. Instants are UTC epoch milliseconds. */
export const runJobSchema = z.object({
  id: z.string(),
  workflowId: z.string(),
  workflowName: z.string(),
  revision: z.number().nullable(),
  trigger: z.enum(TRIGGER_KINDS).nullable(),
  state: z.enum(RUN_JOB_STATES),
  queuedAtMs: instant,
  /** Of the attempt at work. */
  startedAtMs: instant.nullable(),
  /** When the next attempt may begin; null unless it waits for one. */
  dueAtMs: instant.nullable(),
  /** When the last attempt failed, of a dead one. */
  endedAtMs: instant.nullable(),
  failedAttempts: z.number().int(),
  failure: z.string().nullable(),
  /** Nodes that have ended at least once, of all. */
  progress: z.object({ done: z.number().int(), nodes: z.number().int() }),
});

export const jobsAnswerSchema = z.object({
  jobs: z.array(runJobSchema),
  /** All there are, whatever was asked for. */
  counts: z.object({ waiting: z.number(), retrying: z.number(), working: z.number(), dead: z.number() }),
  nextCursor: z.string().nullable(),
});

export const jobRetryAnswerSchema = z.object({
  /** Its own id, or that of the run that repeats a dead one from what failed. */
  runId: z.string(),
  outcome: z.enum(["hurried", "queued", "repeated", "skipped"]),
});

export const jobCancelAnswerSchema = z.object({
  runId: z.string(),
  /** Of the run: `running` while the worker that has it ends it. */
  status: z.string(),
});

export type RunJobMessage = z.infer<typeof runJobSchema>;
export type JobsQuery = z.infer<typeof jobsQuerySchema>;
export type JobsAnswer = z.infer<typeof jobsAnswerSchema>;
export type JobRetryAnswer = z.infer<typeof jobRetryAnswerSchema>;
export type JobCancelAnswer = z.infer<typeof jobCancelAnswerSchema>;
