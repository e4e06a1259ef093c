import { createHmac } from "node:crypto";

/** Signs the tokens of the stand-in; any text would do. */
const SECRET = "stand-in for the broker's signing key";

export interface TokenClaims {
  readonly sub: string;
  /** Epoch seconds. */
  readonly iat: number;
  readonly exp: number;
  readonly jti: number;
}

/** A JSON web token, as the login service gives it out. */
export function issueToken(claims: TokenClaims): string {
  const content = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
  return `${content}.${signature(content)}`;
}

/** The claims of a token of this issuer; `undefined` for any other text. */
export function readToken(token: string): TokenClaims | undefined {
  const at = token.lastIndexOf(".");
  if (at < 0 || token.slice(at + 1) !== signature(token.slice(0, at))) return undefined;
  return JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString("utf8"));
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signature(content: string): string {
  return createHmac("sha256", SECRET).update(content).digest("base64url");
}
