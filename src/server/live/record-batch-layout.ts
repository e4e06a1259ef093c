/** Announces a message of an Arrow IPC stream. */
export const CONTINUATION = 0xff_ff_ff_ff;
const METADATA_V5 = 4;
const HEADER_IS_RECORD_BATCH = 3;

/** The message of a record batch, in which only counts and places are to be filled in. Offsets are from its start. */
export interface BatchLayout {
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
export function batchLayout(textColumns: number, numberColumns: number): BatchLayout {
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

/** Fills in the counts of a message that was laid out and copied to `at`. */
export function writeCounts(
  view: DataView,
  at: number,
  layout: BatchLayout,
  rowCount: number,
  bodyLength: number,
): void {
  writeInt64(view, at + layout.bodyLengthAt, bodyLength);
  writeInt64(view, at + layout.rowCountAt, rowCount);
  for (let node = 0; node < layout.nodeCount; node++) {
    writeInt64(view, at + layout.nodesAt + 16 * node, rowCount);
    writeInt64(view, at + layout.nodesAt + 16 * node + 8, 0);
  }
}

/** Places of the columns' buffers, relative to the start of the body. */
export class BufferList {
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

/** The next multiple of 8: Arrow's buffers begin there. */
export function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}
