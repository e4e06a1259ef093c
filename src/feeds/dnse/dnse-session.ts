import type { SessionPhase } from "../../engine/live-market/session-phase.js";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../../engine/units/trading-date.js";
import { InvalidField } from "./payload-fields.js";

/**
 * Session codes of the exchange, and the numbers DNSE gives them. Periodic auctions of restricted shares (`80`) run
 * through the day as matching does; after a halt (`21`) matching has not resumed yet.
 */
const SESSIONS: readonly (readonly [code: string, number: number, phase: SessionPhase])[] = [
  ["01", 1, "pre-open"],
  ["10", 2, "ato"],
  ["21", 5, "halt"],
  ["30", 6, "atc"],
  ["40", 7, "continuous"],
  ["60", 10, "plo"],
  ["80", 12, "continuous"],
  ["90", 13, "halt"],
  ["99", 14, "closed"],
];

const PHASES: ReadonlyMap<unknown, SessionPhase> = new Map(
  SESSIONS.flatMap(([code, number, phase]): [unknown, SessionPhase][] => [
    [`TRADING_SESSION_ID_${code}`, phase],
    [code, phase],
    [Number(code), phase],
    [number, phase],
    [String(number), phase],
  ]),
);

const NO_SESSION: ReadonlySet<unknown> = new Set(["", "0", 0, "UNSPECIFIED", "TRADING_SESSION_ID_UNSPECIFIED"]);

/**
 * The phase that a session's code names; `undefined` where there is none. A bare `10` is the code of the opening
 * auction and the number of trading after the close: the time of day tells them apart, since no market trades both
 * before noon or both after.
 */
export function readSessionPhase(field: string, value: unknown, eventTimeMs: number): SessionPhase | undefined {
  if (value === undefined || value === null || NO_SESSION.has(value)) return undefined;
  if (value === 10 || value === "10") return isMorning(eventTimeMs) ? "ato" : "plo";
  const phase = PHASES.get(typeof value === "string" ? value.trim().toUpperCase() : value);
  if (phase !== undefined) return phase;
  throw new InvalidField(field, value, `a session of ${SESSIONS.map(([code]) => code).join(", ")}`);
}

function isMorning(instantMs: number): boolean {
  return (instantMs + TRADING_UTC_OFFSET_MS) % MS_PER_DAY < MS_PER_DAY / 2;
}
