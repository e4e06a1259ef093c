import type { Socket } from "node:net";
import pg from "pg";
import { isWorkbenchError, WorkbenchError } from "../../engine/errors.js";
import type { CopyRowSink, Database, DatabaseSession, Row, SqlParameter, TransactionOptions } from "../database.js";
import { toQueryError } from "../query-error.js";
import { copyIn, copyOut } from "./postgres-copy.js";

const POOL_SIZE = 8;
const CONNECT_TIMEOUT_MS = 5_000;
const DATE_TYPE_OID = 1082;

/** `date` stays `YYYY-MM-DD`: pg's own parser would read it in the host's time zone. */
const typeParsers = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === DATE_TYPE_OID ? (text: string) => text : pg.types.getTypeParser(oid, format as "text")) as never,
};

/**
 * Opens a pool on `databaseUrl` and makes one connection to prove it.
 * @throws DATABASE_URL_INVALID, DATABASE_UNREACHABLE
 */
export async function openPostgresDatabase(databaseUrl: string): Promise<Database> {
  const location = describeLocation(databaseUrl);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: "quantflow",
    types: typeParsers,
  });
  // An idle connection that breaks is replaced by the pool; the query that needs one gets the error.
  pool.on("error", () => {});
  try {
    (await pool.connect()).release();
  } catch (error) {
    await pool.end();
    throw toConnectError(error, location);
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
  readonly #pool: pg.Pool;
  /** Server processes of connections that were given up: they may hold locks until they are ended. */
  readonly #abandoned = new Set<number>();

  constructor(pool: pg.Pool, location: string) {
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
    }, options.deadlineMs);
  }

  /** The server does not see by itself that nobody is at the other end of a connection whose bytes were swallowed. */
  async #endAbandoned(session: DatabaseSession): Promise<void> {
    if (this.#abandoned.size === 0) return;
    const pids = [...this.#abandoned];
    await session.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid = ANY($1::int[]) AND usename = current_user AND datname = current_database()
          AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()`,
      [pids],
    );
    for (const pid of pids) this.#abandoned.delete(pid);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #withSession<T>(work: (session: PostgresSession) => Promise<T>, deadlineMs?: number): Promise<T> {
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw toConnectError(error, this.location);
    }
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on("error", onError);
    try {
      const session = new PostgresSession(client);
      if (deadlineMs === undefined) return await work(session);
      return await beforeDeadline(work(session), deadlineMs, (late) => {
        const { processID, connection } = client as unknown as RawClient;
        if (processID) this.#abandoned.add(processID);
        connection.stream.destroy(late);
      });
    } catch (error) {
      if (isConnectionLoss(error)) broken ??= error;
      throw error;
    } finally {
      client.off("error", onError);
      client.release(broken);
    }
  }
}

/** What pg keeps of a connection, beyond its types. */
interface RawClient {
  readonly processID: number | null;
  readonly connection: { readonly stream: Socket };
}

/** Gives up `work` that has not ended after `deadlineMs`; `abandon` ends its connection. */
async function beforeDeadline<T>(work: Promise<T>, deadlineMs: number, abandon: (late: Error) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new WorkbenchError(
        "DATABASE_UNREACHABLE",
        `the database gave no answer for ${deadlineMs / 1_000} s: the connection was given up`,
      );
      reject(error);
      abandon(error);
    }, deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // What fails after it was given up has been reported.
    work.catch(() => {});
  }
}

/** Statements behind BEGIN by which the server itself gives up what the client no longer waits for. */
function limitsOf({ deadlineMs, lockMs }: TransactionOptions): string {
  const whole = deadlineMs === undefined ? [] : ["statement_timeout", "idle_in_transaction_session_timeout"];
  const limits = whole.map((name) => `; SET LOCAL ${name} = ${Math.ceil(deadlineMs!)}`);
  if (lockMs !== undefined) limits.push(`; SET LOCAL lock_timeout = ${Math.ceil(lockMs)}`);
  return limits.join("");
}

/** SQLSTATE classes of a server that ends the connection, and what Node and pg say of a socket that broke. */
const LOST_CONNECTION = /^(57P0[1-5]|08...|ECONNRESET|EPIPE|ETIMEDOUT)$/;
const LOST_CONNECTION_MESSAGE = /^(Connection terminated|Client (has encountered a connection error|was closed))/;

function toSessionError(error: unknown, sql: string): Error {
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

function isConnectionLoss(error: unknown): error is WorkbenchError {
  return isWorkbenchError(error) && error.code === "DATABASE_UNREACHABLE";
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

function toConnectError(error: unknown, location: string): WorkbenchError {
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
