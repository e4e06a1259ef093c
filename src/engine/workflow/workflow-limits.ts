/** How large a workflow may be. */
export const WORKFLOW_LIMITS = {
  nodes: 20_000,
  edges: 100_000,
  variables: 1_000,
  /** Lists and objects within each other, from the definition itself on. */
  depth: 32,
  /** Texts, numbers, truths, nulls, lists and objects in all. */
  values: 2_000_000,
  /** Characters of all texts and keys together. */
  characters: 16_000_000,
} as const;

/** What a variable may be called, so that formulas can say `vars.name`. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,59}$/;
