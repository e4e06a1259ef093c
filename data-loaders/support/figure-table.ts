import { type FigureMetadata, writeFigureMetadata } from "../../src/contracts/figure-metadata.js";
import { type ArrowColumns, arrowStream, arrowTable } from "../../src/store/arrow/arrow-table.js";

/** Columns as an Arrow IPC stream whose schema metadata says where they come from. */
export function figureTable(columns: ArrowColumns, metadata: FigureMetadata): Uint8Array {
  return arrowStream(arrowTable(columns, metadata.rows, writeFigureMetadata(metadata)));
}
