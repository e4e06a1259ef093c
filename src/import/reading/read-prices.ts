import { stat } from "node:fs/promises";
import type { ImportMapping, MappingField } from "../mapping/import-mapping.js";
import { readArrowTables } from "./arrow-tables.js";
import { fileError, fileHasNoRows } from "./file-error.js";
import { readParquetTables } from "./parquet-tables.js";
import type { PriceBatch } from "./price-batch.js";
import { readBytes, throwIfCancelled } from "./read-bytes.js";
import { readColumnarPrices } from "./read-columnar-prices.js";
import { readCsvPrices } from "./read-csv-prices.js";

export interface ReadProgress {
  /** Bytes of the file on disk, compressed ones of a gzip file. */
  readonly bytesRead: number;
  readonly totalBytes: number;
  readonly rows: number;
}

export interface ReadPricesOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
  /** Rows per batch, rejected ones included; the last batch may hold fewer. */
  readonly batchRows?: number;
}

/**
 * The rows of a price file in batches, in the order of the file.
 *
 * A missing value (empty, `-`, `NaN`, `NA`, `N/A`, `null`) or a column that the file lacks is `NaN`. A row is
 * rejected for a wrong number of fields, an invalid symbol or time, text that is no finite number, or a negative
 * volume. Zero and negative prices pass: quality checks judge them.
 *
 * A failure can come after some batches, as for a gzip file that was cut: commit nothing before the last one.
 * @throws FILE_NOT_FOUND, FILE_IS_FOLDER, FILE_UNREADABLE, FILE_TRUNCATED, FILE_HEADER_INVALID, FILE_HAS_NO_ROWS,
 * FILE_LINE_TOO_LONG, FILE_NOT_TABULAR, CANCELLED
 */
export async function* readPrices(
  path: string,
  mapping: ImportMapping,
  { signal, onProgress, batchRows = 100_000 }: ReadPricesOptions = {},
): AsyncGenerator<PriceBatch, void, undefined> {
  throwIfCancelled(signal);
  const totalBytes = await fileSize(path);
  let bytesRead = 0;
  let rows = 0;
  const reading = {
    signal,
    onBytesRead(count: number) {
      bytesRead = count;
    },
  };
  const batching = {
    batchRows,
    onRows(count: number) {
      rows = count;
      onProgress?.({ bytesRead, totalBytes, rows });
    },
  };
  yield* openPrices(path, mapping, reading, batching);
  onProgress?.({ bytesRead: totalBytes, totalBytes, rows });
  if (rows === 0) throw fileHasNoRows(path);
}

function openPrices(
  path: string,
  mapping: ImportMapping,
  reading: { signal: AbortSignal | undefined; onBytesRead: (bytesRead: number) => void },
  batching: { batchRows: number; onRows: (rows: number) => void },
): AsyncGenerator<PriceBatch, void, undefined> {
  const mapped = Object.values(mapping.columns as Record<MappingField, string>);
  switch (mapping.format.container) {
    case "csv":
      return readCsvPrices(readBytes(path, { ...reading, gzip: mapping.format.gzip }), mapping, batching);
    case "parquet":
      return readColumnarPrices(readParquetTables(path, { ...reading, columnNames: mapped }), mapping, batching);
    case "arrow":
      return readColumnarPrices(readArrowTables(path, { ...reading, columnNames: mapped }), mapping, batching);
  }
}

async function fileSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw fileError(path, error);
  }
}
