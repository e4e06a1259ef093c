import type { Inputs, NodeImplementation } from "../node-handler.js";
import type { SignalValue } from "../port-value.js";
import { invalidInput, optionalNumberAt, signalAt, signalOf, valueAt } from "./step-inputs.js";
import { aBoolean, activeSignal, aSignal, gives } from "./step-outputs.js";
import { choiceOf, invalidParameter, listOf, symbolOf, textOf } from "./step-parameters.js";

const MOST_CASES = 4;

function signalsAt(inputs: Inputs, port: string): readonly SignalValue[] {
  return (inputs[port] ?? []).map(({ value }) => signalOf(value, port));
}

function isCase(value: number | string, text: string): boolean {
  if (typeof value === "number") return Number(text) === value;
  return value.trim().toLocaleLowerCase("vi") === text.toLocaleLowerCase("vi");
}

export const BRANCH_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "logic.and": {
    run(_parameters, inputs, { prunedInputs }) {
      const signals = signalsAt(inputs, "conditions");
      const missing = prunedInputs("conditions");
      const result = missing === 0 && signals.length > 0 && signals.every(({ isActive }) => isActive);
      return gives({ result: aBoolean(result) }, missing > 0 ? { note: `${missing} conditions were pruned` } : {});
    },
  },
  "logic.or": {
    run: (_parameters, inputs) =>
      gives({ result: aBoolean(signalsAt(inputs, "conditions").some(({ isActive }) => isActive)) }),
  },
  "logic.not": { run: (_parameters, inputs) => gives({ result: aBoolean(!signalAt(inputs, "condition").isActive) }) },
  "logic.if": {
    run(_parameters, inputs) {
      const { isActive, ...condition } = signalAt(inputs, "condition");
      const signal = aSignal({ ...condition, isActive: true });
      return gives(isActive ? { whenTrue: signal } : { whenFalse: signal }, { note: condition.reason });
    },
  },
  "logic.switch": {
    run(parameters, inputs) {
      const value = valueAt(inputs, "value");
      if (value?.type !== "text" && value?.type !== "number") {
        throw invalidInput("value", value ? `a ${value.type}` : "no value", "text or number");
      }
      const cases = listOf(parameters, "cases");
      if (cases.length === 0 || cases.length > MOST_CASES) {
        throw invalidParameter("cases", cases.join(", "), `1 to ${MOST_CASES} cases`);
      }
      const nth = cases.findIndex((text) => isCase(value.value, text));
      return gives({ [nth < 0 ? "other" : `case${nth + 1}`]: activeSignal(`${value.value}`) });
    },
  },
  "logic.signal": {
    run(parameters, inputs) {
      const condition = valueAt(inputs, "condition");
      const from = condition === undefined ? undefined : signalOf(condition, "condition");
      const strength = optionalNumberAt(inputs, "strength");
      const side = choiceOf<"buy" | "sell">(parameters, "side");
      const symbol = symbolOf(parameters);
      const isActive = from?.isActive ?? true;
      return gives({
        signal: aSignal({
          isActive,
          side,
          symbol,
          ...(strength === undefined || Number.isNaN(strength) ? {} : { strength: Math.min(1, Math.max(0, strength)) }),
          reason: textOf(parameters, "reason") || from?.reason || `${side} ${symbol}`,
        }),
      });
    },
  },
  "logic.merge": {
    run(_parameters, inputs) {
      const active = signalsAt(inputs, "signals").find(({ isActive }) => isActive);
      return active ? gives({ passed: aSignal(active) }) : gives({}, { note: "no branch is active" });
    },
  },
};
