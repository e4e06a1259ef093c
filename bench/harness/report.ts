import type { MachineState } from "./machine.js";
import { type BenchResult, isKept, ratioOf } from "./result.js";
import { median, type Samples, spread } from "./samples.js";

export interface Report {
  readonly at: string;
  readonly before: MachineState;
  readonly after: MachineState;
  readonly results: readonly BenchResult[];
}

const HEADINGS = ["what", "ours", "rival", "ratio", "at least", ""];

/** The report as a table for a person. */
export function formatReport({ at, before, after, results }: Report): string {
  const rows = [HEADINGS, ...results.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd();
  const [heading, ...others] = rows.map(line);
  const machine = `${before.cores} cores, ${before.processor}, Node ${before.node}`;
  return [
    heading,
    widths.map((width) => "─".repeat(width)).join("  "),
    ...others,
    "",
    `${at}; ${machine}`,
    `Load ${before.load.toFixed(1)} before, ${after.load.toFixed(1)} after. Noise of one fixed piece of work: ${percent(before.noise)} before, ${percent(after.noise)} after.`,
    "Times are medians ± half the distance from fastest to slowest; a ratio is the median over pairs measured in turns.",
  ].join("\n");
}

/** The report as JSON: every sample, with the figures that the table prints. */
export function reportAsJson({ results, ...report }: Report): object {
  return {
    ...report,
    results: results.map((result) => {
      const kept = isKept(result) ?? null;
      if (result.kind === "skipped") return { ...result, kept };
      if (result.kind === "limit") return { ...result, median: median(result.measured), kept };
      return { ...result, ratio: ratioOf(result), kept };
    }),
  };
}

function cellsOf(result: BenchResult): string[] {
  const verdict = isKept(result) ? "ok" : "BELOW";
  switch (result.kind) {
    case "ratio": {
      const { what, rival, oursMs, rivalMs, atLeast, goal } = result;
      const asked = goal === undefined ? `${atLeast}` : `${atLeast} (goal ${goal})`;
      return [what, time(oursMs), `${time(rivalMs)} ${rival}`, ratioOf(result).toFixed(2), asked, verdict];
    }
    case "limit": {
      const { what, unit, measured, atMost } = result;
      const figure = median(measured).toFixed(unit === "MB" ? 0 : 2);
      const spreadText = measured.length > 1 ? ` ± ${percent(spread(measured) / 2)}` : "";
      return [
        what,
        `${figure} ${unit}${spreadText}`,
        "",
        "",
        `at most ${atMost} ${unit}`,
        verdict === "ok" ? "ok" : "ABOVE",
      ];
    }
    case "skipped":
      return [result.what, "skipped", result.because, "", "", ""];
  }
}

function time(samples: Samples): string {
  return `${median(samples).toFixed(0)} ms ± ${percent(spread(samples) / 2)}`;
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(0)} %`;
}
