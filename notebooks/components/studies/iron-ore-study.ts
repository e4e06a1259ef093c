import { formatDayInWords, parseDay } from "../format/date-format.js";
import type { ClosesBySymbol } from "../lead-lag/closes-by-symbol.js";
import { defaultDays, type StudyInstrument, studyPair } from "../lead-lag/study-choice.js";
import { StudyInputs } from "../lead-lag/study-input.js";
import { StudyRunner } from "../lead-lag/study-runner.js";
import { isStudied, type StudiedPair, type StudiedWithResult, studyPairs } from "./studied-pairs.js";
import { groupAnswer, longLagWords, type Names, nextDayWords, pairAnswer, sameDayWords } from "./study-answers.js";
import { groupQuestion } from "./study-group.js";

const SOURCE = "DCE.I";
const TARGET = "HPG";
/** Steel's other raw material, and what it becomes. */
const COMPARED = [SOURCE, "SHFE.RB", "SHFE.HC", "DCE.JM"];

export const IRON_ORE_SERIES = [SOURCE, TARGET] as const;

export const IRON_ORE_NAMES: Names = new Map([
  ["DCE.I", "iron ore in Dalian"],
  ["HPG", "Hoa Phat (HPG)"],
  ["SHFE.RB", "rebar"],
  ["SHFE.HC", "hot-rolled coil"],
  ["DCE.JM", "coking coal"],
]);

export interface IronOreStudy {
  /** Iron ore and HPG with the market's index left in both, and taken out of both. */
  readonly leftIn: StudiedWithResult;
  readonly takenOut: StudiedWithResult;
  /** Iron ore and the compared futures against HPG, adjusted for all of them. */
  readonly compared: readonly StudiedPair[];
}

/** Computes the study over the last five years; `undefined` when its two series are not both there. */
export async function ironOreStudy(
  closes: ClosesBySymbol,
  instruments: readonly StudyInstrument[],
  runner: StudyRunner = new StudyRunner(),
): Promise<IronOreStudy | undefined> {
  const inputs = new StudyInputs(closes, instruments);
  if (!inputs.has(SOURCE) || !inputs.has(TARGET)) return undefined;
  const { from, to } = defaultDays(studyPair(closes, instruments, SOURCE, TARGET));
  const period = { fromMs: parseDay(from), toMs: parseDay(to) };
  const sources = COMPARED.filter((symbol) => inputs.has(symbol));
  const ask = (source: string, factors: "taken-out" | "left-in") =>
    groupQuestion(inputs, { source, target: TARGET }, period, factors);
  const [leftIn] = await studyPairs(runner, [ask(SOURCE, "left-in")]);
  const [takenOut] = await studyPairs(runner, [ask(SOURCE, "taken-out")]);
  if (!leftIn || !takenOut || !isStudied(leftIn) || !isStudied(takenOut)) return undefined;
  const compared = await studyPairs(
    runner,
    sources.map((source) => ask(source, "taken-out")),
  );
  return { leftIn, takenOut, compared };
}

/** The answer, and the sentences it rests on. */
export function ironOreAnswer({ leftIn, takenOut, compared }: IronOreStudy): { answer: string; reasons: string[] } {
  const others = compared.filter(({ source }) => source !== SOURCE);
  return {
    answer: pairAnswer(leftIn, takenOut, IRON_ORE_NAMES),
    reasons: [
      sameDayWords(leftIn, takenOut, IRON_ORE_NAMES),
      nextDayWords(takenOut),
      longLagWords(takenOut),
      ...(others.length > 0 ? [`Beside it: ${groupAnswer(others, IRON_ORE_NAMES)}`] : []),
    ],
  };
}

/** The data of the study in a sentence. */
export function ironOreData({ takenOut }: IronOreStudy): string {
  const { study, factors } = takenOut;
  const series = [TARGET, SOURCE, ...factors];
  const names = `${series.slice(0, -1).join(", ")} and ${series.at(-1)}`;
  return `${study.returns.toLocaleString("en-US")} daily returns of ${names} from ${formatDayInWords(study.fromMs)} to ${formatDayInWords(study.toMs)}, on the trading days of Ho Chi Minh City.`;
}
