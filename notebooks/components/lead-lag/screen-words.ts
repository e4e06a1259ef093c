import { formatShare } from "../format/number-format.js";
import { isConfirmed, isTested, type ScreenRow } from "./screen-row.js";

/** How many leads, among how many tests, and how many false ones to expect. */
export function screenHeadline(rows: readonly ScreenRow[]): string {
  const tested = rows.filter(isTested);
  if (tested.length === 0) return "No pair of the value chain has enough prices to be tested.";
  const leads = tested.filter(({ verdict }) => verdict === "lead-found");
  const confirmed = leads.filter(isConfirmed);
  if (leads.length === 0) {
    return `None of ${count(tested.length, "pair")} of the value chain shows a lead beyond what chance does among so many.`;
  }
  return `${leads.length} of ${count(tested.length, "pair")} of the value chain ${leads.length === 1 ? "shows" : "show"} a lead beyond chance, and ${heldWords(confirmed.length, leads.length)} on later days.`;
}

/** The number of tests, in words. */
export function testsInWords(rows: readonly ScreenRow[]): string {
  const tested = rows.filter(isTested);
  const each = tested[0]?.tests ?? 0;
  const all = tested.reduce((sum, { tests }) => sum + tests, 0);
  const refused = rows.length - tested.length;
  const left =
    refused === 0
      ? ""
      : ` ${count(refused, "pair")} could not be tested and ${refused === 1 ? "does" : "do"} not count.`;
  return `${all.toLocaleString("en-US")} correlations: ${tested.length.toLocaleString("en-US")} pairs, each at ${each} lags and shapes. Each pair's p pays for its lags and shapes, q for the pairs: of what is declared, 5% may be false.${left}`;
}

/** Whether small p-values are more common than they would be if there was nothing at all. */
export function smallPTitle(rows: readonly ScreenRow[]): string {
  const tested = rows.filter(isTested);
  const share = tested.filter(({ p }) => p <= 0.05).length / tested.length;
  const expected = share > 0.08 ? "there is something to find" : "about what nothing at all would give";
  return `${formatShare(share)} of p-values are below 0.05, where chance alone puts 5%: ${expected}`;
}

function heldWords(confirmed: number, leads: number): string {
  if (confirmed === leads) return leads === 1 ? "it held" : "all held";
  return confirmed === 0 ? "none held" : `${confirmed} of them held`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

/** What stands in place of a screen that has no pair. */
export const noScreen = {
  title: "No pair to screen yet",
  reason:
    "The screen tests every pair of the value chain whose two ends have daily closes. Bring prices, and the graph that comes with the workbench.",
  commands: ["npm run quantflow -- import <files>", "npm run quantflow -- value-chain seed"],
  isWholePage: true,
} as const;
