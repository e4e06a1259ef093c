import type { Table } from "npm:apache-arrow";
import type { VerdictKind } from "../../engine/lead-lag/study-verdict.js";
import { numberColumn, numberListColumn, textColumn } from "../arrow-columns.js";
import type { ScreenRow } from "./screen-row.js";

/** The pairs of the stored screen. */
export function readScreen(table: Table): ScreenRow[] {
  const text = (name: string) => textColumn(table, name);
  const number = (name: string) => numberColumn(table, name);
  const [sources, targets, verdicts, factors, reasons] = [
    text("source"),
    text("target"),
    text("verdict"),
    text("factors"),
    text("reasons"),
  ];
  const columns = {
    edgeCount: number("edge_count"),
    strongestLag: number("strongest_lag"),
    firstLag: number("first_lag"),
    lastLag: number("last_lag"),
    p: number("p"),
    q: number("q"),
    correlation: number("correlation"),
    heldOutIc: number("held_out_ic"),
    heldOutP: number("held_out_p"),
    detectableSize: number("detectable_size"),
    returns: number("returns"),
    fromMs: number("from"),
    toMs: number("to"),
    tests: number("tests"),
  };
  const whitened = numberListColumn(table, "whitened");
  return sources.map((source, row) => ({
    source: source ?? "",
    target: targets[row] ?? "",
    verdict: (verdicts[row] ?? "insufficient-data") as VerdictKind,
    factors: factors[row] ?? "",
    reasons: reasons[row] ?? "",
    whitened: whitened[row] ?? new Float32Array(),
    ...(Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, values[row] ?? Number.NaN]),
    ) as Record<keyof typeof columns, number>),
  }));
}
