/** Where the rows behind a figure come from; the loaders put it in the Arrow schema's metadata. */
export interface Provenance {
  readonly source: string;
  /** A day `YYYY-MM-DD`, or an ISO instant; empty when there are no rows. */
  readonly asOf: string;
  readonly rows: number;
  readonly dataset: "market" | "simulated";
  /** A sentence on quarantined rows that were left out, or empty. */
  readonly excluded: string;
}

/** Reads the metadata of a loader's table. What is absent is said to be unknown, never assumed. */
export function readProvenance(metadata: ReadonlyMap<string, string>): Provenance {
  return {
    source: metadata.get("quantflow.source") || "source not stated",
    asOf: metadata.get("quantflow.asOf") ?? "",
    rows: Number(metadata.get("quantflow.rows") ?? Number.NaN),
    dataset: metadata.get("quantflow.dataset") === "simulated" ? "simulated" : "market",
    excluded: metadata.get("quantflow.excluded") ?? "",
  };
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
