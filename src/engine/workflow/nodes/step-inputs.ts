import { WorkbenchError } from "../../errors.js";
import type { OrderReport } from "../../trading/order.js";
import type { Inputs } from "../node-handler.js";
import type { PortType, PortValue, PortValueOf, SeriesValue, SignalValue, TableValue } from "../port-value.js";

/** The failure of a step whose input is not what its node takes. */
export function invalidInput(port: string, problem: string, accepted: string): WorkbenchError {
  return new WorkbenchError("ARGUMENT_INVALID", `invalid input ${port}: ${problem} (accepted: ${accepted})`, {
    details: { port },
  });
}

/** The value at a port, the first one where several edges end; undefined when none came. */
export function valueAt(inputs: Inputs, port: string): PortValue | undefined {
  return inputs[port]?.[0]?.value;
}

export function numberAt(inputs: Inputs, port: string): number {
  return required(inputs, port, "number").value;
}

export function optionalNumberAt(inputs: Inputs, port: string): number | undefined {
  return optional(inputs, port, "number")?.value;
}

export function textAt(inputs: Inputs, port: string): string {
  return required(inputs, port, "text").value;
}

/** @throws ARGUMENT_INVALID for another type, or for columns of unequal length */
export function seriesAt(inputs: Inputs, port: string): SeriesValue {
  const { value } = required(inputs, port, "series");
  if (value.timesMs.length === value.values.length) return value;
  throw invalidInput(port, `${value.timesMs.length} times and ${value.values.length} values`, "as many of both");
}

export function tableAt(inputs: Inputs, port: string): TableValue {
  return required(inputs, port, "table").value;
}

export function optionalTableAt(inputs: Inputs, port: string): TableValue | undefined {
  return optional(inputs, port, "table")?.value;
}

export function ordersAt(inputs: Inputs, port: string): readonly OrderReport[] {
  return required(inputs, port, "order").value;
}

/** A boolean counts as a signal that says no more than yes or no. */
export function signalAt(inputs: Inputs, port: string): SignalValue {
  return signalOf(valueAt(inputs, port), port);
}

export function signalOf(value: PortValue | undefined, port: string): SignalValue {
  if (value?.type === "signal") return value.value;
  if (value?.type === "boolean") return { isActive: value.value, reason: value.value ? "true" : "false" };
  throw wrongType(port, value, "signal or boolean");
}

function required<Type extends PortType>(inputs: Inputs, port: string, type: Type): PortValueOf<Type> {
  const value = optional(inputs, port, type);
  if (value) return value;
  throw wrongType(port, undefined, type);
}

function optional<Type extends PortType>(inputs: Inputs, port: string, type: Type): PortValueOf<Type> | undefined {
  const value = valueAt(inputs, port);
  if (value === undefined || value.type === type) return value as PortValueOf<Type> | undefined;
  throw wrongType(port, value, type);
}

function wrongType(port: string, value: PortValue | undefined, accepted: string): WorkbenchError {
  return invalidInput(port, value ? `a ${value.type}` : "no value", accepted);
}
