import { WorkbenchError } from "../../engine/errors.js";
import type { CopyRowSink } from "../database.js";
import type { ColumnBuilder } from "./column-builders.js";

/** Decodes the tuples of a binary COPY into column builders, one per selected column, in place. */
export class CopyColumnDecoder implements CopyRowSink {
  readonly #builders: readonly ColumnBuilder[];
  #fieldStarts = new Int32Array(0);
  #rowCount = 0;

  constructor(builders: readonly ColumnBuilder[]) {
    this.#builders = builders;
  }

  /** Rows taken since the start or the last `reset`. */
  get rowCount(): number {
    return this.#rowCount;
  }

  reset(): void {
    for (const builder of this.#builders) builder.reset();
    this.#rowCount = 0;
  }

  rows(bytes: Uint8Array, rowStarts: Int32Array, rowCount: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const columnCount = this.#builders.length;
    if (this.#fieldStarts.length < rowCount * columnCount) this.#fieldStarts = new Int32Array(rowCount * columnCount);
    locateFields(view, rowStarts, rowCount, columnCount, this.#fieldStarts);
    for (let column = 0; column < columnCount; column++) {
      this.#builders[column]!.append(view, this.#fieldStarts, column, columnCount, rowCount);
    }
    this.#rowCount += rowCount;
  }
}

function locateFields(
  view: DataView,
  rowStarts: Int32Array,
  rowCount: number,
  columnCount: number,
  fieldStarts: Int32Array,
): void {
  let to = 0;
  for (let row = 0; row < rowCount; row++) {
    let at = rowStarts[row]!;
    const fields = view.getInt16(at);
    if (fields !== columnCount) {
      throw new WorkbenchError("INTERNAL", `COPY gave ${fields} fields where ${columnCount} were selected`);
    }
    at += 2;
    for (let column = 0; column < columnCount; column++) {
      const length = view.getInt32(at);
      at += 4;
      if (length < 0) {
        fieldStarts[to++] = -1;
      } else {
        fieldStarts[to++] = at;
        at += length;
      }
    }
  }
}
