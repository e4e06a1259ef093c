import type { LookupAddress } from "node:dns";
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { WorkbenchError } from "../../../../engine/errors.js";
import { cancelled } from "../throw-if-aborted.js";

export interface PinnedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** The one address that is connected to, whatever the name resolves to by then. */
  readonly address: LookupAddress;
}

export interface PinnedLimits {
  readonly mostBytes: number;
  readonly timeoutMs: number;
}

export interface PinnedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly location: string | undefined;
  readonly bytes: Buffer;
}

/** One request without redirects. @throws HTTP_REQUEST_FAILED, REQUEST_TOO_LARGE, CANCELLED */
export function sendPinned(
  { method, url, headers, body, address }: PinnedRequest,
  { mostBytes, timeoutMs }: PinnedLimits,
  signal: AbortSignal,
): Promise<PinnedAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const options: RequestOptions = {
    method,
    headers: { ...headers, "accept-encoding": "identity" },
    agent: false,
    signal: AbortSignal.any([signal, timeout]),
    lookup: (_hostname, { all }, callback) => {
      if (all) callback(null, [address]);
      else callback(null, address.address, address.family);
    },
  };
  const failed = (problem: string, cause?: unknown) =>
    new WorkbenchError("HTTP_REQUEST_FAILED", `no answer of ${url.host}: ${problem}`, {
      cause,
      details: { host: url.host },
    });
  const failureOf = (cause: Error) => {
    if (signal.aborted) return cancelled(signal);
    return failed(timeout.aborted ? `it took longer than ${timeoutMs} ms` : cause.message, cause);
  };
  return new Promise((done, fail) => {
    const onAnswer = (answer: IncomingMessage) => {
      const tooLarge = () => {
        asking.destroy();
        fail(
          new WorkbenchError(
            "REQUEST_TOO_LARGE",
            `the answer of ${url.host} is larger than ${mostBytes} bytes (accepted: up to ${mostBytes})`,
            { details: { host: url.host, mostBytes } },
          ),
        );
      };
      if (Number(answer.headers["content-length"] ?? 0) > mostBytes) return tooLarge();
      const encoding = answer.headers["content-encoding"] ?? "identity";
      if (encoding !== "identity") {
        asking.destroy();
        return fail(failed(`it is compressed (${encoding.slice(0, 40)}) though that was not accepted`));
      }
      const chunks: Buffer[] = [];
      let length = 0;
      answer.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > mostBytes) return tooLarge();
        chunks.push(chunk);
      });
      answer.once("error", (cause) => fail(failureOf(cause)));
      answer.once("end", () =>
        done({
          status: answer.statusCode!,
          contentType: answer.headers["content-type"] ?? "",
          location: answer.headers.location,
          bytes: Buffer.concat(chunks),
        }),
      );
    };
    let asking: ClientRequest;
    try {
      asking = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, options, onAnswer);
    } catch (cause) {
      // Characters that no header may have.
      fail(new WorkbenchError("REQUEST_INVALID", `invalid request: ${(cause as Error).message}`, { cause }));
      return;
    }
    asking.once("error", (cause) => fail(failureOf(cause)));
    asking.end(body);
  });
}
