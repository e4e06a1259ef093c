import { Field, Float64, Schema, Table, tableToIPC, Utf8 } from "apache-arrow";
import { LIVE_METADATA_KEYS, LIVE_TABLES, type LiveTableName } from "../../contracts/live-tables.js";
import type { IndexLevel, PriceLevel, Tick } from "../../engine/live-market/market-event.js";
import type { SymbolQuote } from "../../engine/live-market/symbol-quote.js";
import type { Dataset } from "../../engine/market-data/dataset.js";

/** What the schema metadata of a frame says beside the table's name. */
export interface FrameLabel {
  readonly epoch: string;
  readonly sequence: number;
  readonly isSnapshot: boolean;
  readonly dataset: Dataset;
}

/** One row of the table `books`. */
export interface BookRow {
  readonly symbol: string;
  readonly side: "B" | "S" | "";
  readonly level: number;
  readonly price: number;
  readonly quantity: number;
  readonly eventTimeMs: number;
}

/** What a row of each table is made from. */
export interface LiveRows {
  readonly ticks: Tick;
  readonly quotes: SymbolQuote;
  readonly books: BookRow;
  readonly indexes: IndexLevel;
}

type Columns<Name extends LiveTableName, Row> = {
  readonly text: Record<(typeof LIVE_TABLES)[Name]["text"][number], (row: Row) => string>;
  readonly numbers: Record<(typeof LIVE_TABLES)[Name]["numbers"][number], (row: Row) => number>;
};

const COLUMNS: { readonly [Name in LiveTableName]: Columns<Name, LiveRows[Name]> } = {
  ticks: {
    text: { symbol: (tick) => tick.symbol, board: (tick) => tick.board, side: (tick) => tick.side, session: sessionOf },
    numbers: {
      event_time: (tick) => tick.eventTimeMs,
      received_at: (tick) => tick.receivedAtMs,
      price: (tick) => tick.price,
      quantity: (tick) => tick.quantity,
      cumulative_volume: (tick) => tick.cumulativeVolume,
      backfilled: (tick) => (tick.isBackfill ? 1 : 0),
    },
  },
  quotes: {
    text: { symbol: (quote) => quote.symbol, session: sessionOf },
    numbers: {
      price: (quote) => quote.price,
      reference: (quote) => quote.reference,
      ceiling: (quote) => quote.ceiling,
      floor: (quote) => quote.floor,
      change: (quote) => quote.change,
      open: (quote) => quote.open,
      high: (quote) => quote.high,
      low: (quote) => quote.low,
      last_quantity: (quote) => quote.lastQuantity,
      cumulative_volume: (quote) => quote.cumulativeVolume,
      cumulative_value: (quote) => quote.cumulativeValue,
      odd_lot_volume: (quote) => quote.oddLotVolume,
      put_through_volume: (quote) => quote.putThroughVolume,
      event_time: (quote) => quote.eventTimeMs,
      received_at: (quote) => quote.receivedAtMs,
    },
  },
  books: {
    text: { symbol: (row) => row.symbol, side: (row) => row.side },
    numbers: {
      level: (row) => row.level,
      price: (row) => row.price,
      quantity: (row) => row.quantity,
      event_time: (row) => row.eventTimeMs,
    },
  },
  indexes: {
    text: { symbol: (index) => index.symbol },
    numbers: {
      value: (index) => index.value,
      prior_value: (index) => index.priorValue,
      cumulative_volume: (index) => index.cumulativeVolume,
      cumulative_value: (index) => index.cumulativeValue,
      advances: (index) => index.advances,
      declines: (index) => index.declines,
      unchanged: (index) => index.unchanged,
      at_ceiling: (index) => index.atCeiling,
      at_floor: (index) => index.atFloor,
      event_time: (index) => index.eventTimeMs,
      received_at: (index) => index.receivedAtMs,
    },
  },
};

function sessionOf({ session }: { readonly session: string }): string {
  return session;
}

const SEQUENCE_DIGITS = 16;
const SEQUENCE_SENTINEL = "0123456789012345";
const END_OF_STREAM_BYTES = 8;
const CONTINUATION = 0xff_ff_ff_ff;
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
    const { text, numbers } = COLUMNS[table];
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

/** The message of a record batch, in which only counts and places are to be filled in. Offsets are from its start. */
interface BatchLayout {
  readonly bytes: Uint8Array;
  readonly bodyLengthAt: number;
  readonly rowCountAt: number;
  readonly nodesAt: number;
  readonly nodeCount: number;
  readonly buffersAt: number;
}

