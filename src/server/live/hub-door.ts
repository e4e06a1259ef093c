import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { LIVE_PATH } from "../../contracts/live-protocol.js";
import { isOwnWebSocket } from "../security-headers.js";
import type { HubLimits } from "./hub-limits.js";

export interface Guest {
  readonly webSocket: WebSocket;
  /** The connection under `webSocket`. */
  readonly socket: Duplex;
  /** Whether large frames may be compressed without regard to what this client asked of the compression's window. */
  readonly canInflate: boolean;
}

export interface HubDoorOptions {
  readonly limits: HubLimits;
  /** Whether there is room for one more. */
  readonly hasRoom: () => boolean;
  readonly onGuest: (guest: Guest) => void;
}

/** Takes connections that are meant for the stream, and refuses those that may not have it. */
export class HubDoor {
  readonly #options: HubDoorOptions;
  readonly #sockets: WebSocketServer;

  constructor(options: HubDoorOptions) {
    const { messageBytes, closingMs } = options.limits;
    this.#options = options;
    const settings = {
      noServer: true,
      clientTracking: false,
      autoPong: false,
      maxPayload: messageBytes,
      perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true },
      closeTimeout: closingMs,
    };
    this.#sockets = new WebSocketServer(settings);
  }

  /** `false` when the connection is someone else's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const { limits, hasRoom, onGuest } = this.#options;
    if (pathOf(request) !== LIVE_PATH) return false;
    if (!hasRoom()) {
      refuse(socket, "503 Service Unavailable", `too many clients (accepted: ${limits.clients})`);
    } else if (!isOwnWebSocket(request.headers)) {
      refuse(socket, "403 Forbidden", "invalid Origin or Host (accepted: pages of this server)");
    } else {
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) =>
        onGuest({ webSocket, socket, canInflate: canInflate(webSocket, request) }),
      );
    }
    return true;
  }

  close(): void {
    this.#sockets.close();
  }
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}

function canInflate({ extensions }: WebSocket, { headers }: IncomingMessage): boolean {
  return (
    extensions.includes("permessage-deflate") &&
    !headers["sec-websocket-extensions"]?.includes("server_max_window_bits")
  );
}

function refuse(socket: Duplex, status: string, reason: string): void {
  const body = JSON.stringify({
    error: { code: status.startsWith("403") ? "REQUEST_FORBIDDEN" : "RATE_LIMITED", message: reason },
  });
  socket.on("error", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${status.startsWith("503") ? "Retry-After: 5\r\n" : ""}\r\n${body}`,
    () => socket.destroy(),
  );
}
