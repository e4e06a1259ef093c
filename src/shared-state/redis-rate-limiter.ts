import { MemoryRateLimiter } from "./memory-rate-limiter.js";
import type { RateDecision, RateLimit, RateLimiter } from "./rate-limiter.js";
import type { RedisConnection } from "./redis-connection.js";

/**
 * `takeTokens` of token-bucket.ts within Redis, on its own clock: the numbers that must be exact cross as text, since
 * Redis cuts what a script returns to whole numbers. A key lives until its bucket would be full.
 */
const TAKE_TOKENS = `
local capacity, refill_per_ms, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]) / 1000, tonumber(ARGV[3])
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local stored = redis.call("HMGET", KEYS[1], "tokens", "at")
local tokens, at = tonumber(stored[1]), tonumber(stored[2])
if tokens == nil or at == nil then
  tokens = capacity
else
  tokens = math.min(capacity, tokens + math.max(0, now - at) * refill_per_ms)
end
local allowed, retry = 0, 0
if tokens >= wanted - 1e-9 then
  tokens = math.max(0, tokens - wanted)
  allowed = 1
else
  retry = math.max(1, math.ceil((math.min(wanted, capacity) - tokens - 1e-9) / refill_per_ms))
end
redis.call("HSET", KEYS[1], "tokens", string.format("%.17g", tokens), "at", string.format("%.17g", now))
redis.call("PEXPIRE", KEYS[1], math.ceil((capacity - tokens) / refill_per_ms) + 1)
return {allowed, math.floor(tokens + 1e-9), retry}
`;

/** Token buckets under `ratelimit:{key}`, shared by all processes; each counts for itself while Redis is out of reach. */
export class RedisRateLimiter implements RateLimiter {
  readonly #connection: RedisConnection;
  readonly #prefix: string;
  readonly #own = new MemoryRateLimiter();

  constructor(connection: RedisConnection, { prefix = "" }: { prefix?: string } = {}) {
    this.#connection = connection;
    this.#prefix = prefix;
  }

  async take(key: string, limit: RateLimit, tokens = 1): Promise<RateDecision> {
    const { capacity, refillPerSecond } = limit;
    const answer = await this.#connection.run(
      (redis) =>
        redis.eval(TAKE_TOKENS, 1, `${this.#prefix}ratelimit:${key}`, capacity, refillPerSecond, tokens) as Promise<
          [number, number, number]
        >,
    );
    if (answer === undefined) return this.#own.take(key, limit, tokens);
    const [isAllowed, remaining, retryAfterMs] = answer;
    return { isAllowed: isAllowed === 1, remaining, retryAfterMs };
  }

  async close(): Promise<void> {
    await this.#own.close();
    await this.#connection.close();
  }
}
