/** A snapshot of the market and the instant at which it was made, machine's clock. */
export interface CachedSnapshot {
  readonly madeAtMs: number;
  /** Serialised as it is served: JSON text. */
  readonly body: string;
}

export const SNAPSHOT_TTL_MS = 60_000;

/**
 * Snapshots by type under `market:snapshot:{type}`, gone after `SNAPSHOT_TTL_MS`. Adapters: memory, Redis. A cache out
 * of reach answers `undefined` and forgets what it is given: it is never the only copy.
 */
export interface SnapshotCache {
  read(type: string): Promise<CachedSnapshot | undefined>;
  write(type: string, snapshot: CachedSnapshot): Promise<void>;
  close(): Promise<void>;
}
