import { z } from "zod";
import { WorkbenchError } from "../../engine/errors.js";
import { MS_PER_HOUR, MS_PER_SECOND } from "../../engine/units/epoch-ms.js";

/** A token is valid for eight hours, and replaced after seven. */
const TOKEN_LIFE_MS = 8 * MS_PER_HOUR;
const REFRESH_SHARE = 7 / 8;
const SHORTEST_LIFE_MS = 5 * MS_PER_SECOND;

const EXCERPT_CHARACTERS = 200;

/** Statuses that speak of the credentials; trying the same ones again will not help. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 422]);
/** Statuses of a service that has no such route. */
const NO_ROUTE: ReadonlySet<number> = new Set([404, 405, 501]);

export interface LightSpeedSession {
  /** Username and password for the broker of messages. */
  readonly username: string;
  readonly token: string;
  readonly signedInAtMs: number;
  readonly refreshAtMs: number;
  readonly expiresAtMs: number;
}

export interface SignInOptions {
  readonly restUrl: string;
  readonly username: string;
  readonly password: string;
  readonly nowMs: () => number;
  readonly answerTimeoutMs: number;
  readonly signal: AbortSignal;
}

const authAnswer = z.object({ token: z.string().min(1) });
const meAnswer = z.object({ investorId: z.union([z.string().min(1), z.number().int()]).transform(String) });
const claims = z.object({ exp: z.number(), iat: z.number().optional() });

/**
 * Signs in with username and password. The investor's number is the username for the broker of messages; where the
 * service does not tell it, the given username is.
 *
 * @throws FEED_REFUSED for wrong credentials, RATE_LIMITED with `details.retryAfterMs`, FEED_REQUEST_FAILED
 */
export async function signIn(options: SignInOptions): Promise<LightSpeedSession> {
  const { restUrl, username, password, nowMs } = options;
  const { token } = authAnswer.parse(
    await ask({
      url: addressOf(restUrl, "user-service/api/auth"),
      request: {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ username, password }),
      },
      secrets: [password],
      accepts: (answer) => authAnswer.safeParse(answer).success,
      accepted: "an object with a token",
      ...options,
    }),
  );
  const me = await ask({
    url: addressOf(restUrl, "user-service/api/me"),
    request: { headers: { Authorization: `Bearer ${token}`, Accept: "application/json" } },
    secrets: [password, token],
    accepts: () => true,
    accepted: "an object with an investorId",
    ...options,
  });
  const investor = meAnswer.safeParse(me);
  return sessionOf({ username: investor.success ? investor.data.investorId : username, token }, nowMs());
}

function sessionOf({ username, token }: { username: string; token: string }, nowMs: number): LightSpeedSession {
  const lifeMs = Math.min(TOKEN_LIFE_MS, tokenLifeMs(token, nowMs) ?? TOKEN_LIFE_MS);
  return {
    username,
    token,
    signedInAtMs: nowMs,
    refreshAtMs: nowMs + lifeMs * REFRESH_SHARE,
    expiresAtMs: nowMs + lifeMs,
  };
}

/** How long a JSON web token says it is valid, by its issuer's clock; `undefined` when it does not say. */
function tokenLifeMs(token: string, nowMs: number): number | undefined {
  try {
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    const { exp, iat } = claims.parse(JSON.parse(payload));
    const lifeMs = exp * MS_PER_SECOND - (iat === undefined ? nowMs : iat * MS_PER_SECOND);
    return lifeMs >= SHORTEST_LIFE_MS ? lifeMs : undefined;
  } catch {
    return undefined;
  }
}

/** Due, or the machine's clock was set back so far that nobody knows. */
export function isRefreshDue({ signedInAtMs, refreshAtMs }: LightSpeedSession, nowMs: number): boolean {
  return nowMs >= refreshAtMs || nowMs < signedInAtMs - MS_PER_HOUR;
}

interface Question {
  readonly url: URL;
  readonly request: RequestInit;
  /** Never to appear in a message. */
  readonly secrets: readonly string[];
  readonly accepts: (answer: unknown) => boolean;
  readonly accepted: string;
  readonly answerTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** The JSON of an answer; `undefined` where there is no such route and that is accepted. */
async function ask(question: Question): Promise<unknown> {
  const { url, secrets, accepts, accepted } = question;
  const { status, headers, text } = await answerTo(question);
  const details = { url: url.origin + url.pathname, status };
  if (NO_ROUTE.has(status) && accepts(undefined)) return undefined;
  if (status >= 200 && status < 300) {
    const answer = parsedJson(text);
    if (accepts(answer)) return answer;
    throw new WorkbenchError("FEED_REQUEST_FAILED", `invalid answer of ${details.url} (accepted: ${accepted})`, {
      details,
    });
  }
  const said = excerptOf(text, secrets);
  if (status === 429) {
    throw new WorkbenchError("RATE_LIMITED", `${details.url} takes no more requests for now${said}`, {
      details: { ...details, retryAfterMs: retryAfterMs(headers.get("Retry-After")) },
    });
  }
  if (REFUSALS.has(status)) {
    throw new WorkbenchError(
      "FEED_REFUSED",
      `${details.url} refused to sign in: HTTP ${status}${said} (accepted: the broker's DNSE_USERNAME and DNSE_PASSWORD)`,
      { details },
    );
  }
  throw new WorkbenchError("FEED_REQUEST_FAILED", `${details.url} answered HTTP ${status}${said}`, { details });
}

async function answerTo({
  url,
  request,
  answerTimeoutMs,
  signal,
}: Question): Promise<{ status: number; headers: Headers; text: string }> {
  try {
    const response = await fetch(url, {
      ...request,
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    const address = url.origin + url.pathname;
    throw new WorkbenchError("FEED_REQUEST_FAILED", `${address} does not answer: ${reasonOf(error)}`, {
      cause: error,
      details: { url: address },
    });
  }
}

/** `fetch` hides the reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}

function addressOf(base: string, path: string): URL {
  return new URL(path, base.endsWith("/") ? base : `${base}/`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function excerptOf(text: string, secrets: readonly string[]): string {
  let excerpt = text.trim().slice(0, EXCERPT_CHARACTERS);
  for (const secret of secrets) excerpt = excerpt.replaceAll(secret, "…");
  return excerpt === "" ? "" : `: ${excerpt}`;
}

function retryAfterMs(header: string | null): number | undefined {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds * MS_PER_SECOND : undefined;
}
