import { onCommonCalendar, rowsWithin } from "../../engine/lead-lag/common-calendar.js";
import { formatDay } from "../format/date-format.js";
import { type Provenance, shortSource } from "../frame/provenance.js";
import type { StudyPair, StudyWindow } from "./lead-lag-study.js";

/**
 * Where a study's numbers come from: the closes of its two series up to the last row of their common calendar inside
 * the window. The file of all closes goes further and holds other series, so its own day would be the wrong one.
 */
export function studyProvenance(pair: StudyPair, window: StudyWindow, file: Provenance): Provenance {
  const series = pair.source === pair.target ? pair.target : `${pair.source} and ${pair.target}`;
  return { ...file, asOf: lastDay(pair, window), source: closesOf(series, file) };
}

/** The same for a target against every other series. */
export function screenProvenance(pair: StudyPair, window: StudyWindow, file: Provenance): Provenance {
  return { ...file, asOf: lastDay(pair, window), source: closesOf(`${pair.target} and all other series`, file) };
}

function lastDay(
  { sourceSeries, targetSeries, closingOffsets }: StudyPair,
  { align, fromMs, toMs }: StudyWindow,
): string {
  if (!(fromMs <= toMs)) return "";
  const { openedAtMs } = onCommonCalendar(sourceSeries, targetSeries, { align, ...closingOffsets });
  const { begin, end } = rowsWithin(openedAtMs, { fromMs, toMs });
  return end > begin ? formatDay(openedAtMs[end - 1] ?? Number.NaN) : "";
}

function closesOf(series: string, { source, dataset }: Provenance): string {
  return `closes of ${series} (${dataset === "simulated" ? "simulated" : shortSource(source)})`;
}
