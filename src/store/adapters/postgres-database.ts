import type pg from "pg";
import { WorkbenchError } from "../../engine/errors.js";
import type { CopyRowSink, Database, DatabaseSession, Row, SqlParameter, TransactionOptions } from "../database.js";
import { copyIn, copyOut } from "./postgres-copy.js";
import { isConnectionLoss, toSessionError } from "./postgres-failures.js";
import { PostgresPool } from "./postgres-pool.js";

const CONNECTIONS = 12;

/**
 * Opens a pool on `databaseUrl` and makes one connection to prove it.
 * @throws DATABASE_URL_INVALID, DATABASE_UNREACHABLE
 */
export async function openPostgresDatabase(
  databaseUrl: string,
  { connections = CONNECTIONS }: { connections?: number } = {},
): Promise<Database> {
  const location = describeLocation(databaseUrl);
  const pool = new PostgresPool({ databaseUrl, location, connections });
  try {
    pool.giveBack(await pool.take(), undefined);
  } catch (error) {
    await pool.close();
    throw error;
  }
  return new PostgresDatabase(pool, location);
}

class PostgresSession implements DatabaseSession {
  readonly #client: pg.Client;

  constructor(client: pg.ClientBase) {
    this.#client = client as pg.Client;
  }

  async query<T extends Row>(sql: string, parameters: readonly SqlParameter[] = []): Promise<T[]> {
    try {
      return (await this.#client.query<T>(sql, [...parameters])).rows;
    } catch (error) {
      throw toSessionError(error, sql);
    }
  }

  async execute<T extends Row>(sql: string): Promise<T[]> {
    try {
      // Of several statements, pg gives a list of results, against its types.
      const results = [await this.#client.query<T>(sql)].flat();
      return results.flatMap(({ rows }) => rows);
    } catch (error) {
      throw toSessionError(error, sql);
    }
  }

  async copyIn(sql: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<number> {
    try {
      return await copyIn(this.#client, sql, chunks);
    } catch (error) {
      throw toSessionError(error, sql);
    }
  }

  async copyOut(sql: string, sink: CopyRowSink): Promise<number> {
    try {
      return await copyOut(this.#client, sql, sink);
    } catch (error) {
      throw toSessionError(error, sql);
    }
  }
}

class PostgresDatabase implements Database {
  readonly kind = "postgresql";
  readonly location: string;
  readonly #pool: PostgresPool;

  constructor(pool: PostgresPool, location: string) {
    this.#pool = pool;
    this.location = location;
  }

  query<T extends Row>(sql: string, parameters?: readonly SqlParameter[]): Promise<T[]> {
    return this.#withSession((session) => session.query<T>(sql, parameters));
  }

  execute<T extends Row>(sql: string): Promise<T[]> {
    return this.#withSession((session) => session.execute<T>(sql));
  }

  copyIn(sql: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<number> {
    return this.#withSession((session) => session.copyIn(sql, chunks));
  }

  copyOut(sql: string, sink: CopyRowSink): Promise<number> {
    return this.#withSession((session) => session.copyOut(sql, sink));
  }

  transaction<T>(work: (session: DatabaseSession) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return this.#withSession(async (session) => {
      if (options.deadlineMs !== undefined) await this.#endAbandoned(session);
      await session.execute(`BEGIN${limitsOf(options)}`);
      try {
        const result = await work(session);
        await session.execute("COMMIT");
        return result;
      } catch (error) {
        // Without a connection there is nothing to roll back, and the first failure tells more.
        if (!isConnectionLoss(error)) await session.execute("ROLLBACK");
        throw error;
      }
    }, options);
  }

  /** The server does not see by itself that nobody is at the other end of a connection whose bytes were swallowed. */
  async #endAbandoned(session: DatabaseSession): Promise<void> {
    const { abandoned } = this.#pool;
    if (abandoned.size === 0) return;
    const pids = [...abandoned];
    await session.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid = ANY($1::int[]) AND usename = current_user AND datname = current_database()
          AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()`,
      [pids],
    );
    this.#pool.forget(pids);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #withSession<T>(work: (session: PostgresSession) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    if (options.signal?.aborted) throw givenUp();
    const client = await this.#pool.take();
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on("error", onError);
    try {
      const session = new PostgresSession(client);
      const abandon = (reason: Error) => this.#pool.abandon(client, reason);
      return await untilGivenUp(() => work(session), options, abandon);
    } catch (error) {
      if (isConnectionLoss(error)) broken ??= error;
      throw error;
    } finally {
      client.off("error", onError);
      this.#pool.giveBack(client, broken);
    }
  }
}

/** Gives up work that has not ended after `deadlineMs`, or when the signal aborts; `abandon` ends its connection. */
async function untilGivenUp<T>(
  begin: () => Promise<T>,
  { deadlineMs, signal }: TransactionOptions,
  abandon: (reason: Error) => void,
): Promise<T> {
  if (signal?.aborted) throw givenUp();
  const work = begin();
  if (deadlineMs === undefined && signal === undefined) return work;
  let stop = () => {};
  const given = new Promise<never>((_, reject) => {
    const giveUp = (error: Error) => {
      reject(error);
      abandon(error);
    };
    const onAbort = () => giveUp(givenUp());
    const timer = deadlineMs === undefined ? undefined : setTimeout(() => giveUp(tooLate(deadlineMs)), deadlineMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
  });
  try {
    return await Promise.race([work, given]);
  } finally {
    stop();
    // What fails after it was given up has been reported.
    work.catch(() => {});
  }
}

function tooLate(deadlineMs: number): WorkbenchError {
  return new WorkbenchError(
    "DATABASE_UNREACHABLE",
    `the database gave no answer for ${deadlineMs / 1_000} s: the connection was given up`,
  );
}

function givenUp(): WorkbenchError {
  return new WorkbenchError(
    "DATABASE_UNREACHABLE",
    "the connection was given up: nobody waits for the answer any more",
  );
}

/** Statements behind BEGIN by which the server itself gives up what the client no longer waits for. */
function limitsOf({ deadlineMs, lockMs }: TransactionOptions): string {
  const whole = deadlineMs === undefined ? [] : ["statement_timeout", "idle_in_transaction_session_timeout"];
  const limits = whole.map((name) => `; SET LOCAL ${name} = ${Math.ceil(deadlineMs!)}`);
  if (lockMs !== undefined) limits.push(`; SET LOCAL lock_timeout = ${Math.ceil(lockMs)}`);
  return limits.join("");
}

function describeLocation(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl);
    if (!/^postgres(ql)?:$/.test(url.protocol)) throw new Error(`protocol ${url.protocol}`);
    return `${url.host || "local socket"}${url.pathname}`;
  } catch (cause) {
    throw new WorkbenchError(
      "DATABASE_URL_INVALID",
      "invalid DATABASE_URL (accepted: postgresql://user:password@host:port/database)",
      { cause },
    );
  }
}
