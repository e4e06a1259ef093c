import { Field, Float64, Schema, Table, tableToIPC, Utf8 } from "apache-arrow";
import { LIVE_METADATA_KEYS, LIVE_TABLES, type LiveTableName } from "../../contracts/live-tables.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { LIVE_COLUMNS, type LiveRows } from "./live-columns.js";
import { aligned, BufferList, batchLayout, CONTINUATION, writeCounts } from "./record-batch-layout.js";

/** What the schema metadata of a frame says beside the table's name. */
export interface FrameLabel {
  readonly epoch: string;
  readonly sequence: number;
  readonly isSnapshot: boolean;
  readonly dataset: Dataset;
}

const SEQUENCE_DIGITS = 16;
const SEQUENCE_SENTINEL = "0123456789012345";
const END_OF_STREAM_BYTES = 8;
const EPOCHS_KEPT = 64;

/** Schema message of a frame, in which only the sequence is to be filled in. */
interface FrameHead {
  readonly bytes: Uint8Array;
  readonly sequenceAt: number;
}

/**
 * Writes the tables of the stream as Arrow IPC streams of one record batch. Rows are few and frames are many, so the
 * schema is encoded once per epoch and the record batch is laid out by hand, without objects in between.
 *
 * Text columns hold symbols and names of this program, which are ASCII.
 */
export class ArrowFrameWriter {
  readonly #heads = new Map<string, FrameHead>();
  #scratch = new ArrayBuffer(65_536);

  /** @returns bytes that hold until the next call */
  write<Name extends LiveTableName>(table: Name, rows: readonly LiveRows[Name][], label: FrameLabel): Uint8Array {
    const { text, numbers } = LIVE_COLUMNS[table];
    const texts = Object.values(text) as ((row: LiveRows[Name]) => string)[];
    const values = Object.values(numbers) as ((row: LiveRows[Name]) => number)[];
    const head = this.#head(table, label);
    const batch = batchLayout(texts.length, values.length);

    const bodyAt = head.bytes.length + batch.bytes.length;
    const offsetBytes = aligned(4 * (rows.length + 1));
    let longest = 0;
    for (const read of texts) for (const row of rows) longest += read(row).length;
    const most = bodyAt + texts.length * (offsetBytes + 8) + longest + values.length * 8 * rows.length;
    this.#reserve(most + END_OF_STREAM_BYTES);

    const bytes = new Uint8Array(this.#scratch);
    const view = new DataView(this.#scratch);
    bytes.set(head.bytes);
    writeDigits(bytes, head.sequenceAt, label.sequence);
    bytes.set(batch.bytes, head.bytes.length);
    const buffers = new BufferList(view, head.bytes.length + batch.buffersAt, bodyAt);
    let at = bodyAt;
    for (const read of texts) {
      const offsets = new Int32Array(this.#scratch, at, rows.length + 1);
      const from = at + offsetBytes;
      const to = writeText(bytes, offsets, from, rows, read);
      bytes.fill(0, at + 4 * (rows.length + 1), from);
      bytes.fill(0, to, aligned(to));
      buffers.add(at, 0);
      buffers.add(at, 4 * (rows.length + 1));
      buffers.add(from, to - from);
      at = aligned(to);
    }
    for (const read of values) {
      const column = new Float64Array(this.#scratch, at, rows.length);
      for (let row = 0; row < rows.length; row++) column[row] = read(rows[row]!);
      buffers.add(at, 0);
      buffers.add(at, 8 * rows.length);
      at += 8 * rows.length;
    }
    writeCounts(view, head.bytes.length, batch, rows.length, at - bodyAt);
    view.setUint32(at, CONTINUATION);
    view.setUint32(at + 4, 0);
    return bytes.subarray(0, at + END_OF_STREAM_BYTES);
  }

  #reserve(length: number): void {
    if (this.#scratch.byteLength >= length) return;
    this.#scratch = new ArrayBuffer(2 ** Math.ceil(Math.log2(length)));
  }

  #head(table: LiveTableName, { epoch, dataset, isSnapshot }: FrameLabel): FrameHead {
    const key = `${table} ${dataset} ${isSnapshot} ${epoch}`;
    let head = this.#heads.get(key);
    if (!head) {
      if (this.#heads.size >= EPOCHS_KEPT) this.#heads.delete(this.#heads.keys().next().value!);
      head = frameHead(table, epoch, dataset, isSnapshot);
      this.#heads.set(key, head);
    }
    return head;
  }
}

function frameHead(table: LiveTableName, epoch: string, dataset: Dataset, isSnapshot: boolean): FrameHead {
  const fields = [
    ...LIVE_TABLES[table].text.map((name) => new Field(name, new Utf8(), false)),
    ...LIVE_TABLES[table].numbers.map((name) => new Field(name, new Float64(), false)),
  ];
  const metadata = new Map<string, string>([
    [LIVE_METADATA_KEYS.table, table],
    [LIVE_METADATA_KEYS.epoch, epoch],
    [LIVE_METADATA_KEYS.sequence, SEQUENCE_SENTINEL],
    [LIVE_METADATA_KEYS.snapshot, isSnapshot ? "1" : "0"],
    [LIVE_METADATA_KEYS.dataset, dataset],
  ]);
  const stream = Buffer.from(tableToIPC(new Table(new Schema(fields, metadata)), "stream"));
  const bytes = stream.subarray(0, 8 + stream.readInt32LE(4));
  return { bytes, sequenceAt: bytes.lastIndexOf(SEQUENCE_SENTINEL) };
}

function writeDigits(bytes: Uint8Array, at: number, sequence: number): void {
  let rest = sequence;
  for (let digit = SEQUENCE_DIGITS - 1; digit >= 0; digit--) {
    const tenth = Math.floor(rest / 10);
    bytes[at + digit] = 48 + (rest - tenth * 10);
    rest = tenth;
  }
}

function writeText<Row>(
  bytes: Uint8Array,
  offsets: Int32Array,
  from: number,
  rows: readonly Row[],
  read: (row: Row) => string,
): number {
  let at = from;
  offsets[0] = 0;
  for (let row = 0; row < rows.length; row++) {
    const text = read(rows[row]!);
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    offsets[row + 1] = at - from;
  }
  return at;
}
