import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { formatDay, parseDay } from "../format/date-format.js";

/** A day halfway between two, as `YYYY-MM-DD`. */
export function middleDay({ from, to }: { from: string; to: string }): string {
  const [fromMs, toMs] = [parseDay(from), parseDay(to)];
  return Number.isFinite(fromMs + toMs)
    ? formatDay(fromMs + Math.floor((toMs - fromMs) / 2 / MS_PER_DAY) * MS_PER_DAY)
    : "";
}

/** Moves days of the address that lie before or after what a pair has to its first or last day. */
export function withinPair(query: string, { min, max }: { min: string; max: string }): string {
  const parameters = new URLSearchParams(query);
  for (const name of ["from", "to"]) {
    const day = parameters.get(name);
    if (day === null || !isDay(day) || min === "") continue;
    if (day < min) parameters.set(name, min);
    else if (day > max) parameters.set(name, max);
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

export function isDay(text: string): boolean {
  return Number.isFinite(parseDay(text));
}
