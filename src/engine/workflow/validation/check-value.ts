import { SYMBOL_PATTERN } from "../../market-data/instrument-symbol.js";
import type { JsonValue } from "../json-value.js";
import type { ParameterSpec } from "../node-type.js";
import { checkFormula } from "./check-formula.js";
import { cronProblem } from "./cron-problem.js";
import { report } from "./examination.js";
import { count, type GivenParameter, refuse, subjectOf } from "./given-parameter.js";

/** In the place of a symbol: the loop's. */
const LOOP_ITEM = "$item";
const LONGEST_URL = 2_048;

/** Whether a value is what its parameter takes. */
export function checkValue(given: GivenParameter): void {
  const { spec, value, isInLoop } = given;
  switch (spec.kind) {
    case "number":
    case "integer":
      checkNumber(given, spec);
      return;
    case "boolean":
      if (typeof value !== "boolean") refuse(given, "true or false");
      return;
    case "choice":
      if (typeof value !== "string" || !spec.choices.includes(value)) refuse(given, spec.choices.join(", "));
      return;
    case "symbol":
      if (!isSymbol(value, isInLoop)) refuse(given, acceptedSymbol(isInLoop));
      return;
    case "symbols":
      checkSymbols(given, spec.maxItems);
      return;
    case "cron":
      checkCron(given);
      return;
    case "url":
      checkUrl(given);
      return;
    case "variable":
      checkVariable(given);
      return;
    case "json":
      if (JSON.stringify(value).length > spec.maxLength)
        refuse(given, `JSON of at most ${count(spec.maxLength)} characters`);
      return;
    default:
      checkText(given, spec);
  }
}

function checkNumber(
  given: GivenParameter,
  { kind, min, max, unit }: ParameterSpec & { kind: "number" | "integer" },
): void {
  const { value } = given;
  const isFit =
    typeof value === "number" && value >= min && value <= max && (kind === "number" || Number.isInteger(value));
  if (isFit) return;
  const what = kind === "integer" ? "an integer" : "a number";
  refuse(given, `${what} from ${count(min)} to ${count(max)}${unit === undefined ? "" : ` ${unit}`}`);
}

function checkText(
  given: GivenParameter,
  spec: ParameterSpec & { readonly kind: "text" | "sql" | "expression" | "template" },
): void {
  const { value } = given;
  if (typeof value !== "string" || value.length > spec.maxLength) {
    refuse(given, `text of at most ${count(spec.maxLength)} characters`);
  } else if (spec.kind === "text") {
    if (spec.pattern !== undefined && !new RegExp(spec.pattern, "u").test(value))
      refuse(given, `text like ${spec.pattern}`);
  } else if (spec.kind === "expression" || spec.kind === "template") checkFormula(given, spec, value);
}

function isSymbol(value: JsonValue | undefined, isInLoop: boolean): boolean {
  return typeof value === "string" && (SYMBOL_PATTERN.test(value) || (isInLoop && value === LOOP_ITEM));
}

function acceptedSymbol(isInLoop: boolean): string {
  return `a symbol, 1 to 32 of A-Z 0-9 . - _ ^ =${isInLoop ? `, or ${LOOP_ITEM}` : `; ${LOOP_ITEM} within a loop`}`;
}

function checkSymbols(given: GivenParameter, maxItems: number): void {
  const { value, isInLoop } = given;
  if (!Array.isArray(value) || value.length > maxItems) {
    refuse(given, `a list of at most ${count(maxItems)} symbols`);
    return;
  }
  const wrong = value.find((item: JsonValue) => !isSymbol(item, isInLoop));
  if (wrong !== undefined) refuse(given, acceptedSymbol(isInLoop), wrong);
}

function checkCron(given: GivenParameter): void {
  const problem = typeof given.value === "string" ? cronProblem(given.value) : "no text (accepted: five fields)";
  if (problem === undefined) return;
  report(given.examination, "PARAMETER_INVALID", `${subjectOf(given)}: ${problem}`, { nodeIds: [given.node.id] });
}

function checkUrl(given: GivenParameter): void {
  const { value } = given;
  const url = typeof value === "string" && value.length <= LONGEST_URL ? URL.parse(value) : null;
  const isPlain = url?.username === "" && url.password === "";
  if (!isPlain || !(url.protocol === "https:" || url.protocol === "http:")) {
    refuse(given, `an http or https address of at most ${count(LONGEST_URL)} characters, without a password`);
  }
}

function checkVariable(given: GivenParameter): void {
  const { examination, node, value } = given;
  const { variables } = examination.definition.settings;
  if (typeof value === "string" && Object.hasOwn(variables, value)) return;
  const declared = Object.keys(variables);
  const accepted =
    declared.length === 0 ? "the settings declare none" : `accepted: ${declared.slice(0, 20).join(", ")}`;
  report(examination, "VARIABLE_UNRESOLVED", `${subjectOf(given)} (${accepted})`, { nodeIds: [node.id] });
}
