import type { ExpressionScope } from "../expression/evaluate-expression.js";
import { type ExpressionValue, expressionFailed } from "../expression/expression-value.js";
import { compileTemplate, fillTemplate, type Template } from "../expression/template.js";
import type { JsonValue } from "../json-value.js";
import type { Inputs, Parameters } from "../node-handler.js";
import type { PortValue } from "../port-value.js";
import type { WorkflowVariable } from "../workflow-definition.js";
import type { PlannedNode } from "../workflow-plan.js";

export interface ParameterFacts {
  readonly inputs: Inputs;
  readonly item: string | undefined;
  readonly variables: Readonly<Record<string, WorkflowVariable>>;
}

/** The parameters of one step. @throws EXPRESSION_FAILED for a formula of a template that cannot be computed */
export type ParameterResolver = (facts: ParameterFacts) => Parameters;

const ITEM = "$item";

/**
 * Prepares what of a node's parameters differs from step to step: `$item` in symbols and texts, and the formulas of
 * templates, which name the node's ports, `item`, and variables as `vars.name`. Formulas that are parameters of their
 * own are the handler's to evaluate.
 */
export function parameterResolver(
  { type, parameters }: PlannedNode,
  variables: Readonly<Record<string, WorkflowVariable>>,
): ParameterResolver {
  const changing: { readonly name: string; readonly resolve: (facts: ParameterFacts) => JsonValue }[] = [];
  for (const spec of type.parameters) {
    const value = parameters[spec.name];
    if (spec.kind === "template" && typeof value === "string" && value.includes("{{")) {
      const template = compiled(spec.name, value, [...spec.names, "item", ...Object.keys(variables).map(variableName)]);
      changing.push({ name: spec.name, resolve: (facts) => filled(template, facts) });
    } else if (["symbol", "symbols", "text", "template"].includes(spec.kind) && mentionsItem(value)) {
      changing.push({ name: spec.name, resolve: ({ item }) => withItem(value!, item) });
    }
  }
  if (changing.length === 0) return () => parameters;
  return (facts) => {
    const resolved = { ...parameters };
    for (const { name, resolve } of changing) resolved[name] = resolve(facts);
    return resolved;
  };
}

function compiled(name: string, source: string, names: readonly string[]): Template {
  const result = compileTemplate(source, names);
  if (result.isValid) return result.template;
  throw expressionFailed(`${name}: ${result.problems[0]!.message}`);
}

function filled({ parts }: Template, facts: ParameterFacts): string {
  const { item } = facts;
  const named = parts.map((part) => (typeof part === "string" ? (withItem(part, item) as string) : part));
  return fillTemplate({ parts: named }, scopeOf(facts));
}

/** What formulas call the values at the ports: of several at one port the first, of a signal whether it is active. */
function scopeOf({ inputs, item, variables }: ParameterFacts): ExpressionScope {
  const scope = new Map<string, ExpressionValue>();
  for (const port in inputs) {
    const value = expressionValue(inputs[port]![0]!.value);
    if (value !== undefined) scope.set(port, value);
  }
  if (item !== undefined) scope.set("item", item);
  for (const name in variables) scope.set(variableName(name), variables[name]!);
  return scope;
}

function expressionValue({ type, value }: PortValue): ExpressionValue | undefined {
  switch (type) {
    case "number":
    case "boolean":
    case "text":
      return value;
    case "signal":
      return value.isActive;
    case "series":
      return value.values;
    default:
      return undefined;
  }
}

function variableName(name: string): string {
  return `vars.${name}`;
}

function mentionsItem(value: JsonValue | undefined): boolean {
  if (typeof value === "string") return value.includes(ITEM);
  return Array.isArray(value) && value.some(mentionsItem);
}

function withItem(value: JsonValue, item: string | undefined): JsonValue {
  if (item === undefined) return value;
  if (typeof value === "string") return value.replaceAll(ITEM, () => item);
  return Array.isArray(value) ? value.map((part: JsonValue) => withItem(part, item)) : value;
}
