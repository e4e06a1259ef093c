import type { ErrorCode } from "../engine/errors.js";

/**
 * How a command ends: 0 done; 1 the work failed (a bad file, a failed build); 2 the command line is wrong; 3 the
 * surroundings are (database, port, folder, configuration); 4 the work was done and found what it looks for, which is
 * no error (a look-ahead); 130 interrupted.
 */
export const EXIT = { done: 0, failed: 1, usage: 2, environment: 3, found: 4, interrupted: 130 } as const;

const ENVIRONMENT_CODES: ReadonlySet<ErrorCode> = new Set([
  "CONFIGURATION_INVALID",
  "DATABASE_UNREACHABLE",
  "REDIS_UNREACHABLE",
  "DATABASE_URL_INVALID",
  "DATA_FOLDER_LOCKED",
  "DATA_FOLDER_UNUSABLE",
  "SCHEMA_NEWER_THAN_PROGRAM",
  "SCHEMA_CHANGED_AFTER_APPLY",
  "PORT_IN_USE",
  "NODE_TOO_OLD",
]);

const USAGE_CODES: ReadonlySet<ErrorCode> = new Set([
  "ARGUMENT_INVALID",
  "SYMBOL_INVALID",
  "INTERVAL_INVALID",
  "DATE_INVALID",
  "RANGE_INVALID",
  "LAG_INVALID",
]);

export function exitCodeOf(code: ErrorCode): number {
  if (code === "CANCELLED") return EXIT.interrupted;
  if (ENVIRONMENT_CODES.has(code)) return EXIT.environment;
  return USAGE_CODES.has(code) ? EXIT.usage : EXIT.failed;
}
