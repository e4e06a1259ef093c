import type { WebSocket } from "ws";
import { WorkbenchError } from "../../engine/errors.js";

const HIGH_WATER_MESSAGES = 64;

/** Messages of a WebSocket, taken one at a time; the sender is paused while many wait. */
export class MessageQueue {
  readonly #socket: WebSocket;
  readonly #waiting: Uint8Array[] = [];
  #taker: { resolve: (message: Uint8Array) => void; reject: (error: Error) => void } | undefined;
  #closed: WorkbenchError | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (message: Buffer) => {
      if (this.#taker) {
        const { resolve } = this.#taker;
        this.#taker = undefined;
        resolve(message);
        return;
      }
      this.#waiting.push(message);
      if (this.#waiting.length === HIGH_WATER_MESSAGES) socket.pause();
    });
    const close = () => {
      this.#closed = new WorkbenchError("DATABASE_UNREACHABLE", "the process that owns the database went away");
      this.#taker?.reject(this.#closed);
    };
    socket.on("close", close);
    socket.on("error", close);
  }

  /** @throws DATABASE_UNREACHABLE when the connection closes first. */
  next(): Promise<Uint8Array> {
    const message = this.#waiting.shift();
    if (message) {
      if (this.#socket.isPaused) this.#socket.resume();
      return Promise.resolve(message);
    }
    if (this.#closed) return Promise.reject(this.#closed);
    return new Promise((resolve, reject) => {
      this.#taker = { resolve, reject };
    });
  }
}

const HIGH_WATER_BYTES = 4 << 20;

/** Sends and, when much is buffered, waits until it has gone out. */
export function sendMessage(socket: WebSocket, message: Uint8Array): void | Promise<void> {
  if (socket.bufferedAmount < HIGH_WATER_BYTES) {
    socket.send(message);
    return;
  }
  return new Promise((resolve) => socket.send(message, () => resolve()));
}
