export type SortDirection = "ascending" | "descending";
export type CellValue = string | number | null | undefined;

/**
 * Indexes of `values` in order. Numbers by size, text as a reader of Vietnamese sorts it; what is missing
 * (`NaN`, `null`) comes last in both directions; equal values keep their order.
 */
export function rowOrder(values: readonly CellValue[], direction: SortDirection): number[] {
  const sign = direction === "ascending" ? 1 : -1;
  return values
    .map((_, index) => index)
    .sort((a, b) => {
      const left = values[a];
      const right = values[b];
      if (isMissing(left) || isMissing(right)) return Number(isMissing(left)) - Number(isMissing(right)) || a - b;
      return sign * compareValues(left, right) || a - b;
    });
}

const collator = new Intl.Collator("vi", { numeric: true });

function compareValues(left: string | number, right: string | number): number {
  return typeof left === "number" && typeof right === "number"
    ? left - right
    : collator.compare(String(left), String(right));
}

function isMissing(value: CellValue): value is null | undefined {
  return value === null || value === undefined || Number.isNaN(value) || value === "";
}
