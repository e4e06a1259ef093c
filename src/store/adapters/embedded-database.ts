import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite, type Transaction } from "@electric-sql/pglite";
import { WorkbenchError } from "../../engine/errors.js";
import { CopyTupleSplitter } from "../copy-binary/tuple-splitter.js";
import type { CopyRowSink, Database, DatabaseSession, Row, SqlParameter } from "../database.js";
import { acquireFolderLock } from "../folder-lock.js";
import { toQueryError } from "../query-error.js";

const CLUSTER_FOLDER = "postgres";
const COPY_READ_BYTES = 1 << 20;

/** `int8` and `date` as text, like the PostgreSQL adapter. */
const PARSERS = { 20: (text: string) => text, 1082: (text: string) => text };

type Queryable = Pick<Transaction, "query" | "exec">;

/**
 * Opens the embedded database in `folder`, creating it on first use. The folder belongs to this process
 * until `close`: `purpose` names the holder to others.
 * @throws DATA_FOLDER_LOCKED, DATA_FOLDER_UNUSABLE
 */
export async function openEmbeddedDatabase(folder: string, { purpose }: { purpose: string }): Promise<Database> {
  const lock = await acquireFolderLock(folder, { purpose });
  const cluster = join(folder, CLUSTER_FOLDER);
  try {
    if (!existsSync(join(cluster, "PG_VERSION"))) await createCluster(cluster);
    const pglite = await PGlite.create(cluster, { parsers: PARSERS });
    return new EmbeddedDatabase(pglite, folder, () => lock.release());
  } catch (cause) {
    await lock.release();
    if (cause instanceof WorkbenchError) throw cause;
    throw new WorkbenchError(
      "DATA_FOLDER_UNUSABLE",
      `the embedded database in ${folder} does not open: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Wraps an open PGlite: for tests that bring a build of their own. */
export function embeddedDatabaseOf(pglite: PGlite, location: string): Database {
  return new EmbeddedDatabase(pglite, location, async () => {});
}

class EmbeddedSession implements DatabaseSession {
  readonly #pglite: Queryable;

  constructor(pglite: Queryable) {
    this.#pglite = pglite;
  }

  async query<T extends Row>(sql: string, parameters: readonly SqlParameter[] = []): Promise<T[]> {
    try {
      return (await this.#pglite.query<T>(sql, [...parameters], { parsers: PARSERS })).rows;
    } catch (error) {
      throw toQueryError(error, sql);
    }
  }

  async execute<T extends Row>(sql: string): Promise<T[]> {
    try {
      return (await this.#pglite.exec(sql)).flatMap(({ rows }) => rows as T[]);
    } catch (error) {
      throw toQueryError(error, sql);
    }
  }

  async copyIn(sql: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<number> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const chunk of chunks) parts.push(chunk as Uint8Array<ArrayBuffer>);
    try {
      const result = await this.#pglite.query(sql.replace(/\bFROM STDIN\b/, "FROM '/dev/blob'"), [], {
        blob: new Blob(parts),
      });
      return result.affectedRows ?? 0;
    } catch (error) {
      throw toQueryError(error, sql);
    }
  }

  async copyOut(sql: string, sink: CopyRowSink): Promise<number> {
    let blob: Blob | undefined;
    try {
      ({ blob } = await this.#pglite.query(sql.replace(/\bTO STDOUT\b/, "TO '/dev/blob'")));
    } catch (error) {
      throw toQueryError(error, sql);
    }
    const splitter = new CopyTupleSplitter(sink);
    for (let at = 0; blob && at < blob.size; at += COPY_READ_BYTES) {
      await splitter.push(new Uint8Array(await blob.slice(at, at + COPY_READ_BYTES).arrayBuffer()));
    }
    return splitter.finish();
  }
}

class EmbeddedDatabase extends EmbeddedSession implements Database {
  readonly kind = "embedded";
  readonly location: string;
  readonly #pglite: PGlite;
  readonly #release: () => Promise<void>;

  constructor(pglite: PGlite, location: string, release: () => Promise<void>) {
    super(pglite);
    this.#pglite = pglite;
    this.location = location;
    this.#release = release;
  }

  async transaction<T>(work: (session: DatabaseSession) => Promise<T>): Promise<T> {
    let isCommitting = false;
    try {
      return await this.#pglite.transaction(async (transaction) => {
        const result = await work(new EmbeddedSession(transaction));
        isCommitting = true;
        return result;
      });
    } catch (error) {
      throw isCommitting ? toQueryError(error, "COMMIT") : error;
    }
  }

  async close(): Promise<void> {
    try {
      if (!this.#pglite.closed) await this.#pglite.close();
    } finally {
      await this.#release();
    }
  }
}

/**
 * Creates the cluster in a child process: the process that creates one keeps several hundred MB for life.
 * The cluster appears under its name only when complete.
 */
async function createCluster(cluster: string): Promise<void> {
  const unfinished = `${cluster}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const script = fileURLToPath(new URL("./create-cluster.js", import.meta.url));
  const child = spawn(process.execPath, ["--no-warnings", script, unfinished], { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (exitCode !== 0) throw new Error(complaint.trim() || `it could not be created, exit code ${exitCode}`);
  await rename(unfinished, cluster);
}
