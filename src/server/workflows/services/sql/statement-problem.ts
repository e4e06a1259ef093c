const READING = new Set([
  "select",
  "with",
  "from",
  "values",
  "describe",
  "show",
  "summarize",
  "table",
  "pivot",
  "unpivot",
  "(",
]);

/** A token of a statement: where it begins, and whether it is a comment. */
export interface StatementToken {
  readonly offset: number;
  readonly isComment: boolean;
}

/**
 * Why a text is not one statement that reads, in words; undefined when it may be one. What it names, and whether it can
 * be run, is for the database to say. `tokens` are the database's own, so that a semicolon within a text counts for none.
 */
export function statementProblem(sql: string, tokens: readonly StatementToken[]): string | undefined {
  const words = tokens.filter(({ isComment }) => !isComment);
  const [first] = words;
  if (first === undefined) return "it is empty";
  const word = /^(\(|\w+)/.exec(sql.slice(first.offset))?.[0] ?? sql.slice(first.offset, first.offset + 1);
  if (!READING.has(word.toLowerCase())) return `${word.toUpperCase().slice(0, 40)} does not read`;
  const semicolon = words.findIndex(({ offset }) => sql[offset] === ";");
  if (semicolon >= 0 && words.slice(semicolon).some(({ offset }) => sql[offset] !== ";")) {
    return "it holds more than one statement";
  }
  return undefined;
}

/** The statement without the semicolons that end it. */
export function withoutEnd(sql: string, tokens: readonly StatementToken[]): string {
  const semicolon = tokens.find(({ offset, isComment }) => !isComment && sql[offset] === ";");
  return semicolon === undefined ? sql : sql.slice(0, semicolon.offset);
}
