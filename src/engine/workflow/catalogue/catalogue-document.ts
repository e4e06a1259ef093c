import { type InputPort, NODE_CATEGORIES, type NodeCategory, type NodeType, type ParameterSpec } from "../node-type.js";

const CATEGORY_TITLES: Readonly<Record<NodeCategory, string>> = {
  trigger: "Triggers",
  data: "Data",
  transform: "Transforms",
  loop: "Loops",
  logic: "Logic",
  model: "Models",
  portfolio: "Portfolio",
  action: "Actions",
};

const INTRODUCTION = `# Nodes of workflows

Every node type that a workflow can use, with its ports and parameters. The text comes from the catalogue in
\`src/engine/workflow/catalogue\`; after a change there, write this file again:

\`\`\`sh
npx vitest run --project unit test/engine/workflow/catalogue --update
\`\`\`

A port's type is one of \`number\`, \`series\` (one number per instant), \`boolean\`, \`signal\` (a boolean that may say what
to trade and why), \`table\`, \`order\` (what became of orders) and \`text\`. Signals and booleans stand in for each other;
nothing else is converted. Every node but a trigger also has the input \`run\`: false, or an inactive signal, prunes the
node. An output without a value is inactive, and prunes what needs it.

**Optional** inputs may stay unconnected; once connected, the node is pruned when they get no value. **Many** edges may end
at some inputs; a node that **waits for all** runs once when every edge is settled, even if all were pruned, and sees how
many were. In symbols, texts and templates \`$item\` is the symbol of the loop around a node; formulas call it \`item\`,
and variables \`vars.name\`.`;

/** The reference of node types, as docs/workflow-nodes.md has it. */
export function catalogueDocument(types: readonly NodeType[]): string {
  const sections = NODE_CATEGORIES.map((category) => {
    const entries = types.filter((type) => type.category === category).map(typeSection);
    return [`## ${CATEGORY_TITLES[category]}`, ...entries].join("\n\n");
  });
  return `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
}

function typeSection(type: NodeType): string {
  const { id, label, summary, details, inputs, outputs, parameters } = type;
  const tables = [
    inputs.length === 0 ? "" : table(["input", "takes", "what it is"], inputs.map(inputRow)),
    outputs.length === 0
      ? ""
      : table(
          ["output", "type", "what it is"],
          outputs.map((port) => [code(port.name), port.type, port.help]),
        ),
    parameters.length === 0
      ? ""
      : table(["parameter", "accepts", "default", "what it is"], parameters.map(parameterRow)),
  ];
  return [`### ${label}`, `\`${id}\`. ${summary} ${details}${traits(type)}`, ...tables].filter(Boolean).join("\n\n");
}

function traits({ isDeterministic, permission, effect, version }: NodeType): string {
  const told = [
    version > 1 ? `version ${version}` : "",
    isDeterministic ? "" : "not deterministic",
    permission === undefined ? "" : `needs the permission \`${permission}\``,
    effect === "keyed" ? "has an effect, once per key" : "",
    effect === "unkeyed" ? "has an effect that is never repeated" : "",
  ].filter(Boolean);
  return told.length === 0 ? "" : ` (${told.join("; ")})`;
}

function inputRow({ name, accepts, isRequired, takesMany, whenPruned, help }: InputPort): string[] {
  const traits = [
    isRequired ? "" : "optional",
    takesMany ? "many" : "",
    whenPruned === "absent" ? "waits for all" : "",
  ];
  return [code(name), [accepts.join(" or "), ...traits].filter(Boolean).join(", "), help];
}

function parameterRow(spec: ParameterSpec): string[] {
  const { name, help, unit, default: byDefault } = spec;
  const written = typeof byDefault === "string" ? byDefault : JSON.stringify(byDefault);
  const shown = byDefault === undefined ? "required" : written === "" || written === "[]" ? "none" : code(written!);
  return [code(name), [accepted(spec), unit].filter(Boolean).join(", "), shown, help];
}

function accepted(spec: ParameterSpec): string {
  switch (spec.kind) {
    case "number":
    case "integer":
      return `${spec.kind} from ${spec.min.toLocaleString("en-US")} to ${spec.max.toLocaleString("en-US")}`;
    case "choice":
      return spec.choices.map(code).join(", ");
    case "symbols":
      return `at most ${spec.maxItems} symbols`;
    case "expression":
    case "template":
      return spec.names.length === 0 ? spec.kind : `${spec.kind} over ${spec.names.join(", ")}`;
    default:
      return spec.kind;
  }
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
