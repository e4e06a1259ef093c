import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { WorkbenchError } from "../../engine/errors.js";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { toConnectError } from "./postgres-failures.js";

const CONNECT_TIMEOUT_MS = 5_000;
/** How long work that is under way, and a server that says goodbye, may keep a pool from closing. */
const CLOSE_PATIENCE_MS = 3_000;
const DATE_TYPE_OID = 1082;

/** `date` stays `YYYY-MM-DD`: pg's own parser would read it in the host's time zone. */
const typeParsers = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === DATE_TYPE_OID ? (text: string) => text : pg.types.getTypeParser(oid, format as "text")) as never,
};

/** What pg keeps of a connection, beyond its types. */
interface RawClient {
  readonly processID: number | null;
  readonly connection: { readonly stream: Socket };
}

/**
 * Connections to one server, at most so many at a time. A connection that gave no answer takes those that have not
 * answered since with it: they are made anew when they are next wanted, so that a network that lost its way costs one
 * deadline rather than one for each connection.
 */
export class PostgresPool {
  readonly #pool: pg.Pool;
  readonly #connections: number;
  readonly #location: string;
  /** When each open connection last gave an answer, on a clock that never jumps. */
  readonly #heardAtMs = new Map<pg.ClientBase, number>();
  #distrustedUntilMs = Number.NEGATIVE_INFINITY;
  #taken = 0;
  #closing: Promise<void> | undefined;
  /** Server processes of connections that were given up: they may hold locks until they are ended. */
  readonly #abandoned = new Set<number>();

  constructor({ databaseUrl, location, connections }: { databaseUrl: string; location: string; connections: number }) {
    this.#connections = connections;
    this.#location = location;
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: connections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: "quantflow",
      types: typeParsers,
    });
    // An idle connection that breaks is replaced by the pool; the query that needs one gets the error.
    this.#pool.on("error", () => {});
    this.#pool.on("connect", (client) => {
      this.#heardAtMs.set(client, performance.now());
      client.once("end", () => this.#heardAtMs.delete(client));
    });
  }

  get abandoned(): ReadonlySet<number> {
    return this.#abandoned;
  }

  /** @throws DATABASE_UNREACHABLE, DATABASE_URL_INVALID */
  async take(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await this.#connect();
      if (this.#heardAtMs.get(client)! > this.#distrustedUntilMs) {
        this.#taken++;
        return client;
      }
      this.#destroy(client, new Error("another connection gave no answer"));
      client.release(true);
    }
  }

  /** Takes a connection back; one that broke is closed. */
  giveBack(client: pg.PoolClient, broken: Error | undefined): void {
    this.#taken--;
    if (!broken) this.#heardAtMs.set(client, performance.now());
    client.release(broken);
  }

  /** Ends a connection that gives no answer, and with it whatever waits for one. It is still to be given back. */
  abandon(client: pg.PoolClient, reason: Error): void {
    const { processID } = client as unknown as RawClient;
    if (processID) this.#abandoned.add(processID);
    this.#distrustedUntilMs = performance.now();
    this.#destroy(client, reason);
  }

  /** These server processes are ended. */
  forget(processIds: readonly number[]): void {
    for (const processId of processIds) this.#abandoned.delete(processId);
  }

  /** Waits a while for work that is under way; then its connections end. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const ended = this.#pool.end();
    const isClosed = (async () => {
      await ended;
      while (this.#heardAtMs.size > 0) await delay(5);
      return true;
    })();
    await Promise.race([isClosed, delay(CLOSE_PATIENCE_MS, undefined, { ref: false })]);
    const closing = new WorkbenchError(
      "DATABASE_UNREACHABLE",
      "the connection was given up: the database is being closed",
    );
    for (const client of this.#heardAtMs.keys()) this.#destroy(client, closing);
    await isClosed;
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      if (this.#taken < this.#connections) throw toConnectError(error, this.#location);
      throw new WorkbenchError(
        "DATABASE_UNREACHABLE",
        `all ${this.#connections} connections to ${this.#location} are busy, and none became free within ${CONNECT_TIMEOUT_MS / MS_PER_SECOND} s: try again`,
        { cause: error },
      );
    }
  }

  #destroy(client: pg.ClientBase, reason: Error): void {
    (client as unknown as RawClient).connection.stream.destroy(reason);
  }
}
