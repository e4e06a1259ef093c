import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import { type ErrorCode, isWorkbenchError, WorkbenchError } from "../engine/errors.js";

/** The HTTP status of every error code; a code that no route gives stands for a fault of the server. */
export const HTTP_STATUS_BY_CODE = {
  CONFIGURATION_INVALID: 500,
  DATABASE_UNREACHABLE: 503,
  DATABASE_URL_INVALID: 500,
  DATABASE_QUERY_FAILED: 500,
  DATA_FOLDER_LOCKED: 503,
  DATA_FOLDER_UNUSABLE: 500,
  SCHEMA_NEWER_THAN_PROGRAM: 500,
  SCHEMA_CHANGED_AFTER_APPLY: 500,
  PORT_IN_USE: 500,
  NODE_TOO_OLD: 500,
  ARGUMENT_INVALID: 400,
  FILE_NOT_FOUND: 404,
  FILE_IS_FOLDER: 400,
  FILE_UNREADABLE: 400,
  FILE_EMPTY: 422,
  FILE_HAS_NO_ROWS: 422,
  FILE_NOT_TABULAR: 422,
  FILE_TRUNCATED: 422,
  FILE_LINE_TOO_LONG: 422,
  FILE_HEADER_INVALID: 422,
  MAPPING_UNKNOWN: 422,
  MAPPING_INVALID: 422,
  ROWS_INVALID: 422,
  SYMBOL_INVALID: 400,
  SYMBOL_UNKNOWN: 404,
  INTERVAL_INVALID: 400,
  DATE_INVALID: 400,
  RANGE_INVALID: 400,
  LAG_INVALID: 400,
  WINDOW_INVALID: 400,
  SERIES_MISALIGNED: 422,
  SERIES_TOO_SHORT: 422,
  FEATURES_INVALID: 422,
  SERIES_INVALID: 422,
  SERIES_CONSTANT: 422,
  SERIES_IDENTICAL: 422,
  VALUE_CHAIN_INVALID: 422,
  VALUE_CHAIN_CONFLICT: 409,
  STUDY_INVALID: 500,
  STUDY_NOT_REPRODUCED: 500,
  WORKFLOW_INVALID: 422,
  EXPRESSION_FAILED: 422,
  WORKFLOW_STEP_TIMEOUT: 504,
  WORKFLOW_OUTPUT_TOO_LARGE: 422,
  WORKFLOW_OUTPUT_INVALID: 500,
  WORKFLOW_EFFECT_UNCERTAIN: 500,
  WORKFLOW_PERMISSION_LOST: 403,
  WORKFLOW_INACTIVE: 409,
  WORKFLOW_CHANGED: 409,
  WORKFLOW_RUNNING: 409,
  WORKFLOW_REVISION_MISSING: 409,
  WORKFLOW_RUN_TAKEN_OVER: 409,
  FEED_REQUEST_FAILED: 502,
  FEED_REFUSED: 502,
  FEED_FRAME_INVALID: 422,
  SPOOL_FULL: 507,
  SPOOL_UNREADABLE: 500,
  RATE_LIMITED: 429,
  REDIS_UNREACHABLE: 503,
  LOADER_FAILED: 500,
  SITE_BUILD_FAILED: 500,
  SITE_CHECK_FAILED: 500,
  MODULE_NOT_INSTALLED: 500,
  REQUEST_INVALID: 400,
  REQUEST_FORBIDDEN: 403,
  REQUEST_TOO_LARGE: 413,
  HTTP_REQUEST_FAILED: 502,
  NOT_FOUND: 404,
  WORKERS_BUSY: 503,
  CANCELLED: 499,
  INTERNAL: 500,
} as const satisfies Record<ErrorCode, number>;

/**
 * Answers with `{error: {code, message, requestId}}`, and with `details.problems` where the failure lists several. The
 * message of an unforeseen failure stays in the log.
 */
export function sendError(response: Response, error: WorkbenchError, requestId: string): void {
  const { code, message } = error;
  const { problems } = error.details;
  const details = problems === undefined ? {} : { details: { problems } };
  response.status(HTTP_STATUS_BY_CODE[code]).json({ error: { code, message, requestId, ...details } });
}

export const answerNotFound: RequestHandler = (request) => {
  throw new WorkbenchError("NOT_FOUND", `nothing is at ${request.path}`);
};

export const answerError: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const known = isWorkbenchError(error)
    ? error
    : new WorkbenchError("INTERNAL", "the server failed; its log has the cause under this request id", {
        cause: error,
      });
  if (HTTP_STATUS_BY_CODE[known.code] >= 500) request.log.error({ err: error }, "request failed");
  sendError(response, known, String(request.id));
};
