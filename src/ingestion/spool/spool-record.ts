import { crc32 } from "node:zlib";

/*
 * A record of a segment: mark, length of the payload, CRC-32 of what follows it, number of the record in its segment
 * from 1, ticks in the payload (five uint32, big-endian), payload.
 */
const MARK = 0x51465331;
export const RECORD_HEADER_BYTES = 20;
/** Nothing longer is written, so a length above it is damage. */
export const LONGEST_PAYLOAD_BYTES = 1 << 26;

export interface SpoolRecord {
  readonly number: number;
  readonly ticks: number;
  readonly payload: Uint8Array;
  /** Offset of what comes after it, in the bytes or the segment it was read from. */
  readonly end: number;
}

/** One buffer that holds the record whole. */
export function encodeRecord(number: number, ticks: number, parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const record = Buffer.allocUnsafe(RECORD_HEADER_BYTES + length);
  record.writeUInt32BE(MARK, 0);
  record.writeUInt32BE(length, 4);
  record.writeUInt32BE(number, 12);
  record.writeUInt32BE(ticks, 16);
  let at = RECORD_HEADER_BYTES;
  for (const part of parts) {
    record.set(part, at);
    at += part.length;
  }
  record.writeUInt32BE(crc32(record.subarray(12)), 8);
  return record;
}

/**
 * The record at `at`. `cut` when the bytes end before it does, which may be damage to its length as well; `damaged`
 * when it is no record.
 */
export function recordAt(bytes: Buffer, at: number): SpoolRecord | "cut" | "damaged" {
  if (at + RECORD_HEADER_BYTES > bytes.length) return "cut";
  const length = bytes.readUInt32BE(at + 4);
  if (bytes.readUInt32BE(at) !== MARK || length > LONGEST_PAYLOAD_BYTES) return "damaged";
  const end = at + RECORD_HEADER_BYTES + length;
  if (end > bytes.length) return "cut";
  if (crc32(bytes.subarray(at + 12, end)) !== bytes.readUInt32BE(at + 8)) return "damaged";
  return {
    number: bytes.readUInt32BE(at + 12),
    ticks: bytes.readUInt32BE(at + 16),
    payload: bytes.subarray(at + RECORD_HEADER_BYTES, end),
    end,
  };
}

/** Bytes that a record at `at` takes by its header; `undefined` when there is no header. */
export function recordLengthAt(bytes: Buffer, at: number): number | undefined {
  if (at + RECORD_HEADER_BYTES > bytes.length || bytes.readUInt32BE(at) !== MARK) return undefined;
  const length = bytes.readUInt32BE(at + 4);
  return length > LONGEST_PAYLOAD_BYTES ? undefined : RECORD_HEADER_BYTES + length;
}

/** Offset of the first whole record at or behind `from`; `undefined` when there is none. */
export function nextRecordStart(bytes: Buffer, from: number): number | undefined {
  const mark = Buffer.alloc(4);
  mark.writeUInt32BE(MARK);
  for (let at = bytes.indexOf(mark, from); at >= 0; at = bytes.indexOf(mark, at + 1)) {
    if (typeof recordAt(bytes, at) === "object") return at;
  }
  return undefined;
}
