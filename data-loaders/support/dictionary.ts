/** Texts as codes into their distinct values, in the order of their first appearance. */
export function dictionaryOf(values: readonly string[]): {
  readonly dictionary: readonly string[];
  readonly codes: Int32Array;
} {
  const codeOf = new Map<string, number>();
  const codes = Int32Array.from(values, (value) => {
    const code = codeOf.get(value) ?? codeOf.size;
    codeOf.set(value, code);
    return code;
  });
  return { dictionary: [...codeOf.keys()], codes };
}
