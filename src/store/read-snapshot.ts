import type { Database, DatabaseSession } from "./database.js";

/** Runs queries that all see one state of the data, whatever others store meanwhile. */
export function readSnapshot<T>(database: Database, work: (session: DatabaseSession) => Promise<T>): Promise<T> {
  return database.transaction(async (session) => {
    await session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    return work(session);
  });
}
