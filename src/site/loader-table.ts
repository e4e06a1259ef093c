import type { LoaderResult } from "./loader-cache.js";
import { describeRequest } from "./loader-output.js";

/** Loader results as lines of text: one per loader file, with the files of a `[parameter]` loader added up. */
export function formatLoaderTable(results: readonly LoaderResult[]): string {
  const groups = Map.groupBy(results, ({ request }) => request.file);
  const rows = [...groups].map(([file, group]) => {
    const hits = group.filter(({ cache }) => cache === "hit").length;
    const [first] = group;
    return [
      group.length === 1 && first !== undefined ? describeRequest(first.request) : `${file} × ${group.length}`,
      group.every((each) => each.rows === undefined) ? "" : whole(sum(group.map((each) => each.rows ?? 0))),
      group.length === 1 ? (first?.cache ?? "") : `${hits} hit, ${group.length - hits} miss`,
      whole(sum(group.map(({ milliseconds }) => milliseconds))),
      whole(sum(group.map(({ bytes }) => bytes))),
    ];
  });
  const table = [["loader", "rows", "cache", "ms", "bytes"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
