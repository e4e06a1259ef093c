import { setTimeout } from "node:timers/promises";
import type { Logger } from "pino";
import type { MarketBus } from "./market-bus.js";
import { MemoryMarketBus } from "./memory-market-bus.js";
import { MemoryRateLimiter } from "./memory-rate-limiter.js";
import { MemorySnapshotCache } from "./memory-snapshot-cache.js";
import type { RateLimiter } from "./rate-limiter.js";
import { RedisConnection } from "./redis-connection.js";
import { RedisMarketBus } from "./redis-market-bus.js";
import { RedisRateLimiter } from "./redis-rate-limiter.js";
import { RedisSnapshotCache } from "./redis-snapshot-cache.js";
import type { SnapshotCache } from "./snapshot-cache.js";

/** A start does not wait longer for a Redis that does not answer. */
const FIRST_CONNECTION_MS = 3_000;

export interface SharedState {
  readonly bus: MarketBus;
  readonly snapshots: SnapshotCache;
  readonly rateLimiter: RateLimiter;
  close(): Promise<void>;
}

export interface SharedStateOptions {
  readonly logger: Logger;
  /** In front of every key in Redis; empty unless several workbenches share one. */
  readonly prefix?: string;
}

/**
 * What processes share: in the Redis of `redisUrl`, or in this process alone. A Redis that does not answer is no
 * failure: everything works as far as it can without, and `bus.health` says so. It is looked for until it is there.
 */
export async function openSharedState(
  redisUrl: string | undefined,
  { logger, prefix = "" }: SharedStateOptions,
): Promise<SharedState> {
  if (redisUrl === undefined) {
    const [bus, snapshots, rateLimiter] = [
      new MemoryMarketBus({ logger }),
      new MemorySnapshotCache(),
      new MemoryRateLimiter(),
    ];
    return { bus, snapshots, rateLimiter, close: () => closeAll(bus, snapshots, rateLimiter) };
  }
  const bus = new RedisMarketBus({ url: redisUrl, logger, prefix });
  const connection = new RedisConnection({ url: redisUrl, logger, name: "cache" });
  const snapshots = new RedisSnapshotCache(connection, { prefix });
  const rateLimiter = new RedisRateLimiter(connection, { prefix });
  await Promise.race([
    Promise.all([bus.open(), connection.open()]),
    setTimeout(FIRST_CONNECTION_MS, undefined, { ref: false }),
  ]);
  return { bus, snapshots, rateLimiter, close: () => closeAll(bus, snapshots, rateLimiter) };
}

async function closeAll(...parts: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(parts.map((part) => part.close()));
}
