/**
 * The database as the workbench sees it: small row queries, transactions and binary COPY both ways.
 * Adapters: `PostgresDatabase` (pg), `EmbeddedDatabase` (PGlite), `LoopbackDatabase` (the process that
 * owns the embedded folder, over loopback).
 */

/** One row of a small result. Use `copyOut` for anything that can exceed 1,000 rows. */
export type Row = Record<string, unknown>;

export type SqlParameter = string | number | boolean | null | Date | readonly string[] | readonly number[];

/** Takes the tuples of a binary COPY, in place: nothing of `bytes` may be kept after the call returns. */
export interface CopyRowSink {
  /**
   * @param bytes a chunk of the COPY stream
   * @param rowStarts offset in `bytes` of each tuple's field count (int16), `rowCount` of them valid
   * @returns a promise to make the source wait (backpressure)
   */
  rows(bytes: Uint8Array, rowStarts: Int32Array, rowCount: number): void | Promise<void>;
}

export interface DatabaseSession {
  /** Runs one statement. Result columns: text, float8, int4, bool as JS values; int8 and numeric as string; timestamptz as Date. */
  query<T extends Row = Row>(sql: string, parameters?: readonly SqlParameter[]): Promise<T[]>;
  /** Runs several statements without parameters; gives the rows of all of them, one after another. */
  execute<T extends Row = Row>(sql: string): Promise<T[]>;
  /** `COPY … FROM STDIN (FORMAT binary)`: streams chunks of the binary format in; returns the rows taken. */
  copyIn(sql: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<number>;
  /** `COPY … TO STDOUT (FORMAT binary)`: hands every tuple to the sink; returns the number of rows. */
  copyOut(sql: string, sink: CopyRowSink): Promise<number>;
}

export type DatabaseKind = "embedded" | "postgresql" | "loopback";

export interface TransactionOptions {
  /**
   * Without an end by then, in ms, the connection is given up, whoever is to blame, and the transaction fails with
   * DATABASE_UNREACHABLE; whether it was committed is unknown if that happened at its end. The embedded database has no
   * connection, and ignores it.
   */
  readonly deadlineMs?: number;
  /** Longest wait for a lock that another session holds, in ms: fails with DATABASE_QUERY_FAILED. PostgreSQL only. */
  readonly lockMs?: number;
  /** When it aborts, the connection is given up as at the deadline. PostgreSQL only. */
  readonly signal?: AbortSignal | undefined;
}

export interface Database extends DatabaseSession {
  readonly kind: DatabaseKind;
  /** Where it is, for messages: a folder, or host and database without the password. */
  readonly location: string;
  /** Commits when `work` resolves, rolls back when it throws. Transactions of the embedded database run one at a time. */
  transaction<T>(work: (session: DatabaseSession) => Promise<T>, options?: TransactionOptions): Promise<T>;
  close(): Promise<void>;
}
