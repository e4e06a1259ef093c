import { type CachedSnapshot, SNAPSHOT_TTL_MS, type SnapshotCache } from "./snapshot-cache.js";

export interface MemorySnapshotCacheOptions {
  /** A clock that never goes back, in ms. */
  readonly nowMs?: () => number;
  readonly ttlMs?: number;
}

/** Snapshots of one process. Their number is that of the types, which is small. */
export class MemorySnapshotCache implements SnapshotCache {
  readonly #entries = new Map<string, { readonly snapshot: CachedSnapshot; readonly goneAtMs: number }>();
  readonly #nowMs: () => number;
  readonly #ttlMs: number;

  constructor({ nowMs = () => performance.now(), ttlMs = SNAPSHOT_TTL_MS }: MemorySnapshotCacheOptions = {}) {
    this.#nowMs = nowMs;
    this.#ttlMs = ttlMs;
  }

  async read(type: string): Promise<CachedSnapshot | undefined> {
    const entry = this.#entries.get(type);
    if (entry === undefined) return undefined;
    if (this.#nowMs() < entry.goneAtMs) return entry.snapshot;
    this.#entries.delete(type);
    return undefined;
  }

  async write(type: string, snapshot: CachedSnapshot): Promise<void> {
    this.#entries.set(type, { snapshot, goneAtMs: this.#nowMs() + this.#ttlMs });
  }

  async close(): Promise<void> {
    this.#entries.clear();
  }
}
