import { WorkbenchError } from "../../engine/errors.js";
import type { Guess } from "./guess.js";
import { DATE_FORMATS, type DateFormat } from "./import-mapping.js";

const DAY_AND_MONTH = /^(\d{1,2})([-/.])(\d{1,2})\2\d{4}(?:[T ]\d{1,2}:.*)?$/;

/** Forms that need no comparison of values, each with the digits that tell it from the others. */
const FORMS: readonly (readonly [DateFormat, RegExp])[] = [
  ["iso-date", /^\d{4}([-/.])\d{1,2}\1\d{1,2}$/],
  ["iso-datetime", /^\d{4}([-/.])\d{1,2}\1\d{1,2}[T ]\d{1,2}:/i],
  ["ymd-compact", /^(?:19|20|21)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[T ]\d{1,2}:.*)?$/],
  ["epoch-s", /^\d{9,10}(?:\.\d+)?$/],
  ["epoch-ms", /^\d{12,13}(?:\.\d+)?$/],
  ["epoch-us", /^\d{15,16}$/],
  ["epoch-ns", /^\d{18,19}$/],
];

/**
 * The format of most of the sampled dates.
 * @throws MAPPING_INVALID when it is none of the known ones, or when day and month cannot be told apart.
 */
export function guessDateFormat(samples: readonly string[]): Guess<DateFormat> {
  const dates = samples.map((sample) => sample.trim()).filter((sample) => sample !== "");
  const example = dates[0] ?? "";
  const enough = dates.length / 2;
  for (const [format, form] of FORMS) {
    if (dates.length > 0 && dates.filter((date) => form.test(date)).length > enough) {
      return { value: format, because: `times look like ${example}` };
    }
  }
  const matches = dates.map((date) => DAY_AND_MONTH.exec(date)).filter((match) => match !== null);
  if (dates.length > 0 && matches.length > enough) return guessOrder(matches, example);
  const accepted = DATE_FORMATS.filter((format) => format !== "typed");
  throw invalidDateFormat(`${JSON.stringify(example)} is no known form of a date`, accepted.join("|"));
}

function guessOrder(matches: readonly RegExpExecArray[], example: string): Guess<DateFormat> {
  const firstIsDay = matches.find((match) => Number(match[1]) > 12);
  const secondIsDay = matches.find((match) => Number(match[3]) > 12);
  if (firstIsDay && !secondIsDay) return { value: "dmy", because: `${firstIsDay[0]} can only begin with the day` };
  if (secondIsDay && !firstIsDay) return { value: "mdy", because: `${secondIsDay[0]} can only begin with the month` };
  const problem =
    firstIsDay && secondIsDay
      ? `${firstIsDay[0]} begins with the day and ${secondIsDay[0]} with the month`
      : `day and month of ${JSON.stringify(example)} cannot be told apart`;
  throw invalidDateFormat(problem, "dmy|mdy");
}

function invalidDateFormat(problem: string, accepted: string): WorkbenchError {
  return new WorkbenchError("MAPPING_INVALID", `invalid dateFormat: ${problem} (accepted: --date-format ${accepted})`, {
    details: { field: "dateFormat" },
  });
}
