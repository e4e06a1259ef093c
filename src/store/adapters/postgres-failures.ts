import pg from "pg";
import { isWorkbenchError, WorkbenchError } from "../../engine/errors.js";
import { toQueryError } from "../query-error.js";

/** SQLSTATE classes of a server that ends the connection, and what Node and pg say of a socket that broke. */
const LOST_CONNECTION = /^(57P0[1-5]|08...|ECONNRESET|EPIPE|ETIMEDOUT)$/;
const LOST_CONNECTION_MESSAGE = /^(Connection terminated|Client (has encountered a connection error|was closed))/;

/** What failed on a connection, told as a refused statement or as a lost connection. */
export function toSessionError(error: unknown, sql: string): Error {
  const { code = "", message } = error as Error & { code?: string };
  if (!LOST_CONNECTION.test(code) && !LOST_CONNECTION_MESSAGE.test(message)) {
    // What fails in a COPY may also be the caller's sink or source: that is thrown as it is.
    return error instanceof pg.DatabaseError ? toQueryError(error, sql) : (error as Error);
  }
  return new WorkbenchError("DATABASE_UNREACHABLE", `the database ended the connection (${message}): try again`, {
    cause: error,
    details: { sqlState: code },
  });
}

export function isConnectionLoss(error: unknown): error is WorkbenchError {
  return isWorkbenchError(error) && error.code === "DATABASE_UNREACHABLE";
}

/** Why there is no connection to be had. */
export function toConnectError(error: unknown, location: string): WorkbenchError {
  if (isWorkbenchError(error)) return error;
  const { code = "", message } = error as Error & { code?: string };
  if (/^(28|3D)/.test(code)) {
    return new WorkbenchError("DATABASE_URL_INVALID", `DATABASE_URL was refused by ${location}: ${message}`, {
      cause: error,
    });
  }
  return new WorkbenchError(
    "DATABASE_UNREACHABLE",
    `no database answers at ${location} (${code || message}): start it, or correct or unset DATABASE_URL`,
    { cause: error },
  );
}
