import { WorkbenchError } from "../../errors.js";
import { numberOf as asNumber } from "../expression/expression-value.js";
import type { NodeImplementation, StepContext } from "../node-handler.js";
import type { WorkflowVariable } from "../workflow-definition.js";
import { computed, formulaValuesAt } from "./step-formula.js";
import { invalidInput, textAt, valueAt } from "./step-inputs.js";
import { aBoolean, activeSignal, aNumber, aText, gives } from "./step-outputs.js";
import { flagOf, listOf, numberOf, textOf } from "./step-parameters.js";

const PORTS = ["a", "b", "c", "d"];

function variableOf(name: string, { variables }: StepContext): WorkflowVariable {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value !== undefined) return value;
  const accepted = Object.keys(variables).join(", ") || "a variable that the settings declare";
  throw new WorkbenchError("ARGUMENT_INVALID", `invalid variable: ${name} (accepted: ${accepted})`, {
    details: { variable: name },
  });
}

export const VALUE_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "value.number": { run: (parameters) => gives({ value: aNumber(numberOf(parameters, "value")) }) },
  "value.text": { run: (parameters) => gives({ value: aText(textOf(parameters, "value")) }) },
  "value.boolean": { run: (parameters) => gives({ value: aBoolean(flagOf(parameters, "value")) }) },
  "value.formula": {
    run(parameters, inputs, context) {
      const result = computed(textOf(parameters, "formula"), formulaValuesAt(inputs, PORTS), context);
      const value = asNumber(result, "the node");
      return gives({ value: aNumber(value) }, Number.isFinite(value) ? {} : { note: "the result is no finite number" });
    },
  },
  "value.first": {
    run(_parameters, inputs) {
      for (const { value, from } of inputs.values ?? []) {
        if (value.type !== "number") throw invalidInput("values", `a ${value.type}`, "numbers");
        if (Number.isFinite(value.value)) return gives({ value }, { note: `from ${from}` });
      }
      return gives({}, { note: "none came" });
    },
  },
  "variable.get": {
    run(parameters, _inputs, context) {
      const value = variableOf(textOf(parameters, "variable"), context);
      if (typeof value === "number") return gives({ number: aNumber(value) });
      return gives(typeof value === "string" ? { text: aText(value) } : { boolean: aBoolean(value) });
    },
  },
  "variable.set": {
    run(parameters, inputs, context) {
      const name = textOf(parameters, "variable");
      const type = typeof variableOf(name, context);
      const value = valueAt(inputs, "value")?.value;
      if (
        (typeof value === "number" || typeof value === "string" || typeof value === "boolean") &&
        typeof value === type
      ) {
        return gives({ done: activeSignal(`${name} is ${value} in the next run`) }, { variables: { [name]: value } });
      }
      throw invalidInput("value", `a ${typeof value}`, `a ${type}, as the variable ${name} is`);
    },
  },
  "text.contains": {
    run(parameters, inputs) {
      const text = textAt(inputs, "text").normalize("NFC").toLocaleLowerCase("vi");
      const word = listOf(parameters, "words").find((each) =>
        text.includes(each.normalize("NFC").toLocaleLowerCase("vi")),
      );
      return gives({ result: aBoolean(word !== undefined), word: word === undefined ? undefined : aText(word) });
    },
  },
};
