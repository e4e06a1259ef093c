import { WorkbenchError } from "../../errors.js";
import { type CandleInterval, candleInterval } from "../../market-data/candle-interval.js";
import type { Parameters } from "../node-handler.js";

/** The failure of a step whose parameter its node cannot work with. */
export function invalidParameter(name: string, value: unknown, accepted: string): WorkbenchError {
  const shown = typeof value === "string" ? value.slice(0, 80) : JSON.stringify(value);
  return new WorkbenchError("ARGUMENT_INVALID", `invalid parameter ${name}: ${shown} (accepted: ${accepted})`, {
    details: { parameter: name },
  });
}

export function numberOf(parameters: Parameters, name: string): number {
  const value = parameters[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw invalidParameter(name, value, "a number");
}

export function textOf(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (typeof value === "string") return value;
  throw invalidParameter(name, value, "a text");
}

/** One of the choices that the catalogue names; the validation has seen to it. */
export function choiceOf<Choice extends string>(parameters: Parameters, name: string): Choice {
  return textOf(parameters, name) as Choice;
}

export function flagOf(parameters: Parameters, name: string): boolean {
  const value = parameters[name];
  if (typeof value === "boolean") return value;
  throw invalidParameter(name, value, "true or false");
}

/** @throws ARGUMENT_INVALID when it is empty */
export function symbolOf(parameters: Parameters, name = "symbol"): string {
  const symbol = textOf(parameters, name);
  if (symbol !== "") return symbol;
  throw invalidParameter(name, symbol, "a symbol such as HPG");
}

export function symbolsOf(parameters: Parameters, name = "symbols"): readonly string[] {
  const value = parameters[name];
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value as readonly string[];
  throw invalidParameter(name, value, "a list of symbols");
}

/** @throws INTERVAL_INVALID */
export function intervalOf(parameters: Parameters): CandleInterval {
  return candleInterval(textOf(parameters, "interval"));
}

/** The parts of a text between commas, without the blanks around them and without empty ones. */
export function listOf(parameters: Parameters, name: string): readonly string[] {
  return textOf(parameters, name)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
