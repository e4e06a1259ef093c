import { formatDayInWords, parseDay } from "../format/date-format.js";
import type { ClosesBySymbol } from "../lead-lag/closes-by-symbol.js";
import { defaultDays, type StudyInstrument, studyPair } from "../lead-lag/study-choice.js";
import { StudyInputs } from "../lead-lag/study-input.js";
import { StudyRunner } from "../lead-lag/study-runner.js";
import { isStudied, type StudiedPair, studyPairs } from "./studied-pairs.js";
import { groupAnswer, type Names } from "./study-answers.js";
import { groupQuestion } from "./study-group.js";

export const OIL = "BRENT";
const SHARES = ["GAS", "PVD", "PVS", "BSR", "PLX"];

export const OIL_NAMES: Names = new Map([["BRENT", "Brent"]]);

export interface OilStudy {
  /** The shares that have prices, with the market's index taken out, and the same with it left in. */
  readonly takenOut: readonly StudiedPair[];
  readonly leftIn: readonly StudiedPair[];
  readonly absent: readonly string[];
}

/** Computes the study, each share over the last five years it shares with Brent; `undefined` without Brent or any share. */
export async function oilStudy(
  closes: ClosesBySymbol,
  instruments: readonly StudyInstrument[],
  runner: StudyRunner = new StudyRunner(),
): Promise<OilStudy | undefined> {
  const inputs = new StudyInputs(closes, instruments);
  const shares = SHARES.filter((symbol) => inputs.has(symbol));
  if (!inputs.has(OIL) || shares.length === 0) return undefined;
  const questions = (factors: "taken-out" | "left-in") =>
    shares.map((target) => {
      const { from, to } = defaultDays(studyPair(closes, instruments, OIL, target));
      return groupQuestion(inputs, { source: OIL, target }, { fromMs: parseDay(from), toMs: parseDay(to) }, factors);
    });
  return {
    takenOut: await studyPairs(runner, questions("taken-out")),
    leftIn: await studyPairs(runner, questions("left-in")),
    absent: SHARES.filter((symbol) => !inputs.has(symbol)),
  };
}

/** The answer, and the sentences it rests on. */
export function oilAnswer({ takenOut, leftIn, absent }: OilStudy): { answer: string; reasons: string[] } {
  return {
    answer: groupAnswer(takenOut, OIL_NAMES),
    reasons: [
      `With the market left in: ${groupAnswer(leftIn, OIL_NAMES)}`,
      ...closingWords(takenOut),
      ...(absent.length > 0 ? [`Without prices here, so left out: ${absent.join(", ")}.`] : []),
    ],
  };
}

function closingWords(pairs: readonly StudiedPair[]): string[] {
  const known = pairs.filter(isStudied).filter(({ study }) => study.isLagZeroTradable);
  if (known.length === 0) return [];
  return [
    `Brent's price of a day is known in Vietnam only the next morning, so lag 0 is the last price before the session: a move that follows within the same session counts as a lead, and can be too quick to trade at the open.`,
  ];
}

/** The data of the study in a sentence. */
export function oilData({ takenOut }: OilStudy): string {
  const studies = takenOut.filter(isStudied).map(({ study }) => study);
  if (studies.length === 0) return "None of the pairs has enough common days.";
  const firstMs = Math.min(...studies.map(({ fromMs }) => fromMs));
  const lastMs = Math.max(...studies.map(({ toMs }) => toMs));
  return `${studies.length} ${studies.length === 1 ? "pair" : "pairs"} of daily returns from ${formatDayInWords(firstMs)} to ${formatDayInWords(lastMs)}, on the trading days of Vietnam.`;
}
