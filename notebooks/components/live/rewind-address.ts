import { writeAddress } from "../controls/address-state.js";
import { formatInstant, parseInstant } from "../format/time-format.js";

export const REPLAY_SPEEDS = [1, 2, 5, 10, 20, 50, 100] as const;
const DEFAULT_SPEED = 10;

export interface RewindPlace {
  readonly fromMs: number;
  readonly speed: number;
}

/** From where a page's address wants the market replayed: `?at=2026-04-10T10:00:00&speed=20`; `undefined` without. */
export function readRewindPlace(query: string): RewindPlace | undefined {
  const parameters = new URLSearchParams(query);
  const fromMs = parseInstant(parameters.get("at") ?? "");
  if (Number.isNaN(fromMs)) return undefined;
  const speed = Number(parameters.get("speed") ?? DEFAULT_SPEED);
  return { fromMs, speed: REPLAY_SPEEDS.find((each) => each === speed) ?? DEFAULT_SPEED };
}

/** The query with the place in it, or without one. */
export function writeRewindPlace(query: string, place: RewindPlace | undefined): string {
  const at = place ? formatInstant(place.fromMs).replace(" ", "T") : "";
  return writeAddress(
    writeAddress(query, "at", at, ""),
    "speed",
    String(place?.speed ?? DEFAULT_SPEED),
    String(DEFAULT_SPEED),
  );
}
