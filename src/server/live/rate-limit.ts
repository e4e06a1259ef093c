import type { Request, RequestHandler } from "express";
import { WorkbenchError } from "../../engine/errors.js";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import type { RateLimit, RateLimiter } from "../../shared-state/rate-limiter.js";

/** Enough for pages that ask for everything at once; a loop without a pause meets it. */
export const MARKET_API_RATE: RateLimit = { capacity: 200, refillPerSecond: 50 };

export interface RateLimitOptions {
  readonly limiter: RateLimiter;
  readonly limit?: RateLimit | undefined;
  /** Who asks; the address of the connection unless given. */
  readonly clientOf?: ((request: Request) => string) | undefined;
}

/** Refuses with RATE_LIMITED what comes too fast; every answer says what is left. */
export function rateLimit({
  limiter,
  limit = MARKET_API_RATE,
  clientOf = addressOf,
}: RateLimitOptions): RequestHandler {
  const { capacity, refillPerSecond } = limit;
  const policy = `${capacity};w=${Math.ceil(capacity / refillPerSecond)}`;
  return async (request, response, next) => {
    const { isAllowed, remaining, retryAfterMs } = await limiter.take(clientOf(request), limit);
    const resetSeconds = Math.ceil((capacity - remaining) / refillPerSecond);
    response
      .set("RateLimit-Limit", String(capacity))
      .set("RateLimit-Remaining", String(remaining))
      .set("RateLimit-Reset", String(resetSeconds))
      .set("RateLimit-Policy", policy);
    if (isAllowed) {
      next();
      return;
    }
    const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / MS_PER_SECOND));
    response.set("Retry-After", String(retryAfterSeconds));
    throw new WorkbenchError(
      "RATE_LIMITED",
      `invalid pace: too many requests (accepted: ${capacity} at once, then ${refillPerSecond} a second; again in ${retryAfterSeconds} s)`,
      { details: { retryAfterMs } },
    );
  };
}

function addressOf(request: Request): string {
  return `address:${request.socket.remoteAddress ?? "unknown"}`;
}
