import { WorkbenchError } from "../errors.js";
import { MS_PER_MINUTE } from "../units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../units/trading-date.js";

/** Earliest and latest time from the opening instant of a daily candle to its close, in milliseconds. */
export interface ClosingOffsetRange {
  readonly earliestMs: number;
  readonly latestMs: number;
}

const CLOSE_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/**
 * How long after 00:00 Asia/Ho_Chi_Minh of its trading date a daily candle closes, given the local closing time.
 * The two ends differ where clocks change; they are measured in January and July 2025. Between them, the latest is
 * the safe answer for a source and the earliest for a target. @throws ARGUMENT_INVALID
 */
export function closingOffsets({
  closeTime,
  closeTimeZone,
}: {
  closeTime: string;
  closeTimeZone: string;
}): ClosingOffsetRange {
  const match = CLOSE_TIME.exec(closeTime);
  if (!match) {
    throw new WorkbenchError("ARGUMENT_INVALID", `invalid closeTime: ${closeTime} (accepted: HH:MM)`, {
      details: { closeTime },
    });
  }
  const localCloseMs = (Number(match[1]) * 60 + Number(match[2])) * MS_PER_MINUTE;
  const offsetsMs = ["2025-01-15T12:00:00Z", "2025-07-15T12:00:00Z"].map(
    (noon) => localCloseMs - utcOffsetMs(closeTimeZone, Date.parse(noon)) + TRADING_UTC_OFFSET_MS,
  );
  return { earliestMs: Math.min(...offsetsMs), latestMs: Math.max(...offsetsMs) };
}

function utcOffsetMs(timeZone: string, instant: number): number {
  let parts: Intl.DateTimeFormatPart[];
  try {
    parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }).formatToParts(instant);
  } catch (cause) {
    throw new WorkbenchError(
      "ARGUMENT_INVALID",
      `invalid closeTimeZone: ${timeZone} (accepted: an IANA time zone such as Asia/Shanghai)`,
      { cause, details: { timeZone } },
    );
  }
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  const match = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name);
  const minutes = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
  return (match?.[1] === "-" ? -minutes : minutes) * MS_PER_MINUTE;
}
