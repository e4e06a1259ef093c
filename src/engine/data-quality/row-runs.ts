import type { CandleSeries } from "../market-data/candle-columns.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import { epochMs } from "../units/epoch-ms.js";
import type { Finding, FindingKind, FindingSeverity } from "./finding.js";
import { candleLabel, type QualityContext } from "./quality-context.js";

/** Faulty rows that follow one another, both ends included. */
export interface RowRun {
  readonly first: number;
  readonly last: number;
}

/** A symbol with more runs than this gets one finding for all of them, so that a list of findings stays readable. */
export const MAX_RUNS_REPORTED_SINGLY = 20;

/** The runs of consecutive rows for which `isFaulty` holds, in order. */
export function faultyRuns(rows: number, isFaulty: (row: number) => boolean): RowRun[] {
  const runs: RowRun[] = [];
  for (let row = 0; row < rows; row++) {
    if (!isFaulty(row)) continue;
    const first = row;
    while (row + 1 < rows && isFaulty(row + 1)) row++;
    runs.push({ first, last: row });
  }
  return runs;
}

export interface RunWording {
  readonly kind: FindingKind;
  readonly severity: FindingSeverity;
  /** Sentence about one run. */
  readonly describeRun: (run: RowRun) => string;
  /** Beginning of the sentence about all runs of a symbol, followed by how many and when. */
  readonly describeAll: string;
}

/** One finding per run, or one for the symbol when there are more than `MAX_RUNS_REPORTED_SINGLY`. */
export function findingsOfRuns(
  symbol: InstrumentSymbol,
  series: CandleSeries,
  context: QualityContext,
  runs: readonly RowRun[],
  { kind, severity, describeRun, describeAll }: RunWording,
): Finding[] {
  const at = (row: number) => epochMs(series.openedAtMs[row]!);
  if (runs.length <= MAX_RUNS_REPORTED_SINGLY) {
    return runs.map((run) => ({
      kind,
      severity,
      symbol,
      fromMs: at(run.first),
      toMs: at(run.last),
      count: run.last - run.first + 1,
      message: describeRun(run),
    }));
  }
  const fromMs = at(runs[0]!.first);
  const toMs = at(runs.at(-1)!.last);
  const count = runs.reduce((rows, run) => rows + run.last - run.first + 1, 0);
  const span = `${candleLabel(fromMs, context)} to ${candleLabel(toMs, context)}`;
  const message = `${describeAll} on ${count} of ${series.length} candles, in ${runs.length} places from ${span}.`;
  return [{ kind, severity, symbol, fromMs, toMs, count, message }];
}

/** `on 2020-01-02`, or `on 3 candles from 2020-01-02 to 2020-01-06`. */
export function runLabel(series: CandleSeries, context: QualityContext, { first, last }: RowRun): string {
  const from = candleLabel(series.openedAtMs[first]!, context);
  if (first === last) return `on ${from}`;
  return `on ${last - first + 1} candles from ${from} to ${candleLabel(series.openedAtMs[last]!, context)}`;
}
