import { isTrue } from "../expression/expression-value.js";
import type { NodeImplementation } from "../node-handler.js";
import { lastCrossing } from "./crossing.js";
import { computed, formulaValuesAt } from "./step-formula.js";
import { invalidInput, numberAt, optionalNumberAt, seriesAt, valueAt } from "./step-inputs.js";
import { aBoolean, aSignal, gives } from "./step-outputs.js";
import { choiceOf, numberOf, textOf } from "./step-parameters.js";

const PORTS = ["a", "b", "c", "d"];

/** Of the size of the numbers, or of 1 for small ones. */
const RELATIVE_TOLERANCE = 1e-9;

function areEqual(a: number, b: number): boolean {
  return Math.abs(a - b) <= RELATIVE_TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
}

const COMPARISONS = {
  ">": (a: number, b: number) => a > b && !areEqual(a, b),
  ">=": (a: number, b: number) => a > b || areEqual(a, b),
  "<": (a: number, b: number) => a < b && !areEqual(a, b),
  "<=": (a: number, b: number) => a < b || areEqual(a, b),
  "=": areEqual,
  "!=": (a: number, b: number) => !Number.isNaN(a) && !Number.isNaN(b) && !areEqual(a, b),
} as const;

function crossing(direction: "over" | "under"): NodeImplementation {
  return {
    run(parameters, inputs) {
      const a = seriesAt(inputs, "a");
      const other = valueAt(inputs, "b");
      if (other !== undefined && other.type !== "number" && other.type !== "series") {
        throw invalidInput("b", `a ${other.type}`, "series or number");
      }
      const b =
        other === undefined
          ? numberOf(parameters, "level")
          : other.type === "series"
            ? seriesAt(inputs, "b")
            : other.value;
      const found = lastCrossing(a, b);
      const isActive = found.kind === direction;
      const subject = a.symbol ?? "it";
      const reason =
        found.kind === "undefined" ? found.reason : `${subject} ${isActive ? "crossed" : "did not cross"} ${direction}`;
      const about = a.symbol === undefined ? {} : { symbol: a.symbol };
      return gives({ signal: aSignal({ isActive, side: direction === "over" ? "buy" : "sell", ...about, reason }) });
    },
  };
}

export const COMPARISON_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "logic.compare": {
    run(parameters, inputs) {
      const a = numberAt(inputs, "a");
      const b = optionalNumberAt(inputs, "b") ?? numberOf(parameters, "b");
      const comparison = choiceOf<keyof typeof COMPARISONS>(parameters, "comparison");
      return gives({ result: aBoolean(COMPARISONS[comparison](a, b)) }, { note: `${a} ${comparison} ${b}` });
    },
  },
  "logic.between": {
    run(parameters, inputs) {
      const value = numberAt(inputs, "value");
      const low = optionalNumberAt(inputs, "low") ?? numberOf(parameters, "low");
      const high = optionalNumberAt(inputs, "high") ?? numberOf(parameters, "high");
      return gives({ result: aBoolean(low <= value && value <= high) }, { note: `${value} in ${low} to ${high}` });
    },
  },
  "logic.condition": {
    run(parameters, inputs, context) {
      const result = computed(textOf(parameters, "condition"), formulaValuesAt(inputs, PORTS), context);
      return gives({ result: aBoolean(isTrue(result)) });
    },
  },
  "logic.cross-over": crossing("over"),
  "logic.cross-under": crossing("under"),
};
