import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

export const TEXT = 1;
export const BINARY = 2;
export const CONTINUATION = 0;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

export interface RawFrameOptions {
  readonly isFinal?: boolean;
  /** The three reserved bits, as a number. */
  readonly reserved?: number;
  readonly isMasked?: boolean;
  /** What the header says; the payload may be shorter. */
  readonly claimedLength?: number;
}

/** A frame as RFC 6455, section 5.2 lays it out, or as it forbids. */
export function rawFrame(opcode: number, payload: Uint8Array | string = "", options: RawFrameOptions = {}): Buffer {
  const { isFinal = true, reserved = 0, isMasked = true } = options;
  const data = Buffer.from(payload as string);
  const length = options.claimedLength ?? data.length;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  header[1] = (isMasked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  if (!isMasked) return Buffer.concat([header, data]);
  const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
  return Buffer.concat([header, mask, data.map((byte, i) => byte ^ mask[i % 4]!)]);
}

export function closePayload(code: number, reason: string | Buffer = ""): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, Buffer.from(reason as string)]);
}

export interface ReceivedFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A client of which the test writes every byte. It keeps the frames that come, and answers none. */
export class RawClient {
  readonly frames: ReceivedFrame[] = [];
  isEnded = false;
  readonly socket: Socket;
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    socket.setNoDelay();
    const client = new RawClient(socket);
    socket.on("error", () => {});
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    const isOpen = new Promise<void>((resolve, reject) => {
      let head = Buffer.alloc(0);
      const take = (data: Buffer) => {
        head = Buffer.concat([head, data]);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!head.toString("latin1").startsWith("HTTP/1.1 101")) reject(new Error(head.toString("latin1")));
        socket.off("data", take);
        socket.on("data", (later: Buffer) => client.#take(later));
        client.#take(head.subarray(end + 4));
        resolve();
      };
      socket.on("data", take);
    });
    socket.on("end", () => {
      client.isEnded = true;
    });
    socket.on("close", () => {
      client.isEnded = true;
    });
    await isOpen;
    return client;
  }

  async write(bytes: Uint8Array, { chopBytes = bytes.length }: { chopBytes?: number } = {}): Promise<void> {
    for (let at = 0; at < bytes.length && !this.socket.destroyed; at += chopBytes) {
      if (!this.socket.write(bytes.subarray(at, at + chopBytes))) {
        await Promise.race([once(this.socket, "drain"), once(this.socket, "close")]).catch(() => {});
      }
      if (chopBytes < bytes.length) await nextTurn();
    }
  }

  /** Code of the close frame that came; `undefined` without one, 1005 when it has none. */
  get closeCode(): number | undefined {
    const close = this.frames.find(({ opcode }) => opcode === CLOSE);
    if (!close) return undefined;
    return close.payload.length >= 2 ? close.payload.readUInt16BE(0) : 1005;
  }

  get texts(): string[] {
    return this.frames.filter(({ opcode }) => opcode === TEXT).map(({ payload }) => payload.toString("utf8"));
  }

  get pongs(): string[] {
    return this.frames.filter(({ opcode }) => opcode === PONG).map(({ payload }) => payload.toString("latin1"));
  }

  end(): void {
    this.socket.destroy();
  }

  #take(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    for (;;) {
      const bytes = this.#received;
      if (bytes.length < 2) return;
      const short = bytes[1]! & 0x7f;
      const headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length < headerBytes) return;
      const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
      if (bytes.length < headerBytes + length) return;
      this.frames.push({ opcode: bytes[0]! & 0x0f, payload: bytes.subarray(headerBytes, headerBytes + length) });
      this.#received = bytes.subarray(headerBytes + length);
    }
  }
}
