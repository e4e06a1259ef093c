import { epochMs } from "../../../../src/engine/units/epoch-ms.js";
import { checkStepResult } from "../../../../src/engine/workflow/execution/step-result-check.js";
import type { JsonValue } from "../../../../src/engine/workflow/json-value.js";
import { NODE_CATALOGUE } from "../../../../src/engine/workflow/node-catalogue.js";
import {
  type Inputs,
  implementationKey,
  type StepContext,
  type StepResult,
} from "../../../../src/engine/workflow/node-handler.js";
import { NODE_IMPLEMENTATIONS } from "../../../../src/engine/workflow/node-implementations.js";
import type { NodeServices } from "../../../../src/engine/workflow/node-services.js";
import type {
  PortValue,
  PortValueOf,
  SeriesValue,
  SignalValue,
  TableCell,
  TableValue,
} from "../../../../src/engine/workflow/port-value.js";
import type {
  IdempotencyKey,
  NodeId,
  RunId,
  TriggerInstance,
  WorkflowId,
} from "../../../../src/engine/workflow/workflow-ids.js";

/** 2024-06-28, a Friday, 15:00 in Ho Chi Minh City. */
export const AS_OF_MS = epochMs(Date.UTC(2024, 5, 28, 8));
const DAY_MS = 86_400_000;

type Value = PortValue | readonly PortValue[];

export interface NodeRun extends Partial<Omit<StepContext, "services" | "node">> {
  readonly inputs?: Readonly<Record<string, Value>>;
  readonly services?: Partial<NodeServices>;
  readonly pruned?: Readonly<Record<string, number>>;
  readonly isPreview?: boolean;
}

/** Runs a node by itself, with the defaults of its parameters, and checks its outputs against its ports. */
export async function runNode(
  id: string,
  parameters: Readonly<Record<string, JsonValue>> = {},
  { inputs = {}, services = {}, pruned = {}, isPreview = false, ...context }: NodeRun = {},
): Promise<StepResult> {
  const type = NODE_CATALOGUE.find(id, 1)!;
  const implementation = NODE_IMPLEMENTATIONS.get(implementationKey(id, 1))!;
  const handler = isPreview ? implementation.preview! : implementation.run;
  const defaults = type.parameters.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]]));
  const node = { id: "node" as NodeId, type: id, position: { x: 0, y: 0 }, data: { version: 1, parameters } };
  const result = await handler({ ...Object.fromEntries(defaults), ...parameters }, inputsOf(inputs), {
    runId: "run" as RunId,
    workflowId: "workflow" as WorkflowId,
    node,
    mode: isPreview ? "dry-run" : "live",
    trigger: { kind: "cron", instance: "cron:1" as TriggerInstance, firedAtMs: AS_OF_MS, payload: null },
    asOfMs: AS_OF_MS,
    random: () => 0.5,
    signal: new AbortController().signal,
    idempotencyKey: "key" as IdempotencyKey,
    riskProfile: "default",
    variables: {},
    prunedInputs: (port) => pruned[port] ?? 0,
    services: services as NodeServices,
    ...context,
  });
  return checkStepResult(result, type);
}

/** The outputs of a node that has no effect on anything else, each without its type. */
export async function outputsOf(...run: Parameters<typeof runNode>): Promise<Readonly<Record<string, unknown>>> {
  const { outputs } = await runNode(...run);
  return Object.fromEntries(Object.entries(outputs).map(([port, { value }]) => [port, value]));
}

function inputsOf(values: Readonly<Record<string, Value>>): Inputs {
  const from = "before" as NodeId;
  return Object.fromEntries(
    Object.entries(values).map(([port, given]) => {
      const all = Array.isArray(given) ? (given as readonly PortValue[]) : [given as PortValue];
      return [port, all.map((value) => ({ from, value }))];
    }),
  );
}

export const number = (value: number): PortValue => ({ type: "number", value });
export const boolean = (value: boolean): PortValue => ({ type: "boolean", value });
export const text = (value: string): PortValue => ({ type: "text", value });
export const signal = (value: Partial<SignalValue> = {}): PortValue => ({
  type: "signal",
  value: { isActive: true, reason: "because", ...value },
});

/** Daily values, the last of them at 00:00 of the as-of date. */
export function series(values: readonly number[], more: Partial<SeriesValue> = {}): PortValueOf<"series"> {
  const last = AS_OF_MS - 15 * 3_600_000;
  const timesMs = Float64Array.from(values, (_, row) => last - (values.length - 1 - row) * DAY_MS);
  return { type: "series", value: { timesMs, values: Float64Array.from(values), ...more } };
}

/** A table from its rows; the first names the columns. */
export function table(header: readonly string[], ...rows: readonly (readonly TableCell[])[]): PortValueOf<"table"> {
  const columns = header.map((name, place) => ({ name, cells: rows.map((row) => row[place]!) }));
  return { type: "table", value: { columns, rowCount: rows.length } };
}

/** A table as its header and rows, to compare with. */
export function rowsOf(value: unknown): readonly (readonly TableCell[])[] {
  const { columns, rowCount } = value as TableValue;
  const rows = Array.from({ length: rowCount }, (_, row) => columns.map(({ cells }) => cells[row]!));
  return [columns.map(({ name }) => name), ...rows];
}

export const valuesOf = (value: unknown): number[] => [...(value as SeriesValue).values];
