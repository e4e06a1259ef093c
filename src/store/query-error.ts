import { isWorkbenchError, WorkbenchError } from "../engine/errors.js";

/** Wraps a driver's error with the statement that failed; `details.sqlState` keeps PostgreSQL's code. */
export function toQueryError(error: unknown, sql: string): WorkbenchError {
  if (isWorkbenchError(error)) return error;
  const { message, code } = error as Error & { code?: string };
  return new WorkbenchError("DATABASE_QUERY_FAILED", `the database refused a statement: ${message}`, {
    cause: error,
    details: { sqlState: code, sql: sql.length > 2_000 ? `${sql.slice(0, 2_000)}…` : sql },
  });
}
