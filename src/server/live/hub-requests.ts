import type { Logger } from "pino";
import type { RawData } from "ws";
import { type ClientMessage, LIVE_CLOSE_CODES } from "../../contracts/live-protocol.js";
import { isWorkbenchError, WorkbenchError } from "../../engine/errors.js";
import type { HubClient } from "./hub-client.js";
import { binaryNotAccepted, named, type RequestId, readClientMessage } from "./hub-client-message.js";
import type { HubLimits } from "./hub-limits.js";
import { socketFrame } from "./hub-socket-frames.js";

export interface HubRequestsOptions {
  readonly limits: HubLimits;
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** Bytes that may wait for a client before it gets no answers to its pings. */
  readonly backlogLimit: () => number;
  /** There is a request to answer with the next flush. */
  readonly onRequest: () => void;
}

/** Messages in a row that cannot be read before the connection is closed. */
const MOST_MISUNDERSTOOD = 20;
const POLICY_VIOLATION = 1008;

/** What clients say, at the pace they are granted, until it is answered. */
export class HubRequests {
  readonly #options: HubRequestsOptions;
  readonly #requesting = new Set<HubClient>();

  constructor(options: HubRequestsOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#requesting.size === 0;
  }

  hear(client: HubClient, data: RawData, isBinary: boolean): void {
    const { limits, nowMs, onRequest } = this.#options;
    client.heard();
    if (!this.#isGranted(client)) return;
    try {
      if (isBinary) throw binaryNotAccepted();
      const message = readClientMessage((data as Buffer).toString("utf8"));
      client.misunderstood = 0;
      if (message.type === "pong") return;
      if (message.type === "ping") {
        client.say({ type: "pong", ...named(message.id), atMs: nowMs() });
        return;
      }
      if (client.requests.length >= limits.messageBurst) throw this.#tooManyMessages();
      client.requests.push(message);
      this.#requesting.add(client);
      onRequest();
    } catch (error) {
      this.refuse(client, error);
      client.misunderstood++;
      if (client.misunderstood >= MOST_MISUNDERSTOOD) {
        client.close(LIVE_CLOSE_CODES.notUnderstood, "too many messages that could not be read");
      }
    }
  }

  answerPing(client: HubClient, data: Buffer): void {
    client.heard();
    // Only the latest ping has to be answered; a client that does not read its answers gets none.
    if (this.#isGranted(client) && client.backlogBytes < this.#options.backlogLimit()) {
      client.send(socketFrame("pong", data));
    }
  }

  /** Answers what waits, of clients that are not slow. */
  answerAll(isSlow: (client: HubClient) => boolean, answer: (client: HubClient, request: ClientMessage) => void): void {
    for (const client of this.#requesting) {
      while (client.requests.length > 0 && client.isOpen && !isSlow(client)) {
        const request = client.requests.shift()!;
        try {
          answer(client, request);
        } catch (error) {
          this.refuse(client, error, "id" in request ? request.id : undefined);
        }
      }
      if (client.requests.length === 0 || !client.isOpen) this.#requesting.delete(client);
    }
  }

  /** Tells a client why it does not get what it asked for. */
  refuse(client: HubClient, error: unknown, requestId?: RequestId): void {
    const known = isWorkbenchError(error)
      ? error
      : new WorkbenchError("INTERNAL", "the server failed; its log has the cause under this connection");
    if (!isWorkbenchError(error) || error.code === "INTERNAL") {
      this.#options.logger.error({ err: error, connection: client.id }, "a live request failed");
    }
    const { id, ...details } = known.details as { id?: RequestId };
    client.say({
      type: "error",
      ...named(requestId ?? id),
      code: known.code,
      message: known.message,
      ...(Object.keys(details).length > 0 && { details }),
    });
  }

  forget(client: HubClient): void {
    this.#requesting.delete(client);
  }

  /** Whether a client may send one more message. One that goes on and on is closed. */
  #isGranted(client: HubClient): boolean {
    if (!client.isOpen) return false;
    if (client.rate.take(performance.now())) {
      client.refused = 0;
      return true;
    }
    client.refused++;
    if (client.refused > this.#options.limits.messageBurst) client.close(POLICY_VIOLATION, "too many messages");
    else this.refuse(client, this.#tooManyMessages());
    return false;
  }

  #tooManyMessages(): WorkbenchError {
    const { messagesPerSecond, messageBurst } = this.#options.limits;
    return new WorkbenchError(
      "RATE_LIMITED",
      `too many messages (accepted: ${messagesPerSecond} a second, ${messageBurst} at once)`,
    );
  }
}
