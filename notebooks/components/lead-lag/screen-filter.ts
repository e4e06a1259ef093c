import { isConfirmed, isTested, type ScreenRow } from "./screen-row.js";

export const SCREEN_FILTERS = [
  { value: "all", label: "All pairs" },
  { value: "leads", label: "Leads" },
  { value: "confirmed", label: "Leads that held later" },
  { value: "same-day", label: "Same day only" },
  { value: "nothing", label: "No lead found" },
  { value: "refused", label: "Not studied" },
] as const;

export type ScreenFilterName = (typeof SCREEN_FILTERS)[number]["value"];

interface ScreenFilter {
  readonly keeps: (row: ScreenRow) => boolean;
  readonly title: (count: number) => string;
}

const FILTERS: Readonly<Record<ScreenFilterName, ScreenFilter>> = {
  all: { keeps: () => true, title: (count) => `All ${pairs(count)}` },
  leads: {
    keeps: ({ verdict }) => verdict === "lead-found",
    title: (count) => `${pairs(count)} with a lead beyond chance`,
  },
  confirmed: { keeps: isConfirmed, title: (count) => `${pairs(count)} with a lead that held on later days` },
  "same-day": {
    keeps: ({ verdict }) => verdict === "not-tradable",
    title: (count) => `${pairs(count)} that move on the same day only`,
  },
  nothing: {
    keeps: ({ verdict }) => verdict === "no-lead-found",
    title: (count) => `${pairs(count)} without a lead beyond chance`,
  },
  refused: { keeps: (row) => !isTested(row), title: (count) => `${pairs(count)} that could not be studied` },
};

export function screenFilter(name: ScreenFilterName): ScreenFilter {
  return FILTERS[name];
}

function pairs(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "pair" : "pairs"}`;
}
