import { type InputPort, type NodeType, type OutputPort, type ParameterSpec, RUN_PORT } from "../node-type.js";

/** A node type arranged for being asked about every node and edge of a graph. */
export interface TypeFacts {
  readonly type: NodeType;
  readonly isTrigger: boolean;
  /** With `run`, unless it is a trigger. */
  readonly inputs: readonly InputPort[];
  readonly inputIndexOf: ReadonlyMap<string, number>;
  readonly outputs: ReadonlyMap<string, OutputPort>;
  readonly parameters: ReadonlyMap<string, ParameterSpec>;
  /** Places in `inputs` of the ports that an edge must end at. */
  readonly required: readonly number[];
}

const FACTS = new WeakMap<NodeType, TypeFacts>();

export function factsOf(type: NodeType): TypeFacts {
  const known = FACTS.get(type);
  if (known) return known;
  const isTrigger = type.category === "trigger";
  const inputs = isTrigger ? type.inputs : [...type.inputs, RUN_PORT];
  const facts: TypeFacts = {
    type,
    isTrigger,
    inputs,
    inputIndexOf: new Map(inputs.map(({ name }, i) => [name, i])),
    outputs: new Map(type.outputs.map((port) => [port.name, port])),
    parameters: new Map(type.parameters.map((spec) => [spec.name, spec])),
    required: inputs.flatMap(({ isRequired }, i) => (isRequired ? [i] : [])),
  };
  FACTS.set(type, facts);
  return facts;
}
