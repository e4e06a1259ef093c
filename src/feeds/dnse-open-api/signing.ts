import { createHmac, randomUUID } from "node:crypto";

export interface ApiCredentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

export interface RequestSigning extends ApiCredentials {
  readonly dateHeader: "Date" | "X-Aux-Date";
  readonly dateZone: "+0000" | "GMT";
  readonly apiVersion: string;
}

/**
 * Headers that sign a request. What is signed is the method, the path without its query, the date and a nonce that is
 * used once; the nonce travels in the signature's header only.
 */
export function signedHeaders(
  method: string,
  path: string,
  { apiKey, apiSecret, dateHeader, dateZone, apiVersion }: RequestSigning,
  nowMs: number,
  nonce: string = randomUUID().replaceAll("-", ""),
): Record<string, string> {
  const date = httpDate(nowMs, dateZone);
  const name = dateHeader.toLowerCase();
  const signed = `(request-target): ${method.toLowerCase()} ${path}\n${name}: ${date}\nnonce: ${nonce}`;
  const signature = encodeURIComponent(createHmac("sha256", apiSecret).update(signed).digest("base64"));
  return {
    "x-api-key": apiKey,
    [dateHeader]: date,
    "X-Signature":
      `Signature keyId="${apiKey}",algorithm="hmac-sha256",headers="(request-target) ${name}",` +
      `signature="${signature}",nonce="${nonce}"`,
    version: apiVersion,
  };
}

/** `Fri, 16 Jan 2026 07:11:30 +0000` */
export function httpDate(instantMs: number, zone: "+0000" | "GMT"): string {
  return new Date(instantMs).toUTCString().replace("GMT", zone);
}

export interface StreamAuthentication {
  readonly action: "auth";
  readonly api_key: string;
  /** Hexadecimal. */
  readonly signature: string;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly nonce: string;
}

/** The message that signs a stream in. A nonce is good for one use, on one stream. */
export function streamAuthentication(
  { apiKey, apiSecret }: ApiCredentials,
  nowMs: number,
  nonce: string,
): StreamAuthentication {
  const timestamp = Math.floor(nowMs / 1_000);
  const signature = createHmac("sha256", apiSecret).update(`${apiKey}:${timestamp}:${nonce}`).digest("hex");
  return { action: "auth", api_key: apiKey, signature, timestamp, nonce };
}

/** Nonces as the broker recommends them: the time in microseconds, never the same twice. */
export function nonceSource(nowMs: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(Math.floor(nowMs() * 1_000), last + 1);
    return String(last);
  };
}
