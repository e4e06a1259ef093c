import type { JsonValue } from "./json-value.js";
import type { PortType } from "./port-value.js";

export const NODE_CATEGORIES = [
  "trigger",
  "data",
  "transform",
  "logic",
  "model",
  "portfolio",
  "action",
  "loop",
] as const;

export type NodeCategory = (typeof NODE_CATEGORIES)[number];

/** What a run's principal must be allowed to do for a node to work. */
export const WORKFLOW_PERMISSIONS = [
  "http:request",
  "files:read",
  "orders:write",
  "notifications:write",
  "incidents:write",
  "tables:write",
  "memory:write",
] as const;

export type WorkflowPermission = (typeof WORKFLOW_PERMISSIONS)[number];

/** A node of the catalogue, as data: canvas, validation, documentation and execution derive from it. */
export interface NodeType {
  /** Such as `data.candles`. */
  readonly id: string;
  /** From 1; raised when an older definition would mean something else. */
  readonly version: number;
  readonly category: NodeCategory;
  readonly label: string;
  /** One sentence. */
  readonly summary: string;
  /** What else a user must know: formula, source, degenerate cases. */
  readonly details: string;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  readonly parameters: readonly ParameterSpec[];
  /** Whether outputs follow from inputs, parameters, as-of time and seed alone. */
  readonly isDeterministic: boolean;
  readonly permission?: WorkflowPermission;
  /**
   * `none`: reads only, may be repeated. `keyed`: changes something outside, once per idempotency key, so may be
   * repeated, too. `unkeyed`: what it changes may change twice if repeated; it is never retried, and a run that was
   * cut off within it does not guess.
   */
  readonly effect: "none" | "keyed" | "unkeyed";
  /** Longest run of one attempt unless the node says otherwise, in ms. */
  readonly timeoutMs: number;
}

export interface InputPort {
  readonly name: string;
  readonly label: string;
  readonly accepts: readonly PortType[];
  /** Whether an edge must end here; `whenPruned` says what follows when the edges bring nothing. */
  readonly isRequired: boolean;
  /** Whether several edges may end here. */
  readonly takesMany: boolean;
  /** When edges bring no value at all, `prune` prunes the node; `absent` runs it, and it sees how many are missing. */
  readonly whenPruned: "prune" | "absent";
  readonly help: string;
}

/** An output without a value after a run is inactive: what needs it is pruned. */
export interface OutputPort {
  readonly name: string;
  readonly label: string;
  readonly type: PortType;
  readonly help: string;
}

/**
 * Every node but a trigger has this input beside its own. False, or an inactive signal, prunes the node with the reason
 * `condition-false`. With several edges, one that is true is enough.
 */
export const RUN_PORT: InputPort = {
  name: "run",
  label: "run",
  accepts: ["signal", "boolean"],
  isRequired: false,
  takesMany: true,
  whenPruned: "prune",
  help: "Runs the node when it comes; an inactive signal prunes it.",
};

interface ParameterBase {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  /** Used when the definition gives none. A parameter without a default is required. */
  readonly default?: JsonValue;
  /** Such as `candles`, `%`, `ms` or `VND`. */
  readonly unit?: string;
}

/** The schema of one parameter, from which forms and checks derive. */
export type ParameterSpec = ParameterBase &
  (
    | { readonly kind: "number" | "integer"; readonly min: number; readonly max: number }
    | { readonly kind: "boolean" }
    | { readonly kind: "text"; readonly maxLength: number; readonly pattern?: string }
    | { readonly kind: "choice"; readonly choices: readonly string[] }
    /** A symbol; `$item` within a loop is the loop's. */
    | { readonly kind: "symbol" }
    | { readonly kind: "symbols"; readonly maxItems: number }
    /** A formula of the expression language over these names and the workflow's variables. */
    | { readonly kind: "expression"; readonly names: readonly string[]; readonly maxLength: number }
    /** Text with `{{formula}}` in it, over these names and the workflow's variables. */
    | { readonly kind: "template"; readonly names: readonly string[]; readonly maxLength: number }
    | { readonly kind: "cron" }
    | { readonly kind: "url" }
    | { readonly kind: "sql"; readonly maxLength: number }
    /** The name of a workflow variable that the settings declare. */
    | { readonly kind: "variable" }
    | { readonly kind: "json"; readonly maxLength: number }
  );

/** Node types by id and version. */
export interface NodeCatalogue {
  readonly types: readonly NodeType[];
  /** The type at that version, or undefined. */
  find(id: string, version: number): NodeType | undefined;
  /** Versions known of an id, ascending; empty for an unknown id. */
  versions(id: string): readonly number[];
}
