import type { ExpressionFunction } from "./expression-function.js";
import { NUMBER_FUNCTIONS } from "./number-functions.js";
import { SERIES_FUNCTIONS } from "./series-functions.js";
import { TEXT_FUNCTIONS } from "./text-functions.js";

/** Everything that a formula can call, by name. docs/workflows.md lists them; a test keeps both equal. */
export const EXPRESSION_FUNCTIONS: ReadonlyMap<string, ExpressionFunction> = new Map(
  [...NUMBER_FUNCTIONS, ...SERIES_FUNCTIONS, ...TEXT_FUNCTIONS].map((described) => [described.name, described]),
);
