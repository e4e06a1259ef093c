import { WorkbenchError } from "../engine/errors.js";
import type { Database, Row, SqlParameter, TransactionOptions } from "./database.js";
import { type DeadlineLimits, withDeadline } from "./deadline.js";

export interface LaneOptions {
  /** At most so many connections at a time. */
  readonly connections: number;
  readonly limits: DeadlineLimits;
  /** What runs in it, for the message of those who wait in vain. */
  readonly of: string;
}

/**
 * The same database for one kind of question, with deadlines, and with so few connections that the other kinds are
 * answered even while none of this kind is. Who waits longer than the deadline for a place gets DATABASE_UNREACHABLE.
 */
export function laneOf(database: Database, { connections, limits, of }: LaneOptions): Database {
  if (database.kind === "embedded") return database;
  const inTime = withDeadline(database, limits);
  const waiting: (() => void)[] = [];
  let free = connections;

  async function place(): Promise<void> {
    if (free > 0) {
      free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(
          new WorkbenchError(
            "DATABASE_UNREACHABLE",
            `${of} wait for the database, ${connections} at a time, and none was answered within ${limits.deadlineMs / 1_000} s: try again`,
          ),
        );
      }, limits.deadlineMs);
      waiting.push(enter);
    });
  }

  async function inLane<T>(work: () => Promise<T>): Promise<T> {
    await place();
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  }

  return {
    kind: database.kind,
    location: database.location,
    query: <T extends Row>(sql: string, parameters?: readonly SqlParameter[]) =>
      inLane(() => inTime.query<T>(sql, parameters)),
    execute: (sql) => inLane(() => inTime.execute(sql)),
    copyIn: (sql, chunks) => inLane(() => inTime.copyIn(sql, chunks)),
    copyOut: (sql, sink) => inLane(() => inTime.copyOut(sql, sink)),
    transaction: (work, options?: TransactionOptions) => inLane(() => inTime.transaction(work, options)),
    close: () => database.close(),
  };
}
