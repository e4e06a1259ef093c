/** What formulas may name: the names of a parameter, the workflow's variables and, within a loop, its item. */
export class FormulaNames {
  readonly #variables: readonly string[];
  readonly #inLoops = new Map<readonly string[], ReadonlySet<string>>();
  readonly #outside = new Map<readonly string[], ReadonlySet<string>>();

  constructor(variables: readonly string[]) {
    this.#variables = variables.map((name) => `vars.${name}`);
  }

  of(names: readonly string[], isInLoop: boolean): ReadonlySet<string> {
    const known = isInLoop ? this.#inLoops : this.#outside;
    const before = known.get(names);
    if (before) return before;
    const all = new Set([...names, ...(isInLoop ? ["item"] : []), ...this.#variables]);
    known.set(names, all);
    return all;
  }
}
