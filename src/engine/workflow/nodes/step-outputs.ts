import type { OrderReport } from "../../trading/order.js";
import type { StepResult } from "../node-handler.js";
import type { PortValue, SeriesValue, SignalValue, TableValue } from "../port-value.js";

/** The result of a step; an output that is undefined is inactive. */
export function gives(
  outputs: Readonly<Record<string, PortValue | undefined>>,
  rest: Omit<StepResult, "outputs"> = {},
): StepResult {
  const active = Object.entries(outputs).filter((entry): entry is [string, PortValue] => entry[1] !== undefined);
  return { outputs: Object.fromEntries(active), ...rest };
}

/** A number that is not finite is no value: the output stays inactive. */
export function aNumber(value: number | undefined): PortValue | undefined {
  return value !== undefined && Number.isFinite(value) ? { type: "number", value } : undefined;
}

export function aBoolean(value: boolean): PortValue {
  return { type: "boolean", value };
}

export function aText(value: string): PortValue {
  return { type: "text", value };
}

export function aSeries(value: SeriesValue): PortValue {
  return { type: "series", value };
}

export function aTable(value: TableValue): PortValue {
  return { type: "table", value };
}

export function orders(value: readonly OrderReport[]): PortValue {
  return { type: "order", value };
}

export function aSignal(value: SignalValue): PortValue {
  return { type: "signal", value };
}

/** An active signal that says why. */
export function activeSignal(reason: string): PortValue {
  return aSignal({ isActive: true, reason });
}