const layouts = new Map<number, BatchLayout>();

/**
 * Lays out the FlatBuffers message of a record batch (Arrow's Message.fbs): the prefix of an encapsulated message, the
 * table `Message` with the table `RecordBatch` in it, and its two vectors of structs, each number where FlatBuffers
 * wants it aligned.
 */
function batchLayout(textColumns: number, numberColumns: number): BatchLayout {
  const known = layouts.get(textColumns * 1_000 + numberColumns);
  if (known) return known;
  const nodeCount = textColumns + numberColumns;
  const bufferCount = 3 * textColumns + 2 * numberColumns;
  const PREFIX = 8;
  const MESSAGE_VTABLE = PREFIX + 4;
  const MESSAGE = PREFIX + 16;
  const BATCH_VTABLE = PREFIX + 36;
  const BATCH = PREFIX + 48;
  const NODES = PREFIX + 68;
  const BUFFERS = NODES + 4 + 16 * nodeCount + 4;
  const length = BUFFERS + 4 + 16 * bufferCount;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  const uint16s = (at: number, ...values: number[]) => {
    for (const [i, value] of values.entries()) view.setUint16(at + 2 * i, value, true);
  };
  const reference = (at: number, target: number) => view.setUint32(at, target - at, true);

  view.setUint32(0, CONTINUATION);
  view.setUint32(4, length - PREFIX, true);
  reference(PREFIX, MESSAGE);
  // Size of the vtable, size of the table, then where version, header type, header and body length are in the table.
  uint16s(MESSAGE_VTABLE, 12, 20, 16, 18, 4, 8);
  view.setInt32(MESSAGE, MESSAGE - MESSAGE_VTABLE, true);
  reference(MESSAGE + 4, BATCH);
  view.setInt16(MESSAGE + 16, METADATA_V5, true);
  view.setUint8(MESSAGE + 18, HEADER_IS_RECORD_BATCH);
  // The same for length, nodes and buffers.
  uint16s(BATCH_VTABLE, 10, 20, 8, 4, 16);
  view.setInt32(BATCH, BATCH - BATCH_VTABLE, true);
  reference(BATCH + 4, NODES);
  reference(BATCH + 16, BUFFERS);
  view.setUint32(NODES, nodeCount, true);
  view.setUint32(BUFFERS, bufferCount, true);

  const layout: BatchLayout = {
    bytes,
    bodyLengthAt: MESSAGE + 8,
    rowCountAt: BATCH + 8,
    nodesAt: NODES + 4,
    nodeCount,
    buffersAt: BUFFERS + 4,
  };
  layouts.set(textColumns * 1_000 + numberColumns, layout);
  return layout;
}

const METADATA_V5 = 4;
const HEADER_IS_RECORD_BATCH = 3;

function writeCounts(view: DataView, at: number, layout: BatchLayout, rowCount: number, bodyLength: number): void {
  writeInt64(view, at + layout.bodyLengthAt, bodyLength);
  writeInt64(view, at + layout.rowCountAt, rowCount);
  for (let node = 0; node < layout.nodeCount; node++) {
    writeInt64(view, at + layout.nodesAt + 16 * node, rowCount);
    writeInt64(view, at + layout.nodesAt + 16 * node + 8, 0);
  }
}

/** Places of the columns' buffers, relative to the start of the body. */
class BufferList {
  readonly #view: DataView;
  readonly #bodyAt: number;
  #at: number;

  constructor(view: DataView, at: number, bodyAt: number) {
    this.#view = view;
    this.#at = at;
    this.#bodyAt = bodyAt;
  }

  add(at: number, length: number): void {
    writeInt64(this.#view, this.#at, at - this.#bodyAt);
    writeInt64(this.#view, this.#at + 8, length);
    this.#at += 16;
  }
}

/** Frames are far below 4 GB. */
function writeInt64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true);
  view.setUint32(at + 4, 0, true);
}

function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** The rows of a quote's book. */
export function bookRows(quote: SymbolQuote): BookRow[] {
  const { symbol, eventTimeMs } = quote;
  const rowsOf = (side: "B" | "S", levels: readonly PriceLevel[]) =>
    levels.map(({ price, quantity }, i): BookRow => ({ symbol, side, level: i + 1, price, quantity, eventTimeMs }));
  const rows = [...rowsOf("B", quote.bids), ...rowsOf("S", quote.asks)];
  return rows.length > 0 ? rows : [{ symbol, side: "", level: 0, price: Number.NaN, quantity: 0, eventTimeMs }];
}
