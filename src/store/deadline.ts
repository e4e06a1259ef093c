import type { Database, Row, SqlParameter, TransactionOptions } from "./database.js";

/**
 * The same database with an end to all waiting: transactions and single queries fail by the deadline. What must run
 * outside a transaction goes by `execute`, without one.
 */
export function withDeadline(database: Database, limits: Required<TransactionOptions>): Database {
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
    copyOut: (sql, sink) => database.copyOut(sql, sink),
    close: () => database.close(),
  };
}
