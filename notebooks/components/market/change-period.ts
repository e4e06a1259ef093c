/** The periods over which the snapshot states changes, with the words the pages use. */
export const CHANGE_PERIODS = [
  { value: "1d", label: "1D", inWords: "on the day" },
  { value: "1w", label: "1W", inWords: "over one week" },
  { value: "1m", label: "1M", inWords: "over one month" },
  { value: "3m", label: "3M", inWords: "over three months" },
  { value: "ytd", label: "YTD", inWords: "since the start of the year" },
  { value: "1y", label: "1Y", inWords: "over one year" },
] as const;

export type ChangePeriod = (typeof CHANGE_PERIODS)[number]["value"];

export function isChangePeriod(value: string): value is ChangePeriod {
  return CHANGE_PERIODS.some((period) => period.value === value);
}

export function periodInWords(value: ChangePeriod): string {
  return CHANGE_PERIODS.find((period) => period.value === value)?.inWords ?? value;
}
