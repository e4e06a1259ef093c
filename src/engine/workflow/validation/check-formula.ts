import { compileExpression, type ExpressionProblem } from "../expression/compile-expression.js";
import { compileTemplate } from "../expression/template.js";
import type { ParameterSpec } from "../node-type.js";
import { report } from "./examination.js";
import { type GivenParameter, subjectOf } from "./given-parameter.js";

/** Whether formulas can be read, know their names, and find something connected to the ports that they name. */
export function checkFormula(
  given: GivenParameter,
  spec: ParameterSpec & { readonly kind: "expression" | "template" },
  source: string,
): void {
  const names = given.names.of(spec.names, given.isInLoop);
  if (spec.kind === "template") {
    const compiled = compileTemplate(source, names);
    if (!compiled.isValid) refuseFormula(given, compiled.problems);
    requireInputs(given, compiled.names);
    return;
  }
  const compiled = compileExpression(source, names);
  if (!compiled.isValid) refuseFormula(given, compiled.problems);
  requireInputs(given, compiled.isValid ? compiled.expression.names : compiled.names);
}

function refuseFormula(given: GivenParameter, problems: readonly ExpressionProblem[]): void {
  for (const { code, message } of problems) {
    report(given.examination, code, `${subjectOf(given)}: ${message}`, { nodeIds: [given.node.id] });
  }
}

/** A name that is also a port has the value that comes there. */
function requireInputs(given: GivenParameter, names: readonly string[]): void {
  const { examination, node, index, inputUse } = given;
  for (const name of names) {
    const input = examination.facts[index]!.inputIndexOf.get(name);
    if (input === undefined || inputUse.edgesAt(index, input) > 0) continue;
    const message = `${subjectOf(given)} names ${name}, to which nothing is connected (accepted: an edge to ${name})`;
    report(examination, "INPUT_MISSING", message, { nodeIds: [node.id] });
  }
}
