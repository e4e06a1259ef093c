import type { Socket } from "node:net";
import type { Client, Connection } from "pg";
import { COPY_HEADER_BYTES } from "../copy-binary/format.js";
import type { CopyRowSink } from "../database.js";

/*
 * COPY on a `pg` connection, as objects that its queue runs like any query (`submit`, then `handle…` calls).
 * Results are not passed through pg's message parser, which allocates an object per row: while a COPY OUT
 * runs, this module reads the socket itself, takes the CopyData frames and hands every other message to the
 * parser untouched, so errors and the connection's state stay pg's business.
 * Frame layout: PostgreSQL manual, "Message Formats".
 */

const COPY_DATA = 0x64; // 'd'
const FRAME_HEADER_BYTES = 5;

type DataListener = (chunk: Buffer) => void;
type RawConnection = Connection & { readonly stream: Socket };

interface ConnectionQuery<Result> {
  readonly result: Promise<Result>;
}

/** Runs `COPY … TO STDOUT (FORMAT binary)` and hands every tuple to the sink, in place. */
export function copyOut(client: Client, sql: string, sink: CopyRowSink): Promise<number> {
  return run(client, new CopyOutQuery(sql, sink));
}

/** Runs `COPY … FROM STDIN (FORMAT binary)` with chunks of the binary format; resolves to the rows taken. */
export function copyIn(
  client: Client,
  sql: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<number> {
  return run(client, new CopyInQuery(sql, chunks));
}

function run<Result>(client: Client, query: ConnectionQuery<Result>): Promise<Result> {
  client.query(query as never);
  return query.result;
}

abstract class CopyQuery implements ConnectionQuery<number> {
  readonly result: Promise<number>;
  protected readonly sql: string;
  protected resolve!: (rows: number) => void;
  protected reject!: (error: Error) => void;
  protected failure: Error | undefined;
  protected rowCount = 0;

  constructor(sql: string) {
    this.sql = sql;
    this.result = new Promise<number>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  handleCommandComplete(message: { readonly text?: string }): void {
    const rows = /^COPY (\d+)$/.exec(message.text ?? "");
    if (rows) this.rowCount = Number(rows[1]);
  }

  /** pg calls this for a server error and, with the connection's error, when the connection breaks. */
  handleError(error: Error): void {
    this.failure ??= error;
    this.release();
    this.reject(this.failure);
  }

  handleReadyForQuery(): void {
    this.release();
    // One turn later, so that the tuples of the chunk that ended the COPY have reached the sink.
    Promise.resolve()
      .then(() => this.settled())
      .then(() => (this.failure ? this.reject(this.failure) : this.resolve(this.rowCount)));
  }

  /** Gives the connection back to pg. */
  protected release(): void {}

  /** Resolves when the other end of the COPY is done too. */
  protected settled(): Promise<void> {
    return Promise.resolve();
  }
}

class CopyOutQuery extends CopyQuery {
  readonly #sink: CopyRowSink;
  #socket: Socket | undefined;
  #parserListeners: DataListener[] = [];
  #rest: Buffer | undefined;
  #rowStarts = new Int32Array(1 << 11);
  #headerSeen = false;
  #sinkDone: Promise<void> = Promise.resolve();

  constructor(sql: string, sink: CopyRowSink) {
    super(sql);
    this.#sink = sink;
  }

  submit(connection: RawConnection): void {
    this.#socket = connection.stream;
    this.#parserListeners = this.#socket.listeners("data") as DataListener[];
    this.#socket.removeAllListeners("data");
    this.#socket.on("data", this.#onData);
    connection.query(this.sql);
  }

  protected override release(): void {
    if (!this.#socket) return;
    this.#socket.removeListener("data", this.#onData);
    for (const listener of this.#parserListeners) this.#socket.on("data", listener);
    this.#socket = undefined;
  }

  protected override settled(): Promise<void> {
    return this.#sinkDone;
  }

  readonly #onData = (chunk: Buffer): void => {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = undefined;
    let rows = 0;
    let at = 0;

    while (at + FRAME_HEADER_BYTES <= bytes.length) {
      const end = at + 1 + bytes.readInt32BE(at + 1);
      if (end > bytes.length) break;
      if (bytes[at] === COPY_DATA) {
        const start = this.#tupleStart(at + FRAME_HEADER_BYTES);
        if (start < end && bytes.readInt16BE(start) >= 0) {
          if (rows === this.#rowStarts.length) this.#growRowStarts();
          this.#rowStarts[rows++] = start;
        }
      } else {
        for (const listener of this.#parserListeners) listener(bytes.subarray(at, end));
      }
      at = end;
    }
    if (at < bytes.length) this.#keepRest(bytes.subarray(at));
    if (rows > 0 && !this.failure) this.#deliver(bytes, rows);
  };

  /** The stream's first CopyData begins with the format's header. */
  #tupleStart(frameStart: number): number {
    if (this.#headerSeen) return frameStart;
    this.#headerSeen = true;
    return frameStart + COPY_HEADER_BYTES;
  }

  #deliver(bytes: Buffer, rows: number): void {
    try {
      const done = this.#sink.rows(bytes, this.#rowStarts, rows);
      if (done) this.#waitFor(done);
    } catch (error) {
      this.failure = error as Error;
    }
  }

  #waitFor(sinkDone: Promise<void>): void {
    const socket = this.#socket;
    socket?.pause();
    this.#sinkDone = sinkDone
      .catch((error: Error) => {
        this.failure ??= error;
      })
      .finally(() => socket?.resume());
  }

  /** After release, bytes belong to pg's parser: a following query's answer may already be here. */
  #keepRest(rest: Buffer): void {
    if (this.#socket) this.#rest = rest;
    else for (const listener of this.#parserListeners) listener(rest);
  }

  #growRowStarts(): void {
    const grown = new Int32Array(this.#rowStarts.length * 2);
    grown.set(this.#rowStarts);
    this.#rowStarts = grown;
  }
}

class CopyInQuery extends CopyQuery {
  readonly #chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

  constructor(sql: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
    super(sql);
    this.#chunks = chunks;
  }

  submit(connection: RawConnection): void {
    connection.query(this.sql);
  }

  handleCopyInResponse(connection: RawConnection & CopyInMessages): void {
    this.#send(connection).catch((error: Error) => {
      if (this.failure) return;
      this.failure = error;
      connection.sendCopyFail(error.message);
    });
  }

  async #send(connection: RawConnection & CopyInMessages): Promise<void> {
    const { stream } = connection;
    for await (const chunk of this.#chunks) {
      // The server has refused the COPY: the connection may belong to the next query by now.
      if (this.failure) return;
      const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
      header[0] = COPY_DATA;
      header.writeInt32BE(chunk.length + 4, 1);
      stream.write(header);
      if (!stream.write(chunk)) await drained(stream);
    }
    if (!this.failure) connection.endCopyFrom();
  }
}

interface CopyInMessages {
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** Resolves when the socket takes more, and also when it closes: pg then reports the broken connection. */
function drained(stream: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.once("drain", done);
    stream.once("close", done);
  });
}
