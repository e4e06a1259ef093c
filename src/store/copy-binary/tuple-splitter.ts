import { WorkbenchError } from "../../engine/errors.js";
import type { CopyRowSink } from "../database.js";
import { COPY_HEADER_BYTES, COPY_SIGNATURE } from "./format.js";

/**
 * Cuts a plain binary COPY stream, in chunks of any size, into whole tuples for a sink.
 * A tuple that straddles two chunks is joined with the next one.
 */
export class CopyTupleSplitter {
  readonly #sink: CopyRowSink;
  #rest: Uint8Array = new Uint8Array(0);
  #rowStarts = new Int32Array(1 << 12);
  #headerSeen = false;
  #ended = false;
  #rowCount = 0;

  constructor(sink: CopyRowSink) {
    this.#sink = sink;
  }

  /** Tuples handed to the sink so far. */
  get rowCount(): number {
    return this.#rowCount;
  }

  async push(chunk: Uint8Array): Promise<void> {
    if (this.#ended || chunk.length === 0) return;
    const bytes = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    if (!this.#headerSeen) {
      if (bytes.length < COPY_HEADER_BYTES) {
        this.#rest = bytes.slice();
        return;
      }
      if (COPY_SIGNATURE.some((byte, i) => bytes[i] !== byte)) {
        throw new WorkbenchError("INTERNAL", "the stream is not a binary COPY: its signature is missing");
      }
      at = COPY_HEADER_BYTES + view.getInt32(COPY_SIGNATURE.length + 4);
      this.#headerSeen = true;
    }
    let rows = 0;
    for (;;) {
      if (at + 2 <= view.byteLength && view.getInt16(at) < 0) this.#ended = true;
      const end = this.#ended ? undefined : tupleEnd(view, at);
      if (end === undefined) break;
      if (rows === this.#rowStarts.length) this.#growRowStarts();
      this.#rowStarts[rows++] = at;
      at = end;
    }
    if (rows > 0) await this.#sink.rows(bytes, this.#rowStarts, rows);
    this.#rowCount += rows;
    this.#rest = bytes.slice(at);
  }

  /** @throws INTERNAL when the stream stopped before its end mark. */
  finish(): number {
    if (!this.#ended) throw new WorkbenchError("INTERNAL", "the binary COPY stream ended before its end mark");
    return this.#rowCount;
  }

  #growRowStarts(): void {
    const grown = new Int32Array(this.#rowStarts.length * 2);
    grown.set(this.#rowStarts);
    this.#rowStarts = grown;
  }
}

/** Offset after the tuple that starts at `start`; `undefined` when the view ends before it. */
export function tupleEnd(view: DataView, start: number): number | undefined {
  if (start + 2 > view.byteLength) return undefined;
  const fields = view.getInt16(start);
  let at = start + 2;
  for (let i = 0; i < fields; i++) {
    if (at + 4 > view.byteLength) return undefined;
    const length = view.getInt32(at);
    at += length < 0 ? 4 : 4 + length;
  }
  return at > view.byteLength ? undefined : at;
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}
