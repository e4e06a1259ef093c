import type { Dataset } from "../engine/market-data/dataset.js";

/** Keys of the Arrow schema metadata that every loader writes and every figure prints. */
export const METADATA_KEYS = {
  source: "quantflow.source",
  asOf: "quantflow.asOf",
  rows: "quantflow.rows",
  dataset: "quantflow.dataset",
  excluded: "quantflow.excluded",
} as const;

/** Where a figure's data comes from. */
export interface FigureMetadata {
  readonly source: string;
  /** The trading date (YYYY-MM-DD) or instant (ISO) up to which the data goes; "" when there is none. */
  readonly asOf: string;
  readonly rows: number;
  readonly dataset: Dataset;
  /** A sentence on quarantined rows left out; "" when there are none. */
  readonly excluded: string;
}

export function writeFigureMetadata(metadata: FigureMetadata): Map<string, string> {
  return new Map([
    [METADATA_KEYS.source, metadata.source],
    [METADATA_KEYS.asOf, metadata.asOf],
    [METADATA_KEYS.rows, String(metadata.rows)],
    [METADATA_KEYS.dataset, metadata.dataset],
    [METADATA_KEYS.excluded, metadata.excluded],
  ]);
}

/** What the schema metadata of a loader's table says; texts that are missing are empty, and so many rows `NaN`. */
export function readFigureMetadata(metadata: ReadonlyMap<string, string>): FigureMetadata {
  return {
    source: metadata.get(METADATA_KEYS.source) ?? "",
    asOf: metadata.get(METADATA_KEYS.asOf) ?? "",
    rows: Number(metadata.get(METADATA_KEYS.rows) ?? Number.NaN),
    dataset: metadata.get(METADATA_KEYS.dataset) === "simulated" ? "simulated" : "market",
    excluded: metadata.get(METADATA_KEYS.excluded) ?? "",
  };
}
