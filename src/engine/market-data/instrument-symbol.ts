import { WorkbenchError } from "../errors.js";
import type { Branded } from "../units/branded.js";

/** The name under which an instrument is stored and looked up, such as `HPG`, `VNINDEX` or `DCE.I`. */
export type InstrumentSymbol = Branded<string, "InstrumentSymbol">;

/** 1 to 32 of A–Z, 0–9, `.`, `-`, `_`, `^`, `=`, beginning with a letter, digit or `^`. */
export const SYMBOL_PATTERN = /^[A-Z0-9^][A-Z0-9.\-_^=]{0,31}$/;

/** @throws SYMBOL_INVALID */
export function instrumentSymbol(value: string): InstrumentSymbol {
  if (SYMBOL_PATTERN.test(value)) return value as InstrumentSymbol;
  throw new WorkbenchError(
    "SYMBOL_INVALID",
    `invalid symbol: ${JSON.stringify(value.slice(0, 40))} (accepted: 1 to 32 of A-Z 0-9 . - _ ^ =)`,
    { details: { value: value.slice(0, 40) } },
  );
}
