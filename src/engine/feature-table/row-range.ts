/** Consecutive rows of a table; `end` is the first row after them. */
export interface RowRange {
  readonly begin: number;
  readonly end: number;
}

/** Ascending rows as ranges. */
export function rangesOfRows(rows: Iterable<number>): RowRange[] {
  const ranges: { begin: number; end: number }[] = [];
  for (const row of rows) {
    const last = ranges.at(-1);
    if (last?.end === row) last.end++;
    else ranges.push({ begin: row, end: row + 1 });
  }
  return ranges;
}

const MOST_RANGES = 3;

/** Such as `row 4`, `rows 4–9` or `rows 4–9, 12, 15 and 20 more ranges`. */
export function textOfRanges(ranges: readonly RowRange[]): string {
  const texts = ranges
    .slice(0, MOST_RANGES)
    .map(({ begin, end }) => (end - begin === 1 ? `${begin}` : `${begin}–${end - 1}`));
  const isSingle = ranges.length === 1 && ranges[0]!.end - ranges[0]!.begin === 1;
  const more = ranges.length > MOST_RANGES ? ` and ${ranges.length - MOST_RANGES} more ranges` : "";
  return `${isSingle ? "row" : "rows"} ${texts.join(", ")}${more}`;
}
