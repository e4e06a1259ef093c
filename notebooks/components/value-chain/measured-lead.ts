import type { Table } from "npm:apache-arrow";
import type { VerdictKind } from "../../engine/lead-lag/study-verdict.js";
import { numberColumn, textColumn } from "../arrow-columns.js";

/** What the lead-lag screen found for a pair of symbols. */
export interface MeasuredLead {
  readonly verdict: VerdictKind;
  /** Trading days by which the source comes first; `NaN` where no lead was found. */
  readonly lag: number;
  /** Information coefficient on days held out, and the false-discovery rate of the finding; `NaN` for an untested pair. */
  readonly ic: number;
  readonly q: number;
}

/** Looks a pair of symbols up; `undefined` for one that was not screened. */
export type MeasuredLeads = (source: string | undefined, target: string | undefined) => MeasuredLead | undefined;

/** Reads the screen's table. */
export function readMeasuredLeads(table: Table): MeasuredLeads {
  const [sources, targets, verdicts] = ["source", "target", "verdict"].map((name) => textColumn(table, name));
  const [lags, ics, qs] = ["lag", "held_out_ic", "q"].map((name) => numberColumn(table, name));
  const leads = new Map<string, MeasuredLead>();
  sources?.forEach((source, row) => {
    leads.set(`${source} ${targets?.[row]}`, {
      verdict: verdicts?.[row] as VerdictKind,
      // A lag below zero stands for none.
      lag: (lags?.[row] ?? -1) >= 0 ? (lags?.[row] ?? Number.NaN) : Number.NaN,
      ic: ics?.[row] ?? Number.NaN,
      q: qs?.[row] ?? Number.NaN,
    });
  });
  return (source, target) => leads.get(`${source} ${target}`);
}
