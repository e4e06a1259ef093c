import { CronPattern } from "croner";

const FIELDS = /^\s*(?:[^\s?]+\s+){4}[^\s?]+\s*$/;
const LONGEST = 100;
const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * What is wrong with a schedule of five fields (minute, hour, day of month, month, day of week), or undefined. Without
 * a field for seconds, nothing comes more than once a minute.
 */
export function cronProblem(pattern: string): string | undefined {
  if (pattern.length > LONGEST || !FIELDS.test(pattern)) {
    return "no five fields (accepted: minute, hour, day of month, month and day of week, such as 45 14 * * 1-5)";
  }
  try {
    const parsed = new CronPattern(pattern.trim(), undefined, { mode: "5-part" });
    return canCome(parsed) ? undefined : "never comes (accepted: a day that some month has)";
  } catch (error) {
    const reason = (error as Error).message.replace(/^CronPattern: /, "");
    return `${reason} (accepted: five fields, such as 45 14 * * 1-5)`;
  }
}

/** Whether any year has one of its days. */
function canCome({ day, month, starDOM, starDOW, lastDayOfMonth, lastWeekday, nearestWeekdays }: CronPattern): boolean {
  if (starDOM || !starDOW || lastDayOfMonth || lastWeekday) return true;
  return DAYS_OF_MONTH.some(
    (days, i) => month[i] === 1 && day.some((isMeant, d) => d < days && (isMeant === 1 || nearestWeekdays[d] === 1)),
  );
}
