import { WorkbenchError } from "../../errors.js";
import type { StepResult } from "../node-handler.js";
import type { NodeType } from "../node-type.js";
import type { PortValue, TableCell } from "../port-value.js";
import type { Outputs } from "../run-event.js";
import { LOOP_TYPE } from "../workflow-graph.js";
import { portValueProblem } from "./port-value-problem.js";

/** All outputs of one step. */
export const MOST_OUTPUT_BYTES = 32 * 1024 * 1024;
/** Of one table: room for a column per listed symbol. */
const MOST_COLUMNS = 2_000;

/** What a handler gave. @throws WORKFLOW_OUTPUT_INVALID, WORKFLOW_OUTPUT_TOO_LARGE */
export function checkStepResult(result: unknown, type: NodeType): StepResult {
  const { outputs, items } = (result ?? {}) as Partial<StepResult>;
  if (typeof outputs !== "object" || outputs === null) throw invalid(type, "gave no outputs");
  checkOutputs(outputs, type);
  if (type.id === LOOP_TYPE && !(Array.isArray(items) && items.every((item) => typeof item === "string"))) {
    throw invalid(type, "gave no items");
  }
  return result as StepResult;
}

/**
 * @throws WORKFLOW_OUTPUT_INVALID for what does not fit the ports of the type
 * @throws WORKFLOW_OUTPUT_TOO_LARGE above 32 MiB, or for a table of more than 2,000 columns
 */
export function checkOutputs(outputs: Outputs, type: NodeType): void {
  let bytes = 0;
  for (const port in outputs) {
    const known = type.outputs.find(({ name }) => name === port);
    if (!known) throw invalid(type, `gave an output ${port} that it does not have`);
    const value = outputs[port];
    if (value === undefined) continue;
    const problem = portValueProblem(value, known.type);
    if (problem !== undefined) throw invalid(type, `gave an output ${port} that ${problem}`);
    if (value.type === "table" && value.value.columns.length > MOST_COLUMNS) {
      throw tooLarge(`a table ${port} of ${value.value.columns.length} columns (accepted: at most ${MOST_COLUMNS})`);
    }
    bytes += portValueBytes(value);
  }
  if (bytes > MOST_OUTPUT_BYTES) {
    const size = Math.ceil(bytes / 1024 / 1024);
    throw tooLarge(`outputs of ${size} MiB (accepted: at most 32 MiB)`);
  }
}

/** What a value takes in memory, about: 8 bytes a number, 2 a character. */
export function portValueBytes({ type, value }: PortValue): number {
  switch (type) {
    case "number":
    case "boolean":
      return 8;
    case "text":
      return 2 * value.length;
    case "signal":
      return 64 + 2 * value.reason.length;
    case "series":
      return value.timesMs.byteLength + value.values.byteLength;
    case "order":
      return 512 * value.length;
    case "table": {
      let bytes = 0;
      for (const { cells } of value.columns) for (const cell of cells) bytes += cellBytes(cell);
      return bytes;
    }
  }
}

function cellBytes(cell: TableCell): number {
  return typeof cell === "string" ? 8 + 2 * cell.length : 8;
}

function tooLarge(what: string): WorkbenchError {
  return new WorkbenchError("WORKFLOW_OUTPUT_TOO_LARGE", what);
}

function invalid({ id }: NodeType, problem: string): WorkbenchError {
  return new WorkbenchError("WORKFLOW_OUTPUT_INVALID", `invalid output: ${id} ${problem}`);
}
