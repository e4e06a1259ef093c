import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { issueToken, readToken } from "./light-speed-token.js";

/** An invented account. */
export const ACCOUNT = { username: "investor@example.com", password: "a password of nobody", investorId: "1000123456" };

export const TOKEN_LIFE_SECONDS = 8 * 3_600;

export interface LoginFaults {
  /** Answers to a login instead of a token. */
  login?: { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | undefined;
  /** Answers to the question who signed in. */
  me?: { readonly status: number; readonly body?: string } | undefined;
}

export interface LightSpeedLogin {
  readonly server: Server;
  readonly restUrl: string;
  readonly faults: LoginFaults;
  /** Tokens given out, in order. */
  readonly tokens: readonly string[];
  /** Every request, as `POST /path`. */
  readonly requests: readonly string[];
  /** No token given out so far is valid any longer. */
  revokeAll(): void;
  /** Whose token it is; `undefined` for one that is not valid now. */
  ownerOf(token: string): string | undefined;
  close(): Promise<void>;
}

/** Stands in for the service that gives out tokens: `POST /user-service/api/auth` and `GET /user-service/api/me`. */
export async function startLightSpeedLogin({
  nowMs = Date.now,
  tokenLifeSeconds = TOKEN_LIFE_SECONDS,
}: {
  nowMs?: () => number;
  tokenLifeSeconds?: number;
} = {}): Promise<LightSpeedLogin> {
  const faults: LoginFaults = {};
  const tokens: string[] = [];
  const requests: string[] = [];
  let firstValid = 0;

  function ownerOf(token: string): string | undefined {
    const claims = readToken(token);
    if (claims === undefined || claims.jti < firstValid || nowMs() >= claims.exp * 1_000) return undefined;
    return claims.sub;
  }

  async function login(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (faults.login !== undefined) {
      const { status, headers = {}, body = "" } = faults.login;
      response.writeHead(status, headers).end(body);
      return;
    }
    const { username, password } = JSON.parse(await bodyOf(request));
    if (username !== ACCOUNT.username || password !== ACCOUNT.password) {
      answer(response, 401, { status: 401, code: "UNAUTHORIZED", message: `wrong password ${password}` });
      return;
    }
    const issuedAt = Math.floor(nowMs() / 1_000);
    const token = issueToken({
      sub: ACCOUNT.investorId,
      iat: issuedAt,
      exp: issuedAt + tokenLifeSeconds,
      jti: tokens.length,
    });
    tokens.push(token);
    answer(response, 200, { token });
  }

  function me(request: IncomingMessage, response: ServerResponse): void {
    if (faults.me !== undefined) {
      response.writeHead(faults.me.status).end(faults.me.body ?? "");
      return;
    }
    const owner = ownerOf((request.headers.authorization ?? "").replace(/^Bearer /, ""));
    if (owner === undefined) answer(response, 401, { status: 401, message: "invalid token" });
    else
      answer(response, 200, { investorId: owner, name: "Nobody", custodyCode: "064C000000", email: ACCOUNT.username });
  }

  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (request.method === "POST" && request.url === "/user-service/api/auth") void login(request, response);
    else if (request.method === "GET" && request.url === "/user-service/api/me") me(request, response);
    else answer(response, 404, { status: 404, message: "no such route" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    server,
    restUrl: `http://127.0.0.1:${port}`,
    faults,
    tokens,
    requests,
    ownerOf,
    revokeAll: () => {
      firstValid = tokens.length;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
