import type { RedisConnection } from "./redis-connection.js";
import { type CachedSnapshot, SNAPSHOT_TTL_MS, type SnapshotCache } from "./snapshot-cache.js";

export interface RedisSnapshotCacheOptions {
  /** In front of every key; empty unless several workbenches share one Redis. */
  readonly prefix?: string;
  readonly ttlMs?: number;
}

/** Snapshots under `market:snapshot:{type}`: the instant at which they were made, a line break, the body. */
export class RedisSnapshotCache implements SnapshotCache {
  readonly #connection: RedisConnection;
  readonly #prefix: string;
  readonly #ttlMs: number;

  constructor(connection: RedisConnection, { prefix = "", ttlMs = SNAPSHOT_TTL_MS }: RedisSnapshotCacheOptions = {}) {
    this.#connection = connection;
    this.#prefix = prefix;
    this.#ttlMs = ttlMs;
  }

  async read(type: string): Promise<CachedSnapshot | undefined> {
    const stored = await this.#connection.run((redis) => redis.get(this.#key(type)));
    if (stored === undefined || stored === null) return undefined;
    const end = stored.indexOf("\n");
    const madeAtMs = Number(stored.slice(0, end));
    return end > 0 && Number.isFinite(madeAtMs) ? { madeAtMs, body: stored.slice(end + 1) } : undefined;
  }

  async write(type: string, { madeAtMs, body }: CachedSnapshot): Promise<void> {
    await this.#connection.run((redis) => redis.set(this.#key(type), `${madeAtMs}\n${body}`, "PX", this.#ttlMs));
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #key(type: string): string {
    return `${this.#prefix}market:snapshot:${type}`;
  }
}
