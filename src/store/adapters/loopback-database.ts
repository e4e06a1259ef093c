import { WebSocket } from "ws";
import { WorkbenchError } from "../../engine/errors.js";
import { CopyTupleSplitter } from "../copy-binary/tuple-splitter.js";
import type { CopyRowSink, Database, DatabaseSession, Row, SqlParameter, TransactionOptions } from "../database.js";
import {
  controlMessage,
  dataMessage,
  type LoopbackAnswer,
  type LoopbackRequest,
  readMessage,
  toError,
} from "./loopback-protocol.js";
import { MessageQueue, sendMessage } from "./message-queue.js";

export interface LoopbackAddress {
  readonly url: string;
  readonly token: string;
}

/**
 * The database of the process that owns the embedded folder, over loopback.
 * @throws DATABASE_UNREACHABLE when that process does not answer.
 */
export async function openLoopbackDatabase(address: LoopbackAddress): Promise<Database> {
  const session = await LoopbackSession.connect(address);
  return new LoopbackDatabase(address, session);
}

class LoopbackSession implements DatabaseSession {
  readonly #socket: WebSocket;
  readonly #messages: MessageQueue;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#messages = new MessageQueue(socket);
  }

  static async connect({ url, token }: LoopbackAddress): Promise<LoopbackSession> {
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false });
    const session = new LoopbackSession(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", (cause) =>
        reject(
          new WorkbenchError(
            "DATABASE_UNREACHABLE",
            `the running workbench does not answer at ${url}: ${cause.message}`,
            {
              cause,
            },
          ),
        ),
      );
    });
    return session;
  }

  get usable(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  async query<T extends Row>(sql: string, parameters: readonly SqlParameter[] = []): Promise<T[]> {
    return (await this.request({ op: "query", sql, parameters })) as T[];
  }

  async execute<T extends Row>(sql: string): Promise<T[]> {
    return (await this.request({ op: "execute", sql })) as T[];
  }

  async copyIn(sql: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<number> {
    this.#send({ op: "copy-in", sql });
    try {
      for await (const chunk of chunks) await sendMessage(this.#socket, dataMessage(chunk));
    } catch (error) {
      this.#send({ op: "copy-in-fail", message: (error as Error).message });
      await this.#answer().catch(() => {});
      throw error;
    }
    return (await this.request({ op: "copy-in-end" })) as number;
  }

  async copyOut(sql: string, sink: CopyRowSink): Promise<number> {
    this.#send({ op: "copy-out", sql });
    const splitter = new CopyTupleSplitter(sink);
    let sinkFailure: { readonly error: unknown } | undefined;
    for (;;) {
      const message = readMessage<LoopbackAnswer>(await this.#messages.next());
      if (message.kind === "control") {
        if (sinkFailure) throw sinkFailure.error;
        if (message.content.kind === "failed") throw toError(message.content);
        return splitter.finish();
      }
      // After the sink failed the rest is read and dropped, so that the next answer is the next request's.
      if (sinkFailure) continue;
      await splitter.push(message.bytes).catch((error: unknown) => {
        sinkFailure = { error };
      });
    }
  }

  async request(request: LoopbackRequest): Promise<unknown> {
    this.#send(request);
    return this.#answer();
  }

  /** Ends the connection at once: whatever waits for an answer fails with DATABASE_UNREACHABLE. */
  abandon(): void {
    this.#socket.terminate();
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#socket.close();
    });
  }

  #send(request: LoopbackRequest): void {
    this.#socket.send(controlMessage(request));
  }

  async #answer(): Promise<unknown> {
    const message = readMessage<LoopbackAnswer>(await this.#messages.next());
    if (message.kind === "data") throw new WorkbenchError("INTERNAL", "COPY data where an answer was due");
    if (message.content.kind === "failed") throw toError(message.content);
    return message.content.value;
  }
}

class LoopbackDatabase implements Database {
  readonly kind = "loopback";
  readonly location: string;
  readonly #address: LoopbackAddress;
  readonly #idle: LoopbackSession[];
  #closed = false;

  constructor(address: LoopbackAddress, session: LoopbackSession) {
    this.#address = address;
    this.#idle = [session];
    this.location = `the running workbench (${address.url})`;
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

  transaction<T>(work: (session: DatabaseSession) => Promise<T>, { deadlineMs }: TransactionOptions = {}): Promise<T> {
    return this.#withSession(async (session) => {
      const timer = deadlineMs === undefined ? undefined : setTimeout(() => session.abandon(), deadlineMs);
      try {
        return await this.#inTransaction(session, work);
      } finally {
        clearTimeout(timer);
      }
    });
  }

  async #inTransaction<T>(session: LoopbackSession, work: (session: DatabaseSession) => Promise<T>): Promise<T> {
    await session.request({ op: "begin" });
    let result: T;
    try {
      result = await work(session);
    } catch (error) {
      if (session.usable) await session.request({ op: "rollback" });
      throw error;
    }
    await session.request({ op: "commit" });
    return result;
  }

  /** Work that is still under way ends its session itself. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#idle.splice(0).map((session) => session.close()));
  }

  async #withSession<T>(work: (session: LoopbackSession) => Promise<T>): Promise<T> {
    const session = this.#idle.pop() ?? (await LoopbackSession.connect(this.#address));
    try {
      return await work(session);
    } finally {
      if (this.#closed) await session.close();
      else if (session.usable) this.#idle.push(session);
    }
  }
}
