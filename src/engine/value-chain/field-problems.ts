import { isWorkbenchError } from "../errors.js";
import { instrumentSymbol } from "../market-data/instrument-symbol.js";
import { tradingDate } from "../units/trading-date.js";
import { EDGE_ID_PATTERN, NODE_ID_PATTERN } from "./element-ids.js";
import { CONFIDENCES, EDGE_KINDS, NODE_KINDS } from "./value-chain.js";
import type { EdgeDraft, NodeDraft } from "./value-chain-draft.js";

/** Longest texts of an element, in UTF-16 units. */
export const MAX_TEXT_LENGTH = { name: 200, sector: 100, rationale: 2_000, source: 500 } as const;

const SIGNS: readonly (number | string)[] = [-1, 0, 1];

/** Control characters and halves of surrogate pairs: what a line of CSV or XML cannot carry. */
const NOT_ONE_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/u;

/** What is wrong with the fields of a node, apart from the other elements: `invalid kind: x (accepted: …)`. */
export function nodeFieldProblems(node: NodeDraft): string[] {
  return [
    ...idProblem("id", node.id, NODE_ID_PATTERN, "1 to 64 of a-z 0-9, words joined by single hyphens"),
    ...textProblem("name", node.name),
    ...choiceProblem("kind", node.kind, NODE_KINDS),
    ...(node.sector === undefined ? [] : textProblem("sector", node.sector)),
    ...(node.symbol === undefined ? [] : parseProblem("symbol", node.symbol, instrumentSymbol)),
    ...validityProblems(node),
  ];
}

/** What is wrong with the fields of an edge, apart from whether its ends exist. */
export function edgeFieldProblems(edge: EdgeDraft): string[] {
  return [
    ...idProblem("id", edge.id, EDGE_ID_PATTERN, "1 to 200 of a-z 0-9, words joined by one or two hyphens"),
    ...choiceProblem("kind", edge.kind, EDGE_KINDS),
    ...(SIGNS.includes(edge.sign) ? [] : [`invalid sign: ${edge.sign} (accepted: -1, 0 or 1)`]),
    ...choiceProblem("confidence", edge.confidence, CONFIDENCES),
    ...textProblem("rationale", edge.rationale),
    ...textProblem("source", edge.source),
    ...(edge.sourceDate === undefined ? [] : parseProblem("sourceDate", edge.sourceDate, tradingDate)),
    ...validityProblems(edge),
  ];
}

function idProblem(field: string, value: string, pattern: RegExp, accepted: string): string[] {
  return pattern.test(value) ? [] : [`invalid ${field}: ${shown(value)} (accepted: ${accepted})`];
}

function choiceProblem(field: string, value: string, choices: readonly string[]): string[] {
  return choices.includes(value) ? [] : [`invalid ${field}: ${shown(value)} (accepted: ${choices.join(", ")})`];
}

function textProblem(field: keyof typeof MAX_TEXT_LENGTH, value: string): string[] {
  const most = MAX_TEXT_LENGTH[field];
  const isFine = value.length > 0 && value.length <= most && value === value.trim() && !NOT_ONE_LINE.test(value);
  return isFine
    ? []
    : [`invalid ${field}: ${shown(value)} (accepted: one line of 1 to ${most} characters, no space at its ends)`];
}

function validityProblems({ validFrom, validTo }: Pick<NodeDraft, "validFrom" | "validTo">): string[] {
  const problems = [
    ...(validFrom === undefined ? [] : parseProblem("validFrom", validFrom, tradingDate)),
    ...(validTo === undefined ? [] : parseProblem("validTo", validTo, tradingDate)),
  ];
  if (problems.length === 0 && validFrom !== undefined && validTo !== undefined && validFrom > validTo) {
    return [`invalid validity: from ${validFrom} to ${validTo} (accepted: a beginning not after the end)`];
  }
  return problems;
}

function parseProblem(field: string, value: string, parse: (text: string) => unknown): string[] {
  try {
    parse(value);
    return [];
  } catch (error) {
    if (!isWorkbenchError(error)) throw error;
    return [error.message.replace(/^invalid \w+/, `invalid ${field}`)];
  }
}

function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
