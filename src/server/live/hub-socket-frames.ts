import { deflateRawSync, constants as zlib } from "node:zlib";

/*
 * Frames of the WebSocket protocol (RFC 6455, section 5.2) as a server sends them: unmasked and whole. They are made
 * once and written to the sockets of all clients that get the same.
 */

const OPCODES = { text: 0x1, binary: 0x2, ping: 0x9, pong: 0xa } as const;
const FINAL = 0x80;
/** Set on a message that permessage-deflate has compressed (RFC 7692, section 6). */
const COMPRESSED = 0x40;
/** What RFC 7692, section 7.2.1 has removed from the end. */
const DEFLATE_TAIL_BYTES = 4;

export function socketFrame(kind: keyof typeof OPCODES, payload: Uint8Array): Buffer {
  return frame(FINAL | OPCODES[kind], payload);
}

export function textFrame(message: object): Buffer {
  return socketFrame("text", Buffer.from(JSON.stringify(message)));
}

/** A binary message for clients with `permessage-deflate` and `server_no_context_takeover`. */
export function deflatedFrame(payload: Uint8Array): Buffer {
  const deflated = deflateRawSync(payload, { level: zlib.Z_BEST_SPEED, finishFlush: zlib.Z_SYNC_FLUSH });
  return frame(FINAL | COMPRESSED | OPCODES.binary, deflated.subarray(0, -DEFLATE_TAIL_BYTES));
}

function frame(firstByte: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const headerBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headerBytes + length);
  bytes[0] = firstByte;
  if (headerBytes === 2) {
    bytes[1] = length;
  } else if (headerBytes === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    bytes.writeUInt32BE(length % 2 ** 32, 6);
  }
  bytes.set(payload, headerBytes);
  return bytes;
}
