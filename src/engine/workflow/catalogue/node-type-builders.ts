import { CANDLE_INTERVALS } from "../../market-data/candle-interval.js";
import type { InputPort, NodeType, OutputPort, ParameterSpec } from "../node-type.js";
import type { PortType } from "../port-value.js";

type RequiredFields = "id" | "category" | "label" | "summary" | "details";

/** A node type of version 1 that reads only, is deterministic and ends within ten seconds, unless it says otherwise. */
export function nodeType(entry: Pick<NodeType, RequiredFields> & Partial<Omit<NodeType, RequiredFields>>): NodeType {
  return {
    version: 1,
    inputs: [],
    outputs: [],
    parameters: [],
    isDeterministic: true,
    effect: "none",
    timeoutMs: 10_000,
    ...entry,
  };
}

/** An input that an edge must end at; without a value the node is pruned, unless the input takes absence. */
export function input(
  name: string,
  accepts: PortType | readonly PortType[],
  help: string,
  options: Partial<Omit<InputPort, "name" | "accepts" | "help">> = {},
): InputPort {
  return {
    name,
    label: spaced(name),
    accepts: typeof accepts === "string" ? [accepts] : accepts,
    isRequired: true,
    takesMany: false,
    whenPruned: "prune",
    help,
    ...options,
  };
}

/** An input that may stay unconnected; one that is connected prunes its node when it gets no value. */
export function optionalInput(
  name: string,
  accepts: PortType | readonly PortType[],
  help: string,
  options: Partial<Omit<InputPort, "name" | "accepts" | "help">> = {},
): InputPort {
  return input(name, accepts, help, { isRequired: false, ...options });
}

export function output(name: string, type: PortType, help: string): OutputPort {
  return { name, label: spaced(name), type, help };
}

type SpecOf<Kind extends ParameterSpec["kind"], Spec = ParameterSpec> = Spec extends ParameterSpec
  ? Kind extends Spec["kind"]
    ? Spec
    : never
  : never;
type Rest<Kind extends ParameterSpec["kind"]> = Partial<Omit<SpecOf<Kind>, "name" | "help" | "kind">>;

export function integer(
  name: string,
  help: string,
  options: Rest<"integer"> & { readonly min: number; readonly max: number },
): ParameterSpec {
  return { kind: "integer", name, label: spaced(name), help, ...options };
}

export function decimal(
  name: string,
  help: string,
  options: Rest<"number"> & { readonly min: number; readonly max: number },
): ParameterSpec {
  return { kind: "number", name, label: spaced(name), help, ...options };
}

/** The first choice is the default. */
export function choice(name: string, help: string, choices: readonly [string, ...string[]]): ParameterSpec {
  return { kind: "choice", name, label: spaced(name), help, choices, default: choices[0] };
}

/** The length of a candle: a day unless another is chosen. */
export function candleLength(): ParameterSpec {
  return choice("interval", "The length of a candle.", ["1d", ...CANDLE_INTERVALS.filter((each) => each !== "1d")]);
}

/** Rows back from the latest that a window covers. */
export function windowOf(unit: string, byDefault: number, { min = 1 }: { min?: number } = {}): ParameterSpec {
  return integer("window", `How many ${unit} it looks back over.`, { min, max: 10_000, default: byDefault, unit });
}

export function flag(name: string, help: string, isOn: boolean): ParameterSpec {
  return { kind: "boolean", name, label: spaced(name), help, default: isOn };
}

export function text(name: string, help: string, options: Rest<"text"> = {}): ParameterSpec {
  return { kind: "text", name, label: spaced(name), help, maxLength: 200, ...options };
}

export function symbol(name: string, help: string, options: Rest<"symbol"> = {}): ParameterSpec {
  return { kind: "symbol", name, label: spaced(name), help, ...options };
}

export function symbols(name: string, help: string, options: Rest<"symbols"> = {}): ParameterSpec {
  return { kind: "symbols", name, label: spaced(name), help, maxItems: 500, ...options };
}

export function expression(
  name: string,
  help: string,
  options: Rest<"expression"> & { readonly names: readonly string[] },
): ParameterSpec {
  return { kind: "expression", name, label: spaced(name), help, maxLength: 500, ...options };
}

export function template(
  name: string,
  help: string,
  options: Rest<"template"> & { readonly names: readonly string[] },
): ParameterSpec {
  return { kind: "template", name, label: spaced(name), help, maxLength: 2_000, ...options };
}

export function variable(name: string, help: string): ParameterSpec {
  return { kind: "variable", name, label: spaced(name), help };
}

/** `slowWindow` reads `slow window`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
