import type { Logger } from "pino";
import { WorkbenchError } from "../../engine/errors.js";
import { TRADING_UTC_OFFSET_MS } from "../../engine/units/trading-date.js";
import { isPayload } from "../dnse/payload-fields.js";
import { type Schedule, waitFor } from "../schedule.js";
import { RequestBudget } from "./request-budget.js";
import { type RequestSigning, signedHeaders } from "./signing.js";

export interface SignedRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Requests under one name share the broker's limit; its path without symbols. */
  readonly endpoint: string;
  readonly signal: AbortSignal;
}

export interface RequestDependencies {
  readonly logger: Logger;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly schedule: Schedule;
}

const RETRIES = 3;
const FIRST_RETRY_MS = 500;
const REPLY_MS = 30_000;
const LONGEST_WAIT_MS = 65 * 60_000;
/** Waits that end this near to each other are one for the log. */
const SAME_WAIT_MS = 500;
const LARGEST_REPLY_BYTES = 32 * 1024 * 1024;
/** The broker refuses dates that are a minute off. */
const CLOCK_TOLERANCE_MS = 30_000;

/**
 * Sends signed `GET` requests and parses their JSON. Failures of the network, of the server (5xx) and too many requests
 * (429) are tried again three times, later each time; a used-up limit is waited for. Nothing else is tried again, but for
 * a refusal while the broker's clock is another one: that one's time is signed from then on.
 * @throws FEED_REFUSED, FEED_REQUEST_FAILED, CANCELLED
 */
export function createSignedRequests(
  restUrl: string,
  signing: RequestSigning,
  { logger, nowMs, random, schedule }: RequestDependencies,
): (request: SignedRequest) => Promise<unknown> {
  const base = restUrl.replace(/\/+$/, "");
  const budgets = new Map<string, RequestBudget>();
  /** Until when a wait for a budget was logged. */
  const announced = new Map<RequestBudget, number>();
  let clockOffsetMs = 0;

  /** Once for each wait, however many requests are in it. */
  function announceWait(budget: RequestBudget, endpoint: string, waitMs: number): void {
    const untilMs = nowMs() + waitMs;
    if (untilMs - (announced.get(budget) ?? Number.NEGATIVE_INFINITY) < SAME_WAIT_MS) return;
    announced.set(budget, untilMs);
    logger.info({ endpoint, waitMs }, `waiting for the broker's rate limit until ${localTime(untilMs)}`);
  }

  async function untilAllowed(budget: RequestBudget, { path, endpoint, signal }: SignedRequest): Promise<void> {
    for (let waitMs = budget.take(); waitMs > 0; waitMs = budget.take()) {
      if (waitMs > LONGEST_WAIT_MS) {
        throw new WorkbenchError(
          "FEED_REQUEST_FAILED",
          `GET ${path} was not sent: the broker's limit is used up for ${Math.ceil(waitMs / 60_000)} minutes`,
          { details: { path } },
        );
      }
      announceWait(budget, endpoint, waitMs);
      await waitFor(waitMs, schedule, signal);
      throwIfCancelled(signal, path);
    }
  }

  /** Whether a refusal may be due to the clock: then the broker's is taken over. */
  function learnsClock(reply: Response): boolean {
    const brokerMs = Date.parse(reply.headers.get("date") ?? "");
    const offsetMs = brokerMs - nowMs();
    if (!(Math.abs(offsetMs - clockOffsetMs) > CLOCK_TOLERANCE_MS)) return false;
    logger.warn({ offsetMs }, "the broker's clock is another one; requests are dated by it");
    clockOffsetMs = offsetMs;
    return true;
  }

  return async (request) => {
    const { path, endpoint, signal } = request;
    const url = new URL(`${base}${path}`);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    let budget = budgets.get(endpoint);
    if (budget === undefined) {
      budget = new RequestBudget(nowMs);
      budgets.set(endpoint, budget);
    }
    let hasNewClock = false;
    let failure: WorkbenchError | undefined;
    for (let attempt = 0; attempt <= RETRIES; attempt++) {
      if (attempt > 0) {
        await waitFor(FIRST_RETRY_MS * 2 ** (attempt - 1) * (0.75 + random() / 2), schedule, signal);
      }
      throwIfCancelled(signal, path);
      await untilAllowed(budget, request);
      let reply: Response | undefined;
      let text: string;
      try {
        reply = await fetch(url, {
          headers: {
            accept: "application/json",
            ...signedHeaders("GET", url.pathname, signing, nowMs() + clockOffsetMs),
          },
          redirect: "error",
          signal: AbortSignal.any([signal, AbortSignal.timeout(REPLY_MS)]),
        });
        text = await textOf(reply);
      } catch (error) {
        throwIfCancelled(signal, path);
        failure = failed(path, `no reply: ${reasonOf(error)}`, undefined, error);
        continue;
      } finally {
        budget.settle(reply?.headers, reply?.status ?? 0);
      }
      if (reply.ok) return parsed(path, text);
      const problem = problemOf(reply.status, text);
      if (reply.status === 401 || reply.status === 403) {
        if (!hasNewClock && learnsClock(reply)) {
          hasNewClock = true;
          attempt -= 1;
          continue;
        }
        throw new WorkbenchError("FEED_REFUSED", `GET ${path} was refused: ${problem.text}`, {
          details: { path, status: reply.status, code: problem.code },
        });
      }
      failure = failed(path, problem.text, { status: reply.status, code: problem.code });
      if (reply.status !== 429 && reply.status < 500) throw failure;
    }
    throw failure!;
  };
}

/** `HH:MM:SS` in Ho Chi Minh City, the second that has begun by then. */
function localTime(instantMs: number): string {
  return new Date(Math.ceil(instantMs / 1_000) * 1_000 + TRADING_UTC_OFFSET_MS).toISOString().slice(11, 19);
}

function throwIfCancelled(signal: AbortSignal, path: string): void {
  if (signal.aborted) throw new WorkbenchError("CANCELLED", `GET ${path} was cancelled`);
}

function failed(path: string, problem: string, details: object = {}, cause?: unknown): WorkbenchError {
  return new WorkbenchError("FEED_REQUEST_FAILED", `GET ${path} failed: ${problem}`, {
    cause,
    details: { path, ...details },
  });
}

async function textOf(reply: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of reply.body ?? []) {
    bytes += part.length;
    if (bytes > LARGEST_REPLY_BYTES) throw new Error(`the reply is longer than ${LARGEST_REPLY_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw failed(path, "the reply is no JSON", { status: 200 }, error);
  }
}

/** Status, code and message of a reply with an error, as far as it has them. */
function problemOf(status: number, text: string): { readonly text: string; readonly code: string | undefined } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (!isPayload(body)) return { text: `${status} ${text.slice(0, 120)}`.trim(), code: undefined };
  const code = typeof body.code === "string" ? body.code : undefined;
  const message = body.message ?? body.error ?? "";
  return { text: [status, code, String(message).slice(0, 200)].filter(Boolean).join(" "), code };
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
