/**
 * Every failure the workbench can report, by stable code. `docs/errors.md` explains each one;
 * a test keeps the two lists equal.
 */
export const ERROR_CODES = [
  "CONFIGURATION_INVALID",
  "DATABASE_UNREACHABLE",
  "DATABASE_URL_INVALID",
  "DATABASE_QUERY_FAILED",
  "DATA_FOLDER_LOCKED",
  "DATA_FOLDER_UNUSABLE",
  "SCHEMA_NEWER_THAN_PROGRAM",
  "SCHEMA_CHANGED_AFTER_APPLY",
  "PORT_IN_USE",
  "NODE_TOO_OLD",
  "ARGUMENT_INVALID",
  "FILE_NOT_FOUND",
  "FILE_IS_FOLDER",
  "FILE_UNREADABLE",
  "FILE_EMPTY",
  "FILE_HAS_NO_ROWS",
  "FILE_NOT_TABULAR",
  "FILE_TRUNCATED",
  "FILE_LINE_TOO_LONG",
  "FILE_HEADER_INVALID",
  "MAPPING_UNKNOWN",
  "MAPPING_INVALID",
  "ROWS_INVALID",
  "SYMBOL_INVALID",
  "SYMBOL_UNKNOWN",
  "INTERVAL_INVALID",
  "DATE_INVALID",
  "RANGE_INVALID",
  "LAG_INVALID",
  "WINDOW_INVALID",
  "SERIES_MISALIGNED",
  "SERIES_TOO_SHORT",
  "FEATURES_INVALID",
  "SERIES_INVALID",
  "SERIES_CONSTANT",
  "SERIES_IDENTICAL",
  "VALUE_CHAIN_INVALID",
  "VALUE_CHAIN_CONFLICT",
  "STUDY_INVALID",
  "STUDY_NOT_REPRODUCED",
  "WORKFLOW_INVALID",
  "EXPRESSION_FAILED",
  "WORKFLOW_STEP_TIMEOUT",
  "WORKFLOW_OUTPUT_TOO_LARGE",
  "WORKFLOW_OUTPUT_INVALID",
  "WORKFLOW_EFFECT_UNCERTAIN",
  "WORKFLOW_PERMISSION_LOST",
  "WORKFLOW_INACTIVE",
  "WORKFLOW_CHANGED",
  "WORKFLOW_RUNNING",
  "WORKFLOW_REVISION_MISSING",
  "WORKFLOW_RUN_TAKEN_OVER",
  "FEED_REQUEST_FAILED",
  "FEED_REFUSED",
  "FEED_FRAME_INVALID",
  "SPOOL_FULL",
  "SPOOL_UNREADABLE",
  "RATE_LIMITED",
  "REDIS_UNREACHABLE",
  "LOADER_FAILED",
  "SITE_BUILD_FAILED",
  "SITE_CHECK_FAILED",
  "MODULE_NOT_INSTALLED",
  "REQUEST_INVALID",
  "REQUEST_FORBIDDEN",
  "REQUEST_TOO_LARGE",
  "HTTP_REQUEST_FAILED",
  "NOT_FOUND",
  "WORKERS_BUSY",
  "CANCELLED",
  "INTERNAL",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * The one error class of the workbench. The message names the field, the problem and what is accepted,
 * in the form `invalid window: 0 (accepted: an integer of at least 1)`.
 */
export class WorkbenchError extends Error {
  readonly code: ErrorCode;
  /** Machine-readable facts about the failure, such as the field or the file. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    { cause, details = {} }: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "WorkbenchError";
    this.code = code;
    this.details = details;
  }
}

export function isWorkbenchError(value: unknown): value is WorkbenchError {
  return value instanceof WorkbenchError;
}
