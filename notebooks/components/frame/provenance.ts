import { type FigureMetadata, readFigureMetadata } from "../../contracts/figure-metadata.js";

/** Where the rows behind a figure come from; the loaders put it in the Arrow schema's metadata. */
export type Provenance = FigureMetadata;

/** Reads the metadata of a loader's table. A source that is absent is said to be unknown, never assumed. */
export function readProvenance(metadata: ReadonlyMap<string, string>): Provenance {
  const figure = readFigureMetadata(metadata);
  return { ...figure, source: figure.source || "source not stated" };
}

/** `as of 2026-04-10 · imported: vn100.csv · 339,825 rows`, the line below a figure. */
export function provenanceLine({ asOf, source, rows, excluded }: Provenance): string {
  const parts = [
    asOf && `as of ${asOf}`,
    source,
    Number.isFinite(rows) && `${rows.toLocaleString("en-US")} ${rows === 1 ? "row" : "rows"}`,
    excluded,
  ];
  return parts.filter(Boolean).join(" · ");
}
