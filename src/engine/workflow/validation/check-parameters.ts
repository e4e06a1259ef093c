import type { ParameterSpec } from "../node-type.js";
import type { WorkflowNode } from "../workflow-definition.js";
import type { InputUse } from "./check-edges.js";
import { checkValue } from "./check-value.js";
import { type Examination, report, shown } from "./examination.js";
import { FormulaNames } from "./formula-names.js";
import { isSameJson } from "./same-json.js";
import type { TypeFacts } from "./type-facts.js";

/** Every parameter there that must be, none that is unknown, and each as its specification wants it. */
export function checkParameters(examination: Examination, inputUse: InputUse): void {
  const { definition, graph, facts } = examination;
  const names = new FormulaNames(Object.keys(definition.settings.variables));
  for (let i = 0; i < facts.length; i++) {
    const type = facts[i];
    if (!type) continue;
    const node = definition.nodes[i]!;
    const given = node.data.parameters;
    let known = 0;
    for (const spec of type.type.parameters) {
      const isGiven = Object.hasOwn(given, spec.name);
      if (isGiven) known++;
      const value = isGiven ? given[spec.name]! : undefined;
      if (value === undefined || (value === "" && spec.default === undefined)) checkAbsence(examination, node, spec);
      else if (spec.default === undefined || !isSameJson(value, spec.default)) {
        checkValue({ examination, node, index: i, spec, value, isInLoop: graph.loopOf[i]! >= 0, names, inputUse });
      }
    }
    if (Object.keys(given).length > known) reportUnknown(examination, node, type);
    checkRetry(examination, node, type);
  }
}

function checkAbsence(
  examination: Examination,
  { id }: WorkflowNode,
  { name, default: byDefault, help }: ParameterSpec,
) {
  if (byDefault !== undefined) return;
  report(examination, "PARAMETER_MISSING", `node ${id}: parameter ${name} is not set (accepted: ${help})`, {
    nodeIds: [id],
  });
}

function reportUnknown(examination: Examination, { id, data }: WorkflowNode, { type, parameters }: TypeFacts): void {
  const accepted = parameters.size === 0 ? `${type.id} has none` : `accepted: ${[...parameters.keys()].join(", ")}`;
  for (const name of Object.keys(data.parameters)) {
    if (parameters.has(name)) continue;
    report(examination, "PARAMETER_UNKNOWN", `node ${id}: parameter ${shown(name)} (${accepted})`, { nodeIds: [id] });
  }
}

/** What may happen twice when it is repeated must not be. */
function checkRetry(examination: Examination, { id, data }: WorkflowNode, { type }: TypeFacts): void {
  if (type.effect !== "unkeyed" || data.retry === undefined || data.retry.attempts === 1) return;
  const reason = `${type.id} may take effect twice`;
  report(
    examination,
    "PARAMETER_INVALID",
    `node ${id}: retry.attempts: ${data.retry.attempts}: ${reason} (accepted: 1)`,
    {
      nodeIds: [id],
    },
  );
}
