import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { ClientMessage, ServerMessage } from "../../contracts/live-protocol.js";
import { type Interest, interestIn } from "./hub-interest.js";
import type { HubLimits } from "./hub-limits.js";
import { MessageRate } from "./hub-message-rate.js";
import type { HubReplay } from "./hub-replay.js";
import { textFrame } from "./hub-socket-frames.js";

/** What was kept from a client that does not read fast enough. */
export interface Behind {
  /** What changed later than this it has not seen. */
  readonly afterSequence: number;
  readonly sinceMs: number;
  ticks: number;
  quotes: number;
}

export interface HubClientOptions {
  readonly id: string;
  readonly webSocket: WebSocket;
  /** The connection under `webSocket`. Shared frames go straight to it. */
  readonly socket: Duplex;
  readonly canInflate: boolean;
  readonly limits: HubLimits;
}

/** One connection and what the hub knows of it. Instants are of `performance.now()`. */
export class HubClient {
  readonly id: string;
  readonly canInflate: boolean;
  readonly rate: MessageRate;
  readonly channels = new Set<string>();
  interest: Interest = interestIn([]);
  lastHeardAtMs: number;
  behind: Behind | undefined;
  /** The board was filled anew and this client has not seen it yet. */
  needsSnapshot = false;
  replay: HubReplay | undefined;
  /** Ends what it hears on channels that are not of the market. */
  readonly listening = new Map<string, () => void>();
  /** Requests that wait for the next flush. */
  readonly requests: ClientMessage[] = [];
  /** Messages in a row that could not be read, or came too fast. */
  misunderstood = 0;
  refused = 0;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #closingMs: number;

  constructor({ id, webSocket, socket, canInflate, limits }: HubClientOptions) {
    const nowMs = performance.now();
    this.id = id;
    this.canInflate = canInflate;
    this.rate = new MessageRate(limits.messagesPerSecond, limits.messageBurst, nowMs);
    this.lastHeardAtMs = nowMs;
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#closingMs = limits.closingMs;
  }

  get isOpen(): boolean {
    return this.#webSocket.readyState === WebSocket.OPEN;
  }

  /** Bytes that the connection has not taken yet. */
  get backlogBytes(): number {
    return this.#socket.writableLength;
  }

  heard(): void {
    this.lastHeardAtMs = performance.now();
  }

  /** Sends whole frames; nothing when the connection is closing. */
  send(frames: Buffer): void {
    if (frames.length > 0 && this.isOpen) this.#socket.write(frames);
  }

  say(message: ServerMessage): void {
    this.send(textFrame(message));
  }

  /** A message of a channel that is not of the market. */
  tell(message: object): void {
    this.send(textFrame(message));
  }

  /** Resolves when most of what was sent has left, or the connection is closed. */
  async drained(mostBytes: number): Promise<void> {
    while (this.isOpen && this.backlogBytes > mostBytes) {
      await new Promise<void>((resolve) => {
        const settle = () => {
          this.#socket.off("drain", settle).off("close", settle);
          resolve();
        };
        this.#socket.once("drain", settle).once("close", settle);
      });
    }
  }

  /** Resolves when the connection is gone. */
  async closed(): Promise<void> {
    if (this.#webSocket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => this.#webSocket.once("close", () => resolve()));
  }

  /** Says goodbye, and hangs up on a client that does not answer. */
  close(code: number, reason: string): void {
    if (this.#webSocket.readyState === WebSocket.CLOSED) return;
    this.#webSocket.close(code, reason);
    setTimeout(() => this.#webSocket.terminate(), this.#closingMs).unref();
  }
}
