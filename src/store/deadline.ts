import type { Database, Row, SqlParameter, TransactionOptions } from "./database.js";

export type DeadlineLimits = TransactionOptions & Required<Pick<TransactionOptions, "lockMs" | "deadlineMs">>;

/**
 * For one question of somebody who waits: a lock is given up first, so that the server can say so. Together with the
 * wait for a connection it is at most twice the deadline.
 */
export const READ_LIMITS: DeadlineLimits = { lockMs: 3_000, deadlineMs: 5_000 };

/**
 * The same database with an end to all waiting: transactions, single queries and single COPYs out fail by the deadline.
 * What must run outside a transaction goes by `execute`, without one.
 */
export function withDeadline(database: Database, limits: DeadlineLimits): Database {
  // A process's own database has no connection that could be lost.
  if (database.kind === "embedded") return database;
  return {
    kind: database.kind,
    location: database.location,
    query: <T extends Row>(sql: string, parameters?: readonly SqlParameter[]) =>
      database.transaction((session) => session.query<T>(sql, parameters), limits),
    transaction: (work, options) => database.transaction(work, { ...limits, ...options }),
    execute: (sql) => database.execute(sql),
    copyIn: (sql, chunks) => database.copyIn(sql, chunks),
    copyOut: (sql, sink) => database.transaction((session) => session.copyOut(sql, sink), limits),
    close: () => database.close(),
  };
}
