/** What the broker allows before it has said otherwise: its documents give 1,000 requests an hour for prices. */
const ASSUMED_LIMIT = 1_000;
const ASSUMED_PERIOD_MS = 3_600_000;
const SHORTEST_PERIOD_MS = 1_000;
/** Resets are told in whole seconds: those nearer than this are of the same period. */
const SAME_RESET_MS = 2_000;

/**
 * The requests one endpoint may still be sent, by the headers of its replies: a bucket that is filled again at once
 * when its time is up. A period is taken to be as long as the broker has been seen to count down to a reset.
 */
export class RequestBudget {
  readonly #nowMs: () => number;
  #limit = ASSUMED_LIMIT;
  #remaining = ASSUMED_LIMIT;
  #resetAtMs: number;
  #periodMs = ASSUMED_PERIOD_MS;
  #isPeriodAssumed = true;
  #underWay = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#resetAtMs = nowMs() + ASSUMED_PERIOD_MS;
  }

  /** Takes a request and returns 0; or the milliseconds until one can be taken. */
  take(): number {
    const now = this.#nowMs();
    if (now >= this.#resetAtMs) {
      this.#remaining = this.#limit;
      this.#resetAtMs = now + this.#periodMs;
    }
    if (this.#remaining < 1) return this.#resetAtMs - now;
    this.#remaining -= 1;
    this.#underWay += 1;
    return 0;
  }

  /** Learns from a reply, or from its failure to come. */
  settle(headers: Headers | undefined, status: number): void {
    this.#underWay -= 1;
    if (headers === undefined) return;
    const now = this.#nowMs();
    const limit = wholeNumber(headers.get("x-ratelimit-limit"));
    const remaining = wholeNumber(headers.get("x-ratelimit-remaining"));
    const told = resetIn(headers, now);
    const retryAfterS = wholeNumber(headers.get("retry-after"));
    const resetInMs = retryAfterS === undefined ? told : retryAfterS * 1_000;
    if (limit !== undefined && limit > 0) this.#limit = limit;
    // A pause alone tells of a period only together with what may be sent in it.
    this.#learnPeriod(told ?? (limit === undefined ? undefined : resetInMs), now);
    if (resetInMs !== undefined) this.#resetAtMs = now + resetInMs;
    if (status === 429 && resetInMs !== undefined) this.#remaining = 0;
    else if (remaining !== undefined) this.#remaining = Math.max(0, remaining - this.#underWay);
  }

  /** Of one period the longest countdown counts: later ones have less of it left. */
  #learnPeriod(countdownMs: number | undefined, now: number): void {
    if (countdownMs === undefined || (countdownMs <= 0 && !this.#isPeriodAssumed)) return;
    const isOfSamePeriod = !this.#isPeriodAssumed && Math.abs(now + countdownMs - this.#resetAtMs) < SAME_RESET_MS;
    const learnt = Math.max(SHORTEST_PERIOD_MS, countdownMs);
    this.#periodMs = isOfSamePeriod ? Math.max(this.#periodMs, learnt) : learnt;
    this.#isPeriodAssumed = false;
  }
}

/**
 * Milliseconds until the limit is reset by `X-RateLimit-Reset`, which is epoch seconds on the broker's clock. A value
 * too small for that is a number of seconds.
 */
function resetIn(headers: Headers, nowMs: number): number | undefined {
  const reset = wholeNumber(headers.get("x-ratelimit-reset"));
  if (reset === undefined) return undefined;
  if (reset < 1e9) return reset * 1_000;
  const brokerNowMs = Date.parse(headers.get("date") ?? "");
  return Math.max(0, reset * 1_000 - (Number.isNaN(brokerNowMs) ? nowMs : brokerNowMs));
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}
