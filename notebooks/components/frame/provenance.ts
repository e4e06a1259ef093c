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

/** The same with only the first of several files: `vn100.csv, brent.csv and 2 more` is `vn100.csv and 3 more`. */
export function shortSource(source: string): string {
  const [first = "", ...others] = source.split(", ");
  const more = / and (\d+) more$/.exec(source);
  const named = more ? others.length + Number(more[1]) : others.length;
  if (others.length === 0) return source;
  return `${first} and ${named} more`;
}
