import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../../engine/units/trading-date.js";

const UNDEFINED_MARK = "–";

/** `10:32:05` of an instant, in Ho Chi Minh City; with `.482` where milliseconds are asked for. */
export function formatTime(instantMs: number, { hasMilliseconds = false } = {}): string {
  if (!Number.isFinite(instantMs)) return UNDEFINED_MARK;
  return localText(instantMs).slice(11, hasMilliseconds ? 23 : 19);
}

/** `2026-04-10 10:32:05` of an instant, in Ho Chi Minh City. */
export function formatInstant(instantMs: number): string {
  if (!Number.isFinite(instantMs)) return UNDEFINED_MARK;
  return localText(instantMs).slice(0, 19).replace("T", " ");
}

/**
 * The instant of `2026-04-10 10:32` or `2026-04-10 10:32:05` in Ho Chi Minh City, also with a `T` between; `NaN` for
 * another form or a time that does not exist.
 */
export function parseInstant(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?$/.exec(text.trim());
  if (!match) return Number.NaN;
  const written = `${match[1]} ${match[2]}${match[3] ?? ":00"}`;
  const instantMs = Date.parse(`${written.replace(" ", "T")}Z`) - TRADING_UTC_OFFSET_MS;
  return formatInstant(instantMs) === written ? instantMs : Number.NaN;
}

/** How long ago, in the unit a reader would use: `0.4 s`, `12 s`, `3 min`, `2 h`, `5 d`. Never negative. */
export function formatAge(ageMs: number): string {
  if (!Number.isFinite(ageMs)) return UNDEFINED_MARK;
  const age = Math.max(0, ageMs);
  if (age < 9_950) return `${(age / MS_PER_SECOND).toFixed(1)} s`;
  if (age < 99_500) return `${Math.round(age / MS_PER_SECOND)} s`;
  if (age < 99.5 * MS_PER_MINUTE) return `${Math.round(age / MS_PER_MINUTE)} min`;
  if (age < 47.5 * MS_PER_HOUR) return `${Math.round(age / MS_PER_HOUR)} h`;
  return `${Math.round(age / MS_PER_DAY)} d`;
}

function localText(instantMs: number): string {
  return new Date(instantMs + TRADING_UTC_OFFSET_MS).toISOString();
}
