import type { Db } from "pg-boss";
import type { Database, SqlParameter } from "../../../store/database.js";

/** The block in which pg-boss sends statements that belong together. */
const TRANSACTION = /^\s*BEGIN;([\s\S]*?);?\s*COMMIT;?\s*$/;

/**
 * Our database as pg-boss wants it. On the embedded one, with its single connection, a block becomes a transaction of
 * ours: a failed one would otherwise leave the connection to everybody in a state that refuses all statements.
 */
export function pgBossDatabase(database: Database): Db {
  return {
    executeSql: async (text, values = []) => {
      if (values.length > 0) return { rows: await database.query(text, values as SqlParameter[]) };
      const block = database.kind === "embedded" ? TRANSACTION.exec(text)?.[1] : undefined;
      if (block === undefined) return { rows: await database.execute(text) };
      return { rows: await database.transaction((session) => session.execute(block)) };
    },
  };
}
