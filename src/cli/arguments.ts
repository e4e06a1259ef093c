import { InvalidArgumentError } from "commander";
import { isWorkbenchError, WorkbenchError } from "../engine/errors.js";
import { candleInterval } from "../engine/market-data/candle-interval.js";
import { type InstrumentSymbol, instrumentSymbol } from "../engine/market-data/instrument-symbol.js";
import { type TradingDate, tradingDate } from "../engine/units/trading-date.js";

/** Makes a parser of the engine a parser of commander, whose message names the option. */
function parserOf<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw isWorkbenchError(error) ? new InvalidArgumentError(error.message) : error;
    }
  };
}

export const parseDate = parserOf<TradingDate>(tradingDate);
export const parseSymbol = parserOf<InstrumentSymbol>((text) => instrumentSymbol(text.toUpperCase()));
export const parseInterval = parserOf(candleInterval);

export function parseInteger({ min, max }: { min: number; max: number }): (text: string) => number {
  return parserOf((text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new WorkbenchError("ARGUMENT_INVALID", `invalid value: ${text} (accepted: an integer from ${min} to ${max})`);
  });
}

export function parseNumber({ min, max }: { min: number; max: number }): (text: string) => number {
  return parserOf((text) => {
    const value = Number(text);
    if (text.trim() !== "" && value >= min && value <= max) return value;
    throw new WorkbenchError("ARGUMENT_INVALID", `invalid value: ${text} (accepted: a number from ${min} to ${max})`);
  });
}

export const parseDelimiter = parserOf((text) => {
  if (text.length === 1 && text > "\0" && text < "\x80") return text;
  throw new WorkbenchError("ARGUMENT_INVALID", `invalid value: ${text} (accepted: one ASCII character, such as ;)`);
});

export function parseChoice<const T extends string>(choices: readonly T[]): (text: string) => T {
  return parserOf((text) => {
    if ((choices as readonly string[]).includes(text)) return text as T;
    throw new WorkbenchError("ARGUMENT_INVALID", `invalid value: ${text} (accepted: ${choices.join(", ")})`);
  });
}
