import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { WorkbenchError } from "../../engine/errors.js";
import { COPY_HEADER_BYTES, COPY_SIGNATURE } from "../copy-binary/format.js";
import { tupleEnd } from "../copy-binary/tuple-splitter.js";
import type { CopyRowSink, Database, DatabaseSession } from "../database.js";
import type { LoopbackAddress } from "./loopback-database.js";
import { controlMessage, dataMessage, failureAnswer, type LoopbackRequest, readMessage } from "./loopback-protocol.js";
import { MessageQueue, sendMessage } from "./message-queue.js";

/** A client that stops talking inside a transaction is rolled back after this long. */
const TRANSACTION_IDLE_MS = 60_000;

export interface LoopbackEndpoint {
  readonly address: LoopbackAddress;
  close(): Promise<void>;
}

type NextMessage = () => Promise<Uint8Array>;

/** Offers `database` to other processes of this user: loopback only, with a token made for this start. */
export async function serveOnLoopback(
  database: Database,
  { transactionIdleMs = TRANSACTION_IDLE_MS }: { transactionIdleMs?: number } = {},
): Promise<LoopbackEndpoint> {
  const token = randomBytes(32).toString("base64url");
  const http = createServer((_request, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1 << 26 });
  http.on("upgrade", (request, socket, head) => {
    if (!authorized(request, token)) {
      socket.on("error", () => {}); // it may be gone already
      socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      serveSession(client, database, transactionIdleMs).finally(() => client.close());
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(0, "127.0.0.1", resolve);
  });
  const { port } = http.address() as AddressInfo;
  return {
    address: { url: `ws://127.0.0.1:${port}`, token },
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

/** A browser always sends Origin, a process of ours never does. */
function authorized(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? "");
  const expected = Buffer.from(`Bearer ${token}`);
  return request.headers.origin === undefined && given.length === expected.length && timingSafeEqual(given, expected);
}

async function serveSession(client: WebSocket, database: Database, transactionIdleMs: number): Promise<void> {
  const messages = new MessageQueue(client);
  const next = () => messages.next();
  const nextInTransaction = () => withTimeout(messages.next(), client, transactionIdleMs);
  try {
    for (;;) {
      const request = await nextRequest(next);
      if (request.op === "begin") await serveTransaction(client, nextInTransaction, database);
      else await answer(client, () => perform(request, client, next, database));
    }
  } catch {
    // The connection closed; an open transaction was rolled back on the way here.
  }
}

async function serveTransaction(client: WebSocket, next: NextMessage, database: Database): Promise<void> {
  const rolledBack = new Error("rolled back");
  try {
    await database.transaction(async (session) => {
      await answer(client, async () => undefined);
      for (;;) {
        const request = await nextRequest(next);
        if (request.op === "commit") return;
        if (request.op === "rollback") throw rolledBack;
        await answer(client, () => perform(request, client, next, session));
      }
    });
    await answer(client, async () => undefined);
  } catch (error) {
    if (error !== rolledBack && client.readyState !== client.OPEN) throw error;
    await answer(client, async () => {
      if (error !== rolledBack) throw error;
    });
  }
}

async function perform(
  request: LoopbackRequest,
  client: WebSocket,
  next: NextMessage,
  session: DatabaseSession,
): Promise<unknown> {
  switch (request.op) {
    case "query":
      return session.query(request.sql, request.parameters);
    case "execute":
      return session.execute(request.sql);
    case "copy-in":
      return session.copyIn(request.sql, copyInChunks(next));
    case "copy-out":
      return copyOutTo(client, session, request.sql);
    default:
      throw new WorkbenchError(
        "REQUEST_INVALID",
        `invalid op: ${request.op} (accepted here: query, execute, copy-in, copy-out)`,
      );
  }
}

async function* copyInChunks(next: NextMessage): AsyncGenerator<Uint8Array> {
  for (;;) {
    const message = readMessage<LoopbackRequest>(await next());
    if (message.kind === "data") yield message.bytes;
    else if (message.content.op === "copy-in-end") return;
    else throw new WorkbenchError("CANCELLED", "the sender gave up a COPY");
  }
}

async function copyOutTo(client: WebSocket, session: DatabaseSession, sql: string): Promise<number> {
  const header = new Uint8Array(COPY_HEADER_BYTES);
  header.set(COPY_SIGNATURE);
  await sendMessage(client, dataMessage(header));
  const forward: CopyRowSink = {
    rows: (bytes, rowStarts, rowCount) => sendMessage(client, dataMessage(joinTuples(bytes, rowStarts, rowCount))),
  };
  const rows = await session.copyOut(sql, forward);
  await sendMessage(client, dataMessage(new Uint8Array([0xff, 0xff])));
  return rows;
}

function joinTuples(bytes: Uint8Array, rowStarts: Int32Array, rowCount: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const joined = new Uint8Array(bytes.length);
  let to = 0;
  for (let i = 0; i < rowCount; i++) {
    const start = rowStarts[i]!;
    const tuple = bytes.subarray(start, tupleEnd(view, start));
    joined.set(tuple, to);
    to += tuple.length;
  }
  return joined.subarray(0, to);
}

async function nextRequest(next: NextMessage): Promise<LoopbackRequest> {
  const message = readMessage<LoopbackRequest>(await next());
  if (message.kind === "control") return message.content;
  throw new WorkbenchError("REQUEST_INVALID", "COPY data where a request was due");
}

async function answer(client: WebSocket, work: () => Promise<unknown>): Promise<void> {
  let reply: Uint8Array;
  try {
    reply = controlMessage({ kind: "done", value: await work() });
  } catch (error) {
    reply = controlMessage(failureAnswer(error));
  }
  await sendMessage(client, reply);
}

async function withTimeout<T>(promise: Promise<T>, client: WebSocket, milliseconds: number): Promise<T> {
  const timer = setTimeout(() => client.terminate(), milliseconds);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
