import type { FileHandle } from "node:fs/promises";
import { nextRecordStart, RECORD_HEADER_BYTES, recordAt, recordLengthAt, type SpoolRecord } from "./spool-record.js";

export interface SegmentRead {
  readonly records: readonly SpoolRecord[];
  /** Offset in the segment to go on from. */
  readonly next: number;
  /** Offsets of bytes that hold no whole record; no records are given with it. */
  readonly damage: { readonly from: number; readonly to: number } | undefined;
}

/** A buffer of at least `length` bytes, which may be the same every time. */
export type BufferSource = (length: number) => Buffer;

/**
 * Whole records of the bytes `from` … `end` of a segment, at least one unless the bytes are damaged or none are left,
 * and no more than fit into `maxBytes` when that is enough for one. They lie in the buffer of `bufferOf`.
 */
export async function readRecords(
  file: FileHandle,
  { from, end, maxBytes }: { from: number; end: number; maxBytes: number },
  bufferOf: BufferSource,
): Promise<SegmentRead> {
  const length = Math.min(maxBytes, end - from);
  const bytes = await readBytes(file, from, length, bufferOf);
  const records: SpoolRecord[] = [];
  let at = 0;
  while (at < bytes.length) {
    const record = recordAt(bytes, at);
    if (typeof record === "string") {
      if (records.length > 0) break;
      const whole = bytes.length < RECORD_HEADER_BYTES ? RECORD_HEADER_BYTES : recordLengthAt(bytes, 0);
      if (record === "cut" && from + length < end && whole !== undefined && from + whole <= end) {
        return readRecords(file, { from, end, maxBytes: whole }, bufferOf);
      }
      return { records, ...(await skipDamage(file, from, end)) };
    }
    records.push({ ...record, end: from + record.end });
    at = record.end;
  }
  return { records, next: from + at, damage: undefined };
}

async function skipDamage(file: FileHandle, from: number, end: number): Promise<Pick<SegmentRead, "next" | "damage">> {
  const rest = await readBytes(file, from, end - from, (length) => Buffer.allocUnsafe(length));
  const to = from + (nextRecordStart(rest, 1) ?? rest.length);
  return { next: to, damage: { from, to } };
}

async function readBytes(file: FileHandle, from: number, length: number, bufferOf: BufferSource): Promise<Buffer> {
  const buffer = bufferOf(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await file.read(buffer, at, length - at, from + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return buffer.subarray(0, at);
}
