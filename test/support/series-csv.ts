import { gaussianRandom, seededRandom } from "../../src/engine/statistics/seeded-random.js";
import { MS_PER_DAY } from "../../src/engine/units/epoch-ms.js";

const FIRST_DAY = Date.UTC(2020, 0, 6);

/** Weekdays from 2020-01-06 on. */
export function weekdays(count: number): string[] {
  const days: string[] = [];
  for (let at = FIRST_DAY; days.length < count; at += MS_PER_DAY) {
    const weekday = new Date(at).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

/** Independent daily returns. */
export function noise(seed: number, days: number): Float64Array {
  const gaussian = gaussianRandom(seededRandom(seed));
  return Float64Array.from({ length: days }, () => 0.02 * gaussian());
}

/** Returns that follow those of a source some days later, with a correlation of about `weight / √(1 + weight²)`. */
export function followerOf(source: Float64Array, { lag, weight, seed }: { lag: number; weight: number; seed: number }) {
  return noise(seed, source.length).map((own, day) => own + (day < lag ? 0 : weight * source[day - lag]!));
}

export function pricesOf(returns: Float64Array): number[] {
  let logPrice = Math.log(100);
  return Array.from(returns, (change) => {
    logPrice += change;
    return Math.exp(logPrice);
  });
}

/** A file of series side by side: `time`, then a column for each name. */
export function seriesCsv(
  columns: Readonly<Record<string, ArrayLike<number | string>>>,
  { times, delimiter = ",", lineEnd = "\n" }: { times?: readonly string[]; delimiter?: string; lineEnd?: string } = {},
): string {
  const names = Object.keys(columns);
  const rowTimes = times ?? weekdays(columns[names[0]!]!.length);
  const rows = rowTimes.map((time, row) => [time, ...names.map((name) => columns[name]![row]!)].join(delimiter));
  return [["time", ...names].join(delimiter), ...rows, ""].join(lineEnd);
}
