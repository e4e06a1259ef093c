import type { JsonValue } from "../json-value.js";
import type { ParameterSpec } from "../node-type.js";
import type { WorkflowNode } from "../workflow-definition.js";
import type { InputUse } from "./check-edges.js";
import { type Examination, report, shown } from "./examination.js";
import type { FormulaNames } from "./formula-names.js";

/** A parameter that has a value of its own. */
export interface GivenParameter {
  readonly examination: Examination;
  readonly node: WorkflowNode;
  /** The place of the node. */
  readonly index: number;
  readonly spec: ParameterSpec;
  readonly value: JsonValue;
  readonly isInLoop: boolean;
  readonly names: FormulaNames;
  readonly inputUse: InputUse;
}

export function refuse(given: GivenParameter, accepted: string, value = given.value): void {
  report(given.examination, "PARAMETER_INVALID", `${subjectOf(given, value)} (accepted: ${accepted})`, {
    nodeIds: [given.node.id],
  });
}

/** `node n3: parameter count: 0`, the beginning of what is said about a value. */
export function subjectOf({ node, spec, value }: GivenParameter, wrong = value): string {
  return `node ${node.id}: parameter ${spec.name}: ${shown(wrong)}`;
}

export function count(number: number): string {
  return number.toLocaleString("en-US");
}
