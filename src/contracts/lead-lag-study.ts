import { z } from "zod";
import { BOOSTING_ENGINES, type BoostingParameters } from "../engine/boosting/gradient-boosting.js";
import { ERROR_CODES } from "../engine/errors.js";
import { SOURCE_TRANSFORMS } from "../engine/lead-lag/source-transforms.js";
import type { LeadLagVerdict } from "../engine/lead-lag/study-verdict.js";
import { DATASETS } from "../engine/market-data/dataset.js";

/*
 * A study on the wire and in the store: what `quantflow lead-lag --json` and `quantflow screen --json` print. A number
 * that is not defined is null. Times are trading dates; instants in ISO 8601 where a file has several rows a day.
 */

const measure = z.number().nullable();
const count = z.int().min(0);
const lagNumber = z.int().min(0);
const lagInterval = z.tuple([lagNumber, lagNumber]);
const measureInterval = z.tuple([measure, measure]);
const reasons = z.array(z.string());
const errorCode = z.enum(ERROR_CODES);

export const leadLagVerdictSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("lead-found"), lag: lagNumber, lagInterval, isConfirmed: z.boolean(), reasons }),
  z.object({ kind: z.literal("not-tradable"), lag: z.literal(0), lagInterval, detectableSize: z.number(), reasons }),
  z.object({
    kind: z.literal("no-lead-found"),
    lag: z.null(),
    lagInterval: z.null(),
    detectableSize: z.number(),
    reasons,
  }),
  z.object({
    kind: z.literal("insufficient-data"),
    lag: z.null(),
    lagInterval: z.null(),
    code: errorCode,
    reasons,
  }),
]) satisfies z.ZodType<LeadLagVerdict>;

/** `file` for series that never were in the store. */
export const STUDY_DATASETS = [...DATASETS, "file"] as const;
export const STUDY_ENGINES = [...BOOSTING_ENGINES, "none"] as const;

export type StudyEngine = (typeof STUDY_ENGINES)[number];

const boostingParameters = z.object({
  rounds: z.number(),
  maxDepth: z.number(),
  learningRate: z.number(),
  lambda: z.number(),
  gamma: z.number(),
  minChildWeight: z.number(),
  baseScore: z.number(),
  rowSample: z.number(),
  columnSample: z.number(),
  maxBins: z.number(),
  seed: z.number(),
}) satisfies z.ZodType<BoostingParameters>;

/** How a study was run, and on what. */
const runFields = {
  engine: z.enum(STUDY_ENGINES),
  engineParameters: boostingParameters.nullable(),
  seed: z.int(),
  surrogates: count,
  resamples: count,
  maxLag: z.int(),
  watermark: z.string(),
  codeVersion: z.string(),
  dataset: z.enum(STUDY_DATASETS),
  excluded: z.string(),
};

export const studyRunSchema = z.object(runFields);

export type StudyRunFacts = z.infer<typeof studyRunSchema>;

const finding = z.object({
  lag: lagNumber,
  transform: z.enum(SOURCE_TRANSFORMS),
  correlation: measure,
  statistic: measure,
  p: measure,
});
const score = z.object({ r2: measure, ic: measure });
const lagRow = z.object({
  lag: lagNumber,
  n: count,
  pearson: measure,
  whitened: measure,
  ic: measure,
  r2: measure,
});
const heldOut = z.object({
  lag: lagNumber,
  transform: z.enum(SOURCE_TRANSFORMS),
  direction: z.literal([1, -1]),
  ic: measure,
  p: measure,
  isConfirmed: z.boolean(),
  rows: count,
  from: z.string(),
});
const boosting = z.object({
  controls: score,
  folds: count,
  testRows: count,
  lags: z.array(
    z.object({
      lag: lagNumber,
      ic: measure,
      r2: measure,
      icOverControls: measure,
      r2OverControls: measure,
      linear: score,
      importance: z.array(z.object({ feature: z.string(), share: z.number() })).nullable(),
    }),
  ),
});

const comparison = z.object({
  engine: z.enum(BOOSTING_ENGINES),
  lags: z.array(z.object({ lag: lagNumber, ic: measure, r2: measure })),
});

export type EngineComparison = z.infer<typeof comparison>;

/** One pair of a screen; also the first part of a study. A pair that was refused has nothing but its verdict. */
const pairFields = {
  source: z.string(),
  target: z.string(),
  factors: z.array(z.string()),
  from: z.string().nullable(),
  to: z.string().nullable(),
  returns: count.nullable(),
  verdict: leadLagVerdictSchema,
  heldOutIc: measure,
  heldOut: heldOut.nullable(),
  p: measure,
  q: measure,
  detectableSize: measure,
  tests: count.nullable(),
  isLagZeroTradable: z.boolean().nullable(),
  lead: finding.nullable(),
  sameDay: finding.nullable(),
  lags: z.array(lagRow),
  boosting: boosting.nullable(),
};

export const screenedPairSchema = z.object({ ...pairFields, ...runFields });

export type ScreenedPairAnswer = z.infer<typeof screenedPairSchema>;

export const leadLagStudySchema = z.object({
  /** Number in the store; null for a study that is not kept. */
  studyId: z.int().nullable(),
  ...pairFields,
  bootstrap: z.object({
    lagInterval,
    correlationInterval: measureInterval,
    lags: z.array(z.object({ lag: lagNumber, share: z.number() })),
  }),
  hacInterval: measureInterval,
  signStability: measure,
  /** Forecasts of the same days by another engine; null where none was asked, and in studies stored before there was any. */
  comparison: comparison.nullable().default(null),
  blocks: z.array(z.object({ from: z.string(), to: z.string(), correlation: measure, rows: count })),
  granger: z.array(z.object({ lags: count, f: measure, p: measure, rows: z.int() })),
  ...runFields,
});

export type LeadLagStudy = z.infer<typeof leadLagStudySchema>;

export const leadLagScreenSchema = z.object({
  studyId: z.int().nullable(),
  pairs: z.array(screenedPairSchema),
  tested: count,
  refused: count,
  declared: count,
  fdr: z.number(),
  ...runFields,
});

export type LeadLagScreen = z.infer<typeof leadLagScreenSchema>;

const pairNames = { source: z.string(), target: z.string() };
const askedFields = {
  /** null takes the factors that go with each target. */
  factors: z.array(z.string()).nullable(),
  from: z.iso.date().nullable(),
  to: z.iso.date().nullable(),
  engine: z.enum(STUDY_ENGINES),
  maxLag: z.int(),
  seed: z.int(),
};

/** What a study was asked, so that it can be asked again. */
export const studyParametersSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("pair"),
    ...pairNames,
    ...askedFields,
    compare: z.enum(BOOSTING_ENGINES).nullable().default(null),
  }),
  z.object({ kind: z.literal("screen"), pairs: z.array(z.object(pairNames)), ...askedFields }),
]);

export type StudyParameters = z.infer<typeof studyParametersSchema>;
